import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../packages/server/src/store/dialect.ts';
import { openSqlite, sqliteDialect } from '../../packages/server/src/store/sqlite.ts';
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
const rowsAtOnce = (db: Db) => sqliteDialect.rowsAtOnce?.(db, accounts(db));

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
