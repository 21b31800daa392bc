import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBuckets } from '../../packages/server/src/domain/token-buckets.ts';
import { propertyRuns } from '../support/effort.ts';

const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 500 }), burst: fc.integer({ min: 1, max: 1000 }) });

test('a bucket gives exactly what its burst and its rate allow', () => {
  fc.assert(
    fc.property(rate, fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 }), (limits, waits) => {
      let now = 0;
      const buckets = createTokenBuckets(limits, () => now);
      // Whole milliseconds at whole rates: a thousandth of a token is the unit, so the model counts in integers.
      let level = limits.burst * 1000;
      for (const wait of waits) {
        now += wait;
        level = Math.min(limits.burst * 1000, level + wait * limits.perSecond);
        for (let asked = 0; asked < 20; asked++) {
          const taken = buckets.take('key');
          // At the edge itself the fraction may round either way.
          if (level !== 1000) expect(taken).toBe(level > 1000);
          if (taken) level -= 1000;
        }
      }
    }),
    { numRuns: propertyRuns(50) },
  );
});

test('names do not share tokens', () => {
  const buckets = createTokenBuckets({ perSecond: 1, burst: 2 }, () => 0);
  expect(['a', 'a', 'a', 'b', 'b', 'b'].map(buckets.take)).toEqual([true, true, false, true, true, false]);
});

test('a clock that steps back gives nothing, and takes nothing beyond the time it took', () => {
  let now = 10_000;
  const buckets = createTokenBuckets({ perSecond: 1, burst: 1 }, () => now);
  expect(buckets.take('key')).toBe(true);
  now = 0;
  expect(buckets.take('key')).toBe(false);
  now = 1000;
  expect(buckets.take('key')).toBe(true);
});

test('no more names than the capacity are kept: the one that asked longest ago is forgotten', () => {
  const buckets = createTokenBuckets({ perSecond: 1, burst: 1 }, () => 0, { capacity: 2 });
  expect(['a', 'b', 'a', 'c'].map(buckets.take)).toEqual([true, true, false, true]);
  // b was forgotten and a, which asked later, was not.
  expect(buckets.take('a')).toBe(false);
  expect(buckets.take('b')).toBe(true);
});
