import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkStoreLog } from '../../../packages/server/src/runtime/check-store-history.ts';
import { commitsBehindEnd } from '../../../packages/server/src/store/database/log-behind-end.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-log-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A file and its log as a process that was killed leaves them, of so many commits; `change` does harm to the log. */
function leftBehind(commits: number, change: (log: Buffer) => Buffer = (log) => log): string {
  const origin = join(directory, 'origin.db');
  const database = new DatabaseSync(origin);
  database.exec('pragma journal_mode = wal; create table t (a)');
  for (let at = 0; at < commits; at++) database.exec(`insert into t values (${at})`);
  const file = join(directory, 'assay.db');
  copyFileSync(origin, file);
  writeFileSync(`${file}-wal`, change(readFileSync(`${origin}-wal`)));
  database.close();
  return file;
}

test.each([
  ['whole', (log: Buffer) => log],
  ['cut in its last frame', (log: Buffer) => log.subarray(0, -100)],
  ['damaged in its last frame', (log: Buffer) => log.fill(0x55, log.length - 4096 - 24)],
  ['empty', () => Buffer.alloc(0)],
])('a log that is %s ends where it ends', (_, change) => {
  // A last commit that was being written when the power failed was never acknowledged.
  expect(commitsBehindEnd(leftBehind(10, change))).toBe(0);
});

test('commits behind damage are counted, said, and kept', () => {
  const file = leftBehind(20, (log) => log.fill(0x55, log.length / 2, log.length / 2 + 50));
  const lost = commitsBehindEnd(file);
  expect(lost).toBeGreaterThan(5);
  const damaged = readFileSync(`${file}-wal`);
  const said: string[] = [];
  checkStoreLog({ file }, Date.UTC(2026, 10, 30), (message) => void said.push(message));
  expect(said).toEqual([expect.stringContaining(`${lost} changes behind the damage cannot be read`)]);
  expect(readFileSync(`${file}-wal.damaged-2026-11-30T00-00-00-000Z`).equals(damaged)).toBe(true);
});

test('frames of an earlier round of the log are not lost ones', () => {
  const file = join(directory, 'assay.db');
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; create table t (a)');
  for (let at = 0; at < 20; at++) database.exec(`insert into t values (${at})`);
  database.exec('pragma wal_checkpoint(restart); insert into t values (99)');
  expect(commitsBehindEnd(file)).toBe(0);
  database.close();
  expect(commitsBehindEnd(join(directory, 'none.db'))).toBe(0);
});
