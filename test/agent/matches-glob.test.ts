import { matchesGlob } from '@assay/agent/matches-glob.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
  ['*.conf', 'a.conf', true],
  ['*.conf', '.conf', false],
  ['.*', '.conf', true],
  ['[.]conf', '.conf', false],
  ['?conf', '.conf', false],
  ['a[b-d]e', 'ace', true],
  ['a[!b-d]e', 'ace', false],
  ['a[]x]', 'a]', true],
  ['a[b', 'a[b', true],
  ['a[-z]', 'a-', true],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['*', '', true],
  ['**a**', 'bab', true],
  ['?', '😀', true],
])('%j and %j: %j', (pattern, name, expected) => {
  expect(matchesGlob(pattern, name)).toBe(expected);
});

test('agrees with the same pattern as a regular expression', () => {
  const part = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[!a]');
  const asRegExp = (parts: readonly string[]): RegExp =>
    new RegExp(`^${parts.map((p) => p.replace('*', '.*').replace('?', '.').replace('[!', '[^')).join('')}$`);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.constantFrom('a', 'b', 'c')), (parts, name) => {
      expect(matchesGlob(parts.join(''), name.join(''))).toBe(asRegExp(parts).test(name.join('')));
    }),
  );
});

test('a pattern made to be slow is not', () => {
  expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(255))).toBe(false);
});
