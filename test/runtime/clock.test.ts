import { expect, test } from 'vitest';
import { rememberJumps } from '../../packages/server/src/runtime/clock.ts';

test('what the clock showed a while ago, whichever way it was set since', () => {
  let steady = 0;
  let offset = 1_000_000;
  const ago = rememberJumps(
    () => steady + offset,
    () => steady,
  );
  expect(ago(10)).toBe(999_990);
  steady = 60_000;
  offset += 3_600_000;
  ago(0);
  expect(ago(0), 'now is now').toBe(60_000 + offset);
  expect(ago(60_000), 'before it was set forward').toBe(1_000_000);
  steady = 100_000;
  expect(ago(30_000), 'after it').toBe(70_000 + offset);
  expect(ago(90_000)).toBe(1_010_000);
  offset -= 7_200_000;
  ago(0);
  expect(ago(10_000), 'before it was set back').toBe(90_000 + offset + 7_200_000);
  expect(ago(0)).toBe(100_000 + offset);
});

test('a clock that is slewed is believed', () => {
  let steady = 0;
  const ago = rememberJumps(
    () => steady * 1.000_5,
    () => steady,
  );
  for (; steady < 3_600_000; steady += 10_000) expect(Math.abs(ago(0) - steady * 1.000_5)).toBeLessThan(1);
  expect(Math.abs(ago(600_000) - 3_000_000 * 1.000_5)).toBeLessThanOrEqual(1000);
});
