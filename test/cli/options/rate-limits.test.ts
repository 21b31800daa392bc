import { expect, test } from 'vitest';
import { parseRateLimits, rateLimitsOf } from '../../../packages/server/src/cli/options/rate-limits.ts';

const rates = (reads: number, writes: number) => ({
  reads: { perSecond: reads, burst: Math.max(1, reads * 5) },
  writes: { perSecond: writes, burst: Math.max(1, writes * 5) },
});

test.each([
  ['500,100', rates(500, 100)],
  ['500', rates(500, 125)],
  ['0.5,0.001', rates(0.5, 0.001)],
  ['off', 'off'],
])('--rate-limit %s', (text, expected) => expect(parseRateLimits(text)).toEqual(expected));

test.each(['', '0', '5,0', '-1', '5,', ',5', '1e3', '5,5,5', 'on', 'NaN', '9999999'])(
  '--rate-limit %j is refused',
  (text) => expect(() => parseRateLimits(text)).toThrow('It must be reads a second'),
);

test('a server that others can reach has limits unless told otherwise; one of this host has none', () => {
  expect(rateLimitsOf(undefined, { exposed: true })).toEqual(rates(200, 50));
  expect(rateLimitsOf(undefined, { exposed: false })).toBeUndefined();
  expect(rateLimitsOf('off', { exposed: true })).toBeUndefined();
  expect(rateLimitsOf(rates(1, 1), { exposed: false })).toEqual(rates(1, 1));
});
