import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globOf, matchesGlob } from '../../../packages/server/src/domain/policy/glob.ts';
import { propertyRuns } from '../../support/effort.ts';

const matches = (pattern: string, text: string): boolean => matchesGlob(globOf(pattern, true), text);

/** The same by the regular expression engine. */
const naive = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${Array.from(pattern, (c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}/]/u, '\\$&'))).join('')}$`,
    'su',
  ).test(text);

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything\nat all', true],
  ['?', '', false],
  ['?', 'a', true],
  ['?', 'ab', false],
  ['?', '😀', true],
  ['??', '😀', false],
  ['*??', '😀', false],
  ['a*c', 'abbc', true],
  ['a*c', 'abcb', false],
  ['a*b*c', 'abbbcbc', true],
  ['*ab', 'aab', true],
  ['List', 'list', false],
  ['a.c', 'abc', false],
  ['[a]', 'a', false],
])('%j against %j: %j', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
  expect(naive(pattern, text)).toBe(expected);
});

test('without wildcards every character stands for itself', () => {
  expect(matchesGlob(globOf('a*?', false), 'a*?')).toBe(true);
  expect(matchesGlob(globOf('a*?', false), 'abc')).toBe(false);
});

test('is what the regular expression engine says', () => {
  const characters = fc.constantFrom('a', 'b', 'A', '.', '/', '-', 'é', '😀', '\n');
  const text = fc.array(characters, { maxLength: 12 }).map((list) => list.join(''));
  const pattern = fc
    .array(fc.oneof({ weight: 2, arbitrary: characters }, fc.constantFrom('*', '?')), { maxLength: 8 })
    .map((list) => list.join(''));
  fc.assert(
    fc.property(pattern, text, (p, t) => {
      expect(matches(p, t)).toBe(naive(p, t));
    }),
    { numRuns: propertyRuns(3000) },
  );
});

/** How often matching reads the pattern: its cost, counted instead of timed. */
function readsOf(pattern: string, text: string): number {
  let reads = 0;
  const glob = new Proxy(globOf(pattern, true), {
    get: (target, member, receiver) => {
      reads++;
      return Reflect.get(target, member, receiver) as unknown;
    },
  });
  matchesGlob(glob, text);
  return reads;
}

describe('costs at most the product of both lengths', () => {
  test.each([
    ['a thousand runs', '*'.repeat(1000), 'a'.repeat(2000)],
    ['a thousand runs that never end', `${'*a'.repeat(1000)}b`, 'a'.repeat(2000)],
    ['runs before what is nearly there', `*${'a'.repeat(299)}b`, 'a'.repeat(600)],
    ['runs of single characters', `*${'?'.repeat(299)}b`, 'a'.repeat(600)],
    ['runs between single characters', `${'*?'.repeat(500)}b`, 'a'.repeat(600)],
  ])('%s', (_, pattern, text) => {
    expect(readsOf(pattern, text)).toBeLessThanOrEqual(3 * (pattern.length + 1) * (text.length + 1));
  });

  test('and runs without end are read once', () => {
    expect(readsOf(`${'*a'.repeat(1000)}b`, 'a'.repeat(2000))).toBeLessThanOrEqual(20_000);
  });
});
