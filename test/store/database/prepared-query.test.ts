import { expect, test } from 'vitest';
import type { Db } from '../../../packages/server/src/store/database/dialect.ts';
import { preparedQuery } from '../../../packages/server/src/store/database/prepared-query.ts';
import { openSqlite, sqliteDialect } from '../../../packages/server/src/store/database/sqlite.ts';
import { temporaryFile } from '../open-temporary.ts';

interface Numbers {
  readonly low: number;
  readonly high: number;
}

test('its text is made once, and every call has values of its own', async () => {
  const { write, read } = openSqlite(temporaryFile());
  await read.destroy();
  await write.schema.createTable('scopes').addColumn('id', 'integer').addColumn('account', 'text').execute();
  for (const id of [1, 2, 3, 4])
    await write
      .insertInto('scopes')
      .values({ id, account: 'one' } as never)
      .execute();
  let built = 0;
  const between = preparedQuery((db: Db, { high, low }: Numbers) => {
    built += 1;
    return db
      .selectFrom('scopes')
      .select('id')
      .where('account', '=', 'one')
      .where('id', '<=', high)
      .where((eb) => eb('id', '>=', low))
      .orderBy('id');
  });
  const handle = { read: write, write, dialect: sqliteDialect };
  const ids = async (values: Numbers): Promise<number[]> => (await between(handle, values)).map(({ id }) => id);
  expect(await ids({ low: 2, high: 3 })).toEqual([2, 3]);
  expect(await ids({ high: 9, low: 4 })).toEqual([4]);
  // Inside a transaction the same text is run by the transaction.
  await write.transaction().execute(async (db) => {
    await db.deleteFrom('scopes').where('id', '=', 4).execute();
    expect(await between({ read: db, write: db, dialect: sqliteDialect }, { low: 4, high: 9 })).toEqual([]);
  });
  expect(built).toBe(1);
  await write.destroy();
});
