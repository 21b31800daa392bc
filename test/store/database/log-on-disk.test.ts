import { symlinkSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Db } from '../../../packages/server/src/store/database/dialect.ts';
import { openSqlite, sqliteDialect } from '../../../packages/server/src/store/database/sqlite.ts';
import { migrate } from '../../../packages/server/src/store/migrate.ts';
import { closing, temporaryFile } from '../open-temporary.ts';

/** A store whose disk takes what is written when the test says so. */
async function opened() {
  const begun: PromiseWithResolvers<void>[] = [];
  let slow = false;
  const sync = async (): Promise<void> => {
    if (!slow) return;
    const disk = Promise.withResolvers<void>();
    begun.push(disk);
    await disk.promise;
  };
  const file = temporaryFile();
  const { write, read, pending } = openSqlite(file, sync);
  closing(write, (db) => db.destroy());
  closing(read, (db) => db.destroy());
  await migrate(write, sqliteDialect);
  slow = true;
  const transact = (region: string) => sqliteDialect.transact(write, 'serializable', (db) => addScope(db, region));
  return { write, read, pending, begun, transact };
}

const addScope = async (db: Db, region: string): Promise<string> => {
  await db
    .insertInto('scopes')
    .values({ account: '123456789012', region } as never)
    .execute();
  return region;
};
const regions = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('scopes').select('region').orderBy('id').execute()).map(({ region }) => region);

/** Whether a promise is settled by now, and how. */
function watched(promise: Promise<unknown>) {
  const seen = { state: 'waits' };
  promise.then(
    () => Object.assign(seen, { state: 'done' }),
    (error: Error) => Object.assign(seen, { state: error.message }),
  );
  return seen;
}
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns++) await turn();
};

test('whoever writes waits for the disk, while others read what was committed and write more', async () => {
  const { read, transact, begun, pending } = await opened();
  expect(pending()).toBeUndefined();
  const first = watched(transact('one'));
  await settle();
  expect(await regions(read)).toEqual(['one']);
  const [second, third] = [watched(transact('two')), watched(transact('three'))];
  await settle();
  expect(await regions(read)).toEqual(['one', 'two', 'three']);
  const answer = watched(pending() ?? Promise.resolve());
  // What came while the disk was at work shares its next turn.
  expect(begun.length).toBe(1);
  begun[0]?.resolve();
  await settle();
  expect([first, second, third, answer].map(({ state }) => state)).toEqual(['done', 'waits', 'waits', 'waits']);
  expect(begun.length).toBe(2);
  begun[1]?.resolve();
  await settle();
  expect([second, third, answer].map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  expect(pending()).toBeUndefined();
  expect(begun.length).toBe(2);
});

test('a statement of its own waits as well', async () => {
  const { write, begun } = await opened();
  const writing = watched(addScope(write, 'one'));
  await settle();
  expect(writing.state).toBe('waits');
  begun[0]?.resolve();
  await settle();
  expect(writing.state).toBe('done');
});

test('where the disk did not take it nothing is acknowledged, then and afterwards', async () => {
  const { transact, begun, pending } = await opened();
  const first = watched(transact('one'));
  await settle();
  const second = watched(transact('two'));
  await settle();
  begun[0]?.reject(new Error('EIO: i/o error, fdatasync'));
  await settle();
  const third = watched(transact('three'));
  await settle();
  for (const { state } of [first, second, third]) {
    expect(state).toMatch(
      /^The disk did not take what was written to .+-wal: nothing more is kept until Assay is started again$/,
    );
  }
  expect(begun.length).toBe(1);
  await expect(pending()).rejects.toThrow('The disk did not take');
});

test('a store that closes waits for what is on its way', async () => {
  const { write, transact, begun } = await opened();
  const writing = watched(transact('one'));
  await settle();
  const closed = watched(write.destroy());
  await settle();
  expect([writing.state, closed.state]).toEqual(['waits', 'waits']);
  begun[0]?.resolve();
  await settle();
  expect([writing.state, closed.state]).toEqual(['done', 'done']);
});

test('the log lies beside the file that a link leads to', async () => {
  const file = temporaryFile();
  const first = openSqlite(file);
  closing(first.write, (db) => db.destroy());
  closing(first.read, (db) => db.destroy());
  await migrate(first.write, sqliteDialect);
  const link = temporaryFile();
  symlinkSync(file, link);
  const linked = openSqlite(link);
  closing(linked.write, (db) => db.destroy());
  closing(linked.read, (db) => db.destroy());
  await addScope(linked.write, 'one');
  expect(await regions(first.read)).toEqual(['one']);
});
