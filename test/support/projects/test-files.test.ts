import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf } from '../imports-of.ts';
import { testsOnPostgres } from './tests-on-postgres.ts';

const root = join(import.meta.dirname, '../../..');

/** What opens a store, or takes the place of one. */
const OPENERS =
  /packages\/server\/src\/(store\/(store|open-database|sqlite|postgres|report-reader|export-reader)|cli\/(service|serve|store-options))\.ts$/;

/** They open a store of one kind, or none that answers. */
const ofOneKind = new Set([
  'test/runtime/database-url.test.ts',
  'test/runtime/keep-log-short.test.ts',
  'test/store/sqlite-rows-at-once.test.ts',
]);

test('whatever opens a store runs on both, but for what is about one kind', () => {
  const onBoth = new Set(testsOnPostgres(root));
  expect(onBoth.size).toBeGreaterThan(90);
  const alone = globSync('test/**/*.test.ts', { cwd: root }).filter((path) => {
    if (onBoth.has(path)) return false;
    return importsOf(valueImports(readFileSync(join(root, path), 'utf8'))).some((specifier) => OPENERS.test(specifier));
  });
  expect(alone.sort()).toEqual([...ofOneKind].sort());
});

const valueImports = (text: string): string => text.replaceAll(/^import type .*$/gm, '');
