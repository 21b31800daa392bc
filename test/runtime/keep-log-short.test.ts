import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { keepLogShort } from '../../packages/server/src/runtime/keep-log-short.ts';
import { openSqlite } from '../../packages/server/src/store/database/sqlite.ts';

const MIB = 1024 * 1024;

test('a long log is taken into the file while its writer goes on, and begins anew', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'assay-log-'));
  const file = join(directory, 'store.db');
  const { write, read } = openSqlite(file);
  const stop = new AbortController();
  const faults: unknown[] = [];
  let looks = 0;
  const sleep = async (): Promise<void> => {
    looks++;
    await delay(5);
  };
  const keeping = keepLogShort({ file }, { sleep, report: (_, error) => faults.push(error) }, stop.signal);
  onTestFinished(async () => {
    await read.destroy();
    await write.destroy();
    rmSync(directory, { recursive: true });
  });
  await write.schema.createTable('filling').addColumn('bytes', 'blob').execute();
  const fill = async (): Promise<void> => {
    await write
      .insertInto('filling' as never)
      .values({ bytes: new Uint8Array(MIB) } as never)
      .execute();
  };
  for (let count = 0; count < 10; count++) await fill();
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(10 * MIB);
  // A second look at the same log begins no thread: until then nothing else changes the file.
  while (statSync(file).size < 10 * MIB) await delay(5);
  await fill();
  while (statSync(`${file}-wal`).size > 5 * MIB) {
    await delay(5);
    await fill();
  }
  stop.abort();
  await keeping;
  expect(faults).toEqual([]);
  expect(looks).toBeGreaterThan(1);
  const reader = new DatabaseSync(file, { readOnly: true });
  const { count } = reader.prepare('select count(*) as count from filling where length(bytes) = ?').get(MIB) as {
    count: number;
  };
  reader.close();
  expect(count).toBeGreaterThan(10);
});

test('a store that is no file has no log here', async () => {
  const never = (): never => expect.fail('nothing to wait for');
  await keepLogShort({ url: 'postgres://nowhere/x' }, { sleep: never, report: never }, new AbortController().signal);
});
