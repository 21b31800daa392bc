import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openIndexCache } from '../../../packages/server/src/cli/scan/index-cache.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const home = (): string => temporaryDirectory('cache-home');
const program = (): string => {
  const file = join(home(), 'program.mjs');
  writeFileSync(file, 'one');
  return file;
};
const keep = (cache: ReturnType<typeof openIndexCache>, content: string): string | undefined => {
  if (!cache) return undefined;
  writeFileSync(cache.draft(content), content);
  return cache.keep(content);
};

test('an index is found for the same content and program, and for no other', () => {
  const [XDG_CACHE_HOME, one] = [home(), program()];
  const kept = keep(openIndexCache({ XDG_CACHE_HOME }, one), 'content');
  expect(openIndexCache({ XDG_CACHE_HOME }, one)?.find('content')).toBe(kept);
  expect(openIndexCache({ XDG_CACHE_HOME }, one)?.find('other')).toBeUndefined();
  expect(openIndexCache({ XDG_CACHE_HOME }, program())?.find('content')).toBeUndefined();
});

test('a draft is not found before it is kept, and one that was left behind goes after a day', () => {
  const [XDG_CACHE_HOME, one] = [home(), program()];
  const cache = openIndexCache({ XDG_CACHE_HOME }, one);
  const draft = cache?.draft('content') ?? '';
  writeFileSync(draft, 'half');
  expect(cache?.find('content')).toBeUndefined();
  const files = () => readdirSync(join(XDG_CACHE_HOME, 'assay/advisories'));
  openIndexCache({ XDG_CACHE_HOME }, one);
  expect(files()).toHaveLength(1);
  const longAgo = Date.now() / 1000 - 2 * 86_400;
  utimesSync(draft, longAgo, longAgo);
  openIndexCache({ XDG_CACHE_HOME }, one);
  expect(files()).toEqual([]);
});

test('the indexes that were used last are kept', () => {
  const [XDG_CACHE_HOME, one] = [home(), program()];
  const cache = openIndexCache({ XDG_CACHE_HOME }, one);
  const contents = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const [index, content] of contents.entries()) {
    const at = 1_700_000_000 + index;
    utimesSync(keep(cache, content) ?? '', at, at);
  }
  cache?.find('a');
  const later = openIndexCache({ XDG_CACHE_HOME }, one);
  expect(contents.filter((content) => later?.find(content))).toEqual(['a', 'd', 'e', 'f']);
});

test('a place that others can write to, or that is elsewhere, is not used', () => {
  const open = home();
  mkdirSync(join(open, 'assay'));
  chmodSync(join(open, 'assay'), 0o777);
  expect(openIndexCache({ XDG_CACHE_HOME: open }, program())).toBeUndefined();
  const linked = home();
  symlinkSync(home(), join(linked, 'assay'));
  expect(openIndexCache({ XDG_CACHE_HOME: linked }, program())).toBeUndefined();
  expect(openIndexCache({ XDG_CACHE_HOME: '/proc/nothing' }, program())).toBeUndefined();
});

test('a program that runs from its sources keeps nothing', () => {
  expect(openIndexCache({ XDG_CACHE_HOME: home() }, '/somewhere/index-cache.ts')).toBeUndefined();
});
