import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { openSqlite, sqliteDialect } from '../../packages/server/src/store/database/sqlite.ts';
import { initial } from '../../packages/server/src/store/migrations/0001-initial.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { closing, temporaryFile } from './open-temporary.ts';

test('a report that was made as a file is forgotten, and can be asked for again; one that is to be made still is', async () => {
  const file = temporaryFile();
  const { read, write } = openSqlite(file);
  await initial.up(write as unknown as Kysely<unknown>, sqliteDialect);
  await sql`create table schema_version (version integer not null)`.execute(write);
  await sql`insert into schema_version values (1)`.execute(write);
  for (const [id, status] of ['COMPLETED', 'WORK_IN_PROGRESS', 'FAILED'].entries()) {
    await sql`insert into reports (scope, id, run, type, format, status, created_at)
      values (1, ${`${id}`.repeat(32)}, ${`0-0000000${id}`}, 'FULL', 'PDF', ${status}, 5)`.execute(write);
  }
  await read.destroy();
  await write.destroy();
  const { reports } = closing(await openStore({ file }), (store) => store.close());
  const wanted = { type: 'FULL', format: 'PDF' } as const;
  expect(await reports.find(1, { ...wanted, run: '0-00000000' })).toBeUndefined();
  expect(await reports.pending(1, '0-00000001')).toMatchObject([{ createdAt: 5, size: 0 }]);
  expect(await reports.find(1, { ...wanted, run: '0-00000002' })).toMatchObject({ status: 'FAILED' });
  await reports.ask(1, { ...wanted, id: 'f'.repeat(32), run: '0-00000000', createdAt: 7 });
  expect(await reports.pending(1, '0-00000000')).toMatchObject([{ id: 'f'.repeat(32), createdAt: 7 }]);
});
