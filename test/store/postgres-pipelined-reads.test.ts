import { Socket } from 'node:net';
import { Client } from 'pg';
import { expect, test, vi } from 'vitest';
import { PipelinedReads } from '../../packages/server/src/store/database/pipelined-reads.ts';
import { openPostgres, postgresDialect, settingsOf } from '../../packages/server/src/store/database/postgres.ts';
import { isUnavailable } from '../../packages/server/src/store/unavailable.ts';
import { closing, temporaryStore } from './open-temporary.ts';

const DOUBLE = 'select $1::int8 * 2 as double';
const SESSION = 'select pg_backend_pid() as pid, $1::int8 as of';

test('many of one turn are answered each by its own rows, over one connection, in one write', async () => {
  const reads = await openReads();
  await reads.rows(DOUBLE, [0]);
  const writes = vi.spyOn(Socket.prototype, '_writev' as never);
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, of) => reads.rows<{ double: number }>(DOUBLE, [of])),
  );
  expect(writes).toHaveBeenCalledTimes(1);
  vi.restoreAllMocks();
  expect(answers).toEqual(Array.from({ length: 500 }, (_, of) => [{ double: of * 2 }]));
  const sessions = await Promise.all([1, 2, 3].map((of) => reads.rows<{ pid: number }>(SESSION, [of])));
  expect(new Set(sessions.map(([row]) => row?.pid)).size).toBe(1);
});

test('what comes in while many wait goes over another connection, up to as many as there may be', async () => {
  const reads = await openReads(2);
  const asked: Promise<{ pid: number }[]>[] = [];
  for (let turn = 0; turn < 4; turn++) {
    for (let of = 0; of < 30; of++) asked.push(reads.rows<{ pid: number }>(SESSION, [of]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(new Set((await Promise.all(asked)).map(([row]) => row?.pid)).size).toBe(2);
  // One is enough for a few.
  const few = await Promise.all([1, 2, 3].map((of) => reads.rows<{ pid: number }>(SESSION, [of])));
  expect(new Set(few.map(([row]) => row?.pid)).size).toBe(1);
});

test('one that fails does so alone', async () => {
  const reads = await openReads();
  const DIVIDE = 'select 6 / $1::int8 as part';
  const [first, failed, last] = await Promise.allSettled([3, 0, 2].map((by) => reads.rows(DIVIDE, [by])));
  expect(first).toMatchObject({ status: 'fulfilled', value: [{ part: 2 }] });
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
  expect(last).toMatchObject({ status: 'fulfilled', value: [{ part: 3 }] });
});

test('when the connection ends, all that are on their way can be tried again, and the next are answered', async () => {
  const { url } = await newDatabase();
  const reads = closing(new PipelinedReads(settingsOf(url), 1), (each) => each.end());
  const [row] = await reads.rows<{ pid: number }>(SESSION, [0]);
  const waiting = Promise.allSettled([1, 2, 3].map(() => reads.rows('select pg_sleep($1::int8)', [60])));
  const killer = new Client(url);
  await killer.connect();
  await killer.query('select pg_terminate_backend($1)', [row?.pid]);
  await killer.end();
  for (const each of await waiting) {
    expect(each.status === 'rejected' && isUnavailable(each.reason)).toBe(true);
  }
  const [other] = await reads.rows<{ pid: number }>(SESSION, [0]);
  expect(other?.pid).not.toBe(row?.pid);
});

test('a database that is not there is asked again', async () => {
  const { url } = await newDatabase();
  const settings = settingsOf(url);
  const reads = closing(new PipelinedReads(settings, 1), (each) => each.end());
  Object.assign(settings, { connectionString: 'postgres://127.0.0.1:1/nothing' });
  const away = new PipelinedReads(settings, 1);
  const refused = await Promise.allSettled([away.rows(DOUBLE, [1]), away.rows(DOUBLE, [2])]);
  for (const each of refused) expect(each.status === 'rejected' && isUnavailable(each.reason)).toBe(true);
  Object.assign(settings, { connectionString: url });
  expect(await away.rows(DOUBLE, [1])).toEqual([{ double: 2 }]);
  await away.end();
  expect(await reads.rows(DOUBLE, [1])).toEqual([{ double: 2 }]);
});

test('rows at once are those of a handle, not of a transaction on it', async () => {
  const { url } = await newDatabase();
  const db = closing(openPostgres(url), (each) => each.destroy());
  const query = db.selectNoFrom((eb) => eb.val(1).as('one')).compile();
  expect(await postgresDialect.rowsAtOnce(db, query)).toEqual([{ one: '1' }]);
  await db.transaction().execute(async (transaction) => {
    expect(postgresDialect.rowsAtOnce(transaction, query)).toBeUndefined();
  });
});

const openReads = async (connections = 1): Promise<PipelinedReads> =>
  closing(new PipelinedReads(settingsOf((await newDatabase()).url), connections), (reads) => reads.end());

async function newDatabase(): Promise<{ readonly url: string }> {
  const location = await temporaryStore({ bare: true });
  if (!('url' in location)) throw new Error('This project has stores in PostgreSQL');
  return location;
}
