import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  contains,
  intersect,
  type Ranges,
  subtract,
  union,
} from '../../../packages/server/src/rules/network-reachability/ranges.ts';

test('one range is taken out of many, and met with them, as several are', () => {
  const parts = fc.array(fc.tuple(fc.nat(60), fc.nat(5)), { maxLength: 12 });
  fc.assert(
    fc.property(parts, fc.tuple(fc.nat(60), fc.nat(8)), (some, [low, more]) => {
      const left = union(some.map(([from, size]) => [from, from + size] as const));
      const one: Ranges = [[low, low + more]];
      for (let value = 0; value < 80; value++) {
        const isIn = contains(left, value);
        const isOne = low <= value && value <= low + more;
        expect(contains(intersect(left, one), value)).toBe(isIn && isOne);
        expect(contains(subtract(left, one), value)).toBe(isIn && !isOne);
      }
    }),
  );
});
