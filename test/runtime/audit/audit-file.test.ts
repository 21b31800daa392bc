import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AuditFileOptions, openAuditFile } from '../../../packages/server/src/runtime/audit/audit-file.ts';

let directory: string;
let time: number;
let reports: string[];
let lost: number;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'assay-audit-')), 'audit');
  time = Date.UTC(2026, 2, 4, 12);
  reports = [];
  lost = 0;
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const open = (options: Partial<AuditFileOptions> = {}) =>
  openAuditFile({
    directory,
    days: 90,
    now: () => time,
    report: (message) => reports.push(message),
    onLost: () => {
      lost += 1;
    },
    ...options,
  });
const contents = (): Record<string, string> =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));

test('a record is in the file when it was taken, and only its owner can read it', () => {
  const trail = open();
  trail.append('{"a":1}');
  expect(contents()).toEqual({ 'audit-2026-03-04.jsonl': '{"a":1}\n' });
  expect(statSync(join(directory, 'audit-2026-03-04.jsonl')).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  trail.close();
});

test('each day has its file, and a file that is full is followed by another', () => {
  const trail = open({ maxBytes: 16 });
  for (const record of ['one', 'two'.repeat(5), 'three', 'four']) trail.append(record);
  time = Date.UTC(2026, 2, 5);
  trail.append('five');
  trail.close();
  expect(contents()).toEqual({
    'audit-2026-03-04.jsonl': 'one\ntwotwotwotwotwo\n',
    'audit-2026-03-04.2.jsonl': 'three\nfour\n',
    'audit-2026-03-05.jsonl': 'five\n',
  });
});

test('a server that starts again goes on in the last file, below a line that was cut off', () => {
  const first = open({ maxBytes: 5 });
  first.append('first');
  first.append('second');
  first.close();
  appendFileSync(join(directory, 'audit-2026-03-04.2.jsonl'), '{"torn');
  const second = open({ maxBytes: 50 });
  second.append('third');
  second.close();
  expect(contents()['audit-2026-03-04.2.jsonl']).toBe('second\n{"torn\nthird\n');
});

test('files of days that are over are deleted; others are not', () => {
  open().close();
  const names = [
    'audit-2025-12-03.jsonl',
    'audit-2025-12-03.7.jsonl',
    'audit-2025-12-04.jsonl',
    'notes-2020-01-01.txt',
  ];
  for (const name of names) writeFileSync(join(directory, name), '');
  const trail = open();
  expect(readdirSync(directory).sort()).toEqual([
    'audit-2025-12-04.jsonl',
    'audit-2026-03-04.jsonl',
    'notes-2020-01-01.txt',
  ]);
  time += 86_400_000;
  trail.append('tomorrow');
  trail.close();
  expect(readdirSync(directory)).not.toContain('audit-2025-12-04.jsonl');
});

test('on a full disk records wait; what was written in part is completed, in order, and said twice in all', () => {
  let room = 10;
  const trail = open({
    write: (file, bytes) => {
      if (room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const written = writeSync(file, bytes.subarray(0, room));
      room -= written;
      return written;
    },
  });
  for (const record of ['one', 'two two', 'three']) trail.append(record);
  expect(trail.ready()).toBe(false);
  expect(contents()['audit-2026-03-04.jsonl']).toBe('one\ntwo tw');
  // The rest of a line stays with its beginning, though the day is over.
  time += 86_400_000;
  room = 1000;
  expect(trail.ready()).toBe(true);
  trail.append('four');
  trail.close();
  expect(Object.values(contents()).join('')).toBe('one\ntwo two\nthree\nfour\n');
  expect(reports).toHaveLength(2);
  expect(lost).toBe(0);
});

test('what waits is bounded: beyond that records are lost, which is counted and said', () => {
  let full = true;
  const trail = open({
    write: (file, bytes) => {
      if (full) throw new Error('no space');
      return writeSync(file, bytes);
    },
  });
  const record = 'x'.repeat(1024 * 1024);
  for (let index = 0; index < 6; index++) trail.append(record);
  expect(lost).toBe(3);
  full = false;
  trail.append('after');
  trail.close();
  expect(contents()['audit-2026-03-04.jsonl']?.length).toBe(3 * (record.length + 1) + 6);
});

test('what cannot be written to at all is said at the start', () => {
  open().close();
  rmSync(directory, { recursive: true });
  writeFileSync(directory, 'a file');
  expect(() => open()).toThrow();
});
