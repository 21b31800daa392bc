import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf } from '../imports-of.ts';
import { filesWithAStore } from './files-with-a-store.ts';
import { roomsOfTests, testFiles } from './test-files.ts';

const root = join(import.meta.dirname, '../../..');
const all = globSync('test/**/*.test.ts', { cwd: root });
const files = testFiles(root);

/** What opens a store, or takes the place of one. */
const OPENERS =
  /packages\/server\/src\/(store\/(\w+\/)?(store|open-database|sqlite|postgres|report-reader|export-reader)|\w+\/(service|serve|open-store))\.ts$/;

/** They open a store of one kind, or none that answers. */
const ofOneKind = new Set([
  'test/runtime/database-url.test.ts',
  'test/runtime/keep-log-short.test.ts',
  'test/store/sqlite-rows-at-once.test.ts',
]);

const valueImports = (text: string): string => text.replaceAll(/^import type .*$/gm, '');

test('every test file runs, and those about SQL on both stores', () => {
  expect([...new Set([...files.sqlite, ...files.postgres])].sort()).toEqual([...all].sort());
  for (const path of [
    'test/store/tables/jobs.test.ts',
    'test/engine/jobs/evaluate.test.ts',
    'test/cli/import.test.ts',
  ]) {
    expect(files.sqlite).toContain(path);
    expect(files.postgres).toContain(path);
  }
});

test('what says nothing about SQL runs once', () => {
  for (const path of [
    'test/operations/inspector/conformance.test.ts',
    'test/clients/boto3.test.ts',
    'test/domain/ids.test.ts',
  ]) {
    expect(files.sqlite).toContain(path);
    expect(files.postgres).not.toContain(path);
  }
  expect(files.sqlite).not.toContain('test/store/postgres-start.test.ts');
  expect(files.postgres).not.toContain('test/store/database/sqlite.test.ts');
});

test('a test that replaces modules has a worker of its own', () => {
  expect(files.isolated).toContain('test/store/findings-list.property.test.ts');
  expect(files.isolated.length).toBeLessThan(all.length / 20);
});

test('some that run on PostgreSQL run on the oldest, too', () => {
  expect(files.oldest).toContain('test/operations/statements.test.ts');
  expect(files.postgres).toEqual(expect.arrayContaining([...files.oldest]));
});

test('the whole matrix runs whatever opens a store on both kinds', () => {
  const matrix = testFiles(root, { matrix: true });
  expect(matrix.postgres).toEqual(
    expect.arrayContaining([...files.postgres, 'test/operations/inspector/conformance.test.ts']),
  );
});

test('a test opens its store through test-store.ts, or it would run on one kind without saying so', () => {
  const withAStore = new Set(filesWithAStore(root, all));
  const others = all.filter((path) => {
    if (withAStore.has(path)) return false;
    return importsOf(valueImports(readFileSync(join(root, path), 'utf8'))).some((specifier) => OPENERS.test(specifier));
  });
  expect(others.sort()).toEqual([...ofOneKind].sort());
});

test('every pattern that sorts tests matches one', () => {
  expect(roomsOfTests.filter((pattern) => globSync(pattern, { cwd: root }).length === 0)).toEqual([]);
});
