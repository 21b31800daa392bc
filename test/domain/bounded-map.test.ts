import { expect, test } from 'vitest';
import { boundedMap } from '../../packages/server/src/domain/bounded-map.ts';

const left = (map: { has: (key: string) => boolean }, keys: string): string =>
  [...keys].filter((key) => map.has(key)).join('');

test('the entry that was neither read nor written for longest goes first', () => {
  const map = boundedMap<string, number | undefined>(3, 'LEAST_RECENT');
  for (const key of 'abc') map.set(key, undefined);
  expect(map.get('a')).toBeUndefined();
  map.set('b', 2);
  map.set('d', 4);
  expect(left(map, 'abcd')).toBe('abd');
  expect(map.get('b')).toBe(2);
});

test('all go at once where they are quickly made again, but not for one that is there', () => {
  const map = boundedMap<string, number>(3, 'ALL');
  for (const key of 'abc') map.set(key, 1);
  map.set('c', 2);
  expect(left(map, 'abc')).toBe('abc');
  map.set('d', 1);
  expect(left(map, 'abcd')).toBe('d');
});
