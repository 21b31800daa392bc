import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seconds, timeRange } from '../../packages/server/src/operations/times.ts';
import { propertyRuns } from '../support/effort.ts';

const code = 'INVALID_ASSESSMENT_RUN_START_TIME_RANGE';
/** Nearly eight thousand years either way. */
const milliseconds = fc.integer({ min: -2.5e14, max: 2.5e14 });

test('any millisecond comes back from the wire as it was, as either end of a range', () => {
  fc.assert(
    fc.property(milliseconds, (at) => {
      expect(timeRange({ beginDate: seconds(at), endDate: seconds(at) }, code)).toEqual({ begin: at, end: at });
    }),
    { numRuns: propertyRuns(20_000) },
  );
});

test('what is finer than a millisecond is rounded inwards', () => {
  expect(timeRange({ beginDate: 1.0004, endDate: 2.0006 }, code)).toEqual({ begin: 1001, end: 2000 });
  expect(timeRange({}, code)).toBeUndefined();
  expect(timeRange({ endDate: 1 }, code)).toEqual({ begin: undefined, end: 1000 });
});
