/** Name patterns against a regular expression made from them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesWildcard } from '../../packages/server/src/domain/wildcard.ts';
import { propertyRuns } from '../support/effort.ts';

const oracle = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '[^]*')}$`, 'u').test(name);

// Few characters, so that patterns often match; every one that some pattern language gives a meaning.
const unit = fc.constantFrom('a', 'A', 'b', '%', '_', '?', '[', ']', '\\', '^', '.', 'é', 'É', '😀', '-');
const name = fc.string({ unit, maxLength: 8 });
const pattern = fc.string({
  unit: fc.oneof({ arbitrary: fc.constant('*'), weight: 1 }, { arbitrary: unit, weight: 2 }),
  maxLength: 8,
});

test('a pattern matches as its regular expression does', () => {
  fc.assert(
    fc.property(pattern, name, (p, n) => {
      expect(matchesWildcard(p, n)).toBe(oracle(p, n));
    }),
    { numRuns: propertyRuns(20_000) },
  );
});

test('a name whose parts were replaced by stars matches', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.boolean()), { minLength: 1, maxLength: 5 }), (parts) => {
      const whole = parts.map(([text]) => text).join('');
      const starred = parts.map(([text, star]) => (star ? '*' : text)).join('');
      expect(matchesWildcard(starred, whole)).toBe(true);
    }),
    { numRuns: propertyRuns(5000) },
  );
});

test.each([
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['a', 'A', false],
  ['a*a', 'a', false],
  ['ab*bc', 'abc', false],
  ['*a*', 'bab', true],
  ['**', 'x', true],
  ['a?c', 'abc', false],
  ['[ab]', 'a', false],
])('%j on %j: %j', (p, n, expected) => expect(matchesWildcard(p, n)).toBe(expected));
