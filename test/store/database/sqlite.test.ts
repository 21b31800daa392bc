import { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterEach, expect, test, vi } from 'vitest';
import type { Db } from '../../../packages/server/src/store/database/dialect.ts';
import { isBusy, openSqlite, sqliteDialect } from '../../../packages/server/src/store/database/sqlite.ts';
import { migrate } from '../../../packages/server/src/store/migrate.ts';
import { closing, temporaryFile } from '../open-temporary.ts';

afterEach(() => vi.restoreAllMocks());

async function open(file = temporaryFile()): Promise<{ file: string; write: Db; read: Db }> {
  const { write, read } = openSqlite(file);
  closing(write, (db) => db.destroy());
  closing(read, (db) => db.destroy());
  await migrate(write, sqliteDialect);
  return { file, write, read };
}

type Query = Parameters<Db['executeQuery']>[0];

async function ask(db: Db, text: string, ...parameters: unknown[]): Promise<Record<string, unknown>[]> {
  const query = { sql: text, parameters, query: { kind: 'RawNode' }, queryId: { queryId: text } } as unknown as Query;
  return (await db.executeQuery(query)).rows as Record<string, unknown>[];
}

const addScope = (db: Db, region: string): Promise<unknown> =>
  ask(db, "insert into scopes (account, region) values ('123456789012', ?)", region);
const regions = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('scopes').select('region').orderBy('id').execute()).map(({ region }) => region);
const pragma = async (db: Db, name: string): Promise<unknown> =>
  Object.values((await ask(db, `pragma ${name}`))[0] ?? {})[0];

test('a store has a write-ahead log, which SQLite does not wait for the disk with: see log-on-disk.test.ts', async () => {
  const { write } = await open();
  expect(await pragma(write, 'journal_mode')).toBe('wal');
  expect(await pragma(write, 'synchronous')).toBe(1);
});

test('where there can be no write-ahead log there is no store', () => {
  expect(() => openSqlite(':memory:')).toThrow(/write-ahead log does not work/);
});

test('reads see what is committed, and do not wait for a transaction that is open', async () => {
  const { write, read } = await open();
  await addScope(write, 'before');
  await write.transaction().execute(async (transaction) => {
    await addScope(transaction, 'inside');
    expect(await regions(transaction)).toEqual(['before', 'inside']);
    expect(await regions(read)).toEqual(['before']);
  });
  expect(await regions(read)).toEqual(['before', 'inside']);
});

test('transactions that are asked for at once follow one another', async () => {
  const { write, read } = await open();
  const order: string[] = [];
  const slow = (name: string) =>
    write.transaction().execute(async (transaction) => {
      order.push(`${name} begins`);
      await addScope(transaction, name);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
    });
  await Promise.all([slow('a'), slow('b'), addScope(write, 'alone')]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect((await regions(read)).sort()).toEqual(['a', 'alone', 'b']);
});

test('a transaction that throws leaves nothing behind, and the next one works', async () => {
  const { write, read } = await open();
  const broken = write.transaction().execute(async (transaction) => {
    await addScope(transaction, 'gone');
    throw new Error('after the first statement');
  });
  await expect(broken).rejects.toThrow('after the first statement');
  expect(await regions(read)).toEqual([]);
  await write.transaction().execute((transaction) => addScope(transaction, 'next'));
  expect(await regions(read)).toEqual(['next']);
});

test('a full disk is reported as that, not as a rollback of nothing, and writing goes on when there is room', async () => {
  const { write, read } = await open();
  const pages = Number(await pragma(write, 'page_count'));
  await pragma(write, `max_page_count = ${pages + 4}`);
  const fill = write.transaction().execute(async (transaction) => {
    for (let row = 0; row < 1000; row++) await addScope(transaction, `${row}`.padEnd(2000, 'x'));
  });
  await expect(fill).rejects.toThrow('database or disk is full');
  expect(await regions(read)).toEqual([]);
  await pragma(write, 'max_page_count = 1000000');
  await write.transaction().execute((transaction) => addScope(transaction, 'room'));
  expect(await regions(read)).toEqual(['room']);
});

test.each([
  ['an object', { a: 1 }],
  ['a list', [1]],
  ['a date', new Date(0)],
  ['a boolean', true],
  ['undefined', undefined],
])('%s is no query parameter: it is refused, not kept as NULL', async (_, value) => {
  const { write } = await open();
  const query = ask(write, 'select ? as value', value);
  await expect(query).rejects.toThrow(/A query parameter must be a number, text, bytes or null/);
});

test.each([null, 'a text', 1, 1.5, 12n, new Uint8Array([1, 2])])('%s comes back as it was', async (value) => {
  const { write } = await open();
  expect(await ask(write, 'select ? as value', value)).toEqual([
    { value: typeof value === 'bigint' ? Number(value) : value },
  ]);
});

test('a statement is prepared once, and the five hundred that were used last are kept', async () => {
  const { read } = await open();
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  for (let round = 0; round < 10; round++) await ask(read, 'select ? as value', round);
  expect(prepare).toHaveBeenCalledTimes(1);
  for (let other = 0; other < 499; other++) await ask(read, `select ${other} as other`);
  await ask(read, 'select ? as value', 0);
  expect(prepare).toHaveBeenCalledTimes(500);
  await ask(read, 'select 1000 as other');
  await ask(read, 'select 0 as other');
  expect(prepare).toHaveBeenCalledTimes(502);
});

test('rows can be taken one by one, and whoever leaves early holds up nobody', async () => {
  const { write, read } = await open();
  for (const region of ['a', 'b', 'c']) await addScope(write, region);
  const query = read.selectFrom('scopes').select('region').orderBy('id');
  const all = vi.spyOn(StatementSync.prototype, 'all');
  const seen: string[] = [];
  for await (const { region } of query.stream()) seen.push(region);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(all).not.toHaveBeenCalled();
  for await (const { region } of query.stream()) {
    seen.push(region);
    break;
  }
  expect(seen).toEqual(['a', 'b', 'c', 'a']);
  expect(await regions(read)).toEqual(['a', 'b', 'c']);
});

test('the handle for reading writes nothing', async () => {
  const { read } = await open();
  await expect(addScope(read, 'x')).rejects.toThrow(/readonly/);
});

test('a store that another process holds is busy, and nothing else is', async () => {
  const { file } = await open();
  const [one, other] = [new DatabaseSync(file), new DatabaseSync(file, { timeout: 0 })];
  one.exec('begin immediate');
  const thrown = (work: () => void): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    return undefined;
  };
  expect(isBusy(thrown(() => other.exec('begin immediate')))).toBe(true);
  expect(isBusy(thrown(() => other.exec('no such statement')))).toBe(false);
  expect(isBusy(new Error('of something else'))).toBe(false);
  one.close();
  other.close();
});
