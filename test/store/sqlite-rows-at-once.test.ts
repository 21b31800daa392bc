import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../packages/server/src/store/database/dialect.ts';
import { openSqlite, sqliteDialect } from '../../packages/server/src/store/database/sqlite.ts';
import { openStore } from '../../packages/server/src/store/store.ts';

let directory: string;
let handles: { readonly read: Db; readonly write: Db };
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-test-'));
  const file = join(directory, 'assay.db');
  await (await openStore({ file })).close();
  handles = openSqlite(file);
  await handles.write
    .insertInto('scopes')
    .values([scope('111111111111'), scope('222222222222')])
    .execute();
});
afterEach(async () => {
  await handles.read.destroy();
  await handles.write.destroy();
  rmSync(directory, { recursive: true });
});

const scope = (account: string) => ({ account, region: 'eu-west-1' }) as never;
const accounts = (db: Db) => db.selectFrom('scopes').select(['account as of', 'region']).orderBy('account').compile();
const rowsAtOnce = (db: Db) => sqliteDialect.rowsAtOnce(db, accounts(db));

test('gives the rows that the query gives', async () => {
  const { read } = handles;
  expect(rowsAtOnce(read)).toEqual([
    { of: '111111111111', region: 'eu-west-1' },
    { of: '222222222222', region: 'eu-west-1' },
  ]);
  expect(rowsAtOnce(read)).toEqual((await read.executeQuery(accounts(read))).rows.map((row) => ({ ...row })));
});

test('sees what was committed a moment before', async () => {
  expect(rowsAtOnce(handles.read)).toHaveLength(2);
  await handles.write.insertInto('scopes').values(scope('333333333333')).execute();
  expect(rowsAtOnce(handles.read)).toHaveLength(3);
});

test('has a query wait while a transaction is open on its handle, and inside of one', async () => {
  const { read } = handles;
  await sqliteDialect.snapshot(read, async (db) => {
    expect(rowsAtOnce(read)).toBeUndefined();
    expect(rowsAtOnce(db)).toBeUndefined();
  });
  expect(rowsAtOnce(read)).toHaveLength(2);
  await handles.write.transaction().execute(async (db) => {
    expect(rowsAtOnce(db)).toBeUndefined();
    expect(rowsAtOnce(handles.write)).toBeUndefined();
  });
});

test('shares one look at the file until something else can come in, but for what is committed here', async () => {
  const { read } = handles;
  const another = new DatabaseSync(join(directory, 'assay.db'));
  const add = (account: string) =>
    another.prepare('insert into scopes (account, region) values (?, ?)').run(account, 'eu-west-1');
  try {
    expect(rowsAtOnce(read)).toHaveLength(2);
    // As another process would, in between: the requests of this moment came before it was done.
    add('333333333333');
    expect(rowsAtOnce(read)).toHaveLength(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(rowsAtOnce(read)).toHaveLength(3);
    add('444444444444');
    await handles.write.insertInto('scopes').values(scope('555555555555')).execute();
    expect(rowsAtOnce(read)).toHaveLength(5);
    add('666666666666');
    await read.executeQuery(accounts(read));
    expect(rowsAtOnce(read)).toHaveLength(6);
    await sqliteDialect.snapshot(read, async (db) => {
      expect((await db.executeQuery(accounts(db))).rows).toHaveLength(6);
      expect(rowsAtOnce(read)).toBeUndefined();
    });
  } finally {
    another.close();
  }
});
