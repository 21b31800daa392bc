import { expect, test } from 'vitest';
import { feedsDirectory } from '../../packages/server/src/feeds/feeds-directory.ts';
import { feedsStatus } from '../../packages/server/src/feeds/feeds-status.ts';
import { testFolder } from './fixture-files.ts';

const namesOf = (ecosystems: readonly string[]): readonly string[] =>
  feedsStatus(feedsDirectory(testFolder()), 0, ecosystems).feeds.flatMap(({ name, needed }) => (needed ? [name] : []));

test('the feeds that the hosts need come first, scores among them', () => {
  const { feeds } = feedsStatus(feedsDirectory(testFolder()), 0, ['Ubuntu:24.04:LTS', 'Ubuntu:Pro']);
  expect(feeds.slice(0, 6).map(({ name, needed }) => [name, needed])).toEqual([
    ['Ubuntu', true],
    ['ends-of-life', true],
    ['epss', true],
    ['kev', true],
    ['ubuntu-vex', true],
    ['AlmaLinux', false],
  ]);
});

test('a release that is not among the defaults has its feeds too, and without hosts none is needed', () => {
  expect(namesOf(['Alpine:v3.17'])).toEqual([
    'Alpine',
    'alpine-3.17-community',
    'alpine-3.17-main',
    'ends-of-life',
    'epss',
    'kev',
  ]);
  expect(namesOf([])).toEqual([]);
});
