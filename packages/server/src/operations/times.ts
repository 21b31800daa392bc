import type { InvalidInputCode } from '@assay/model/api/fault-codes.ts';
import type { DurationRange, TimestampRange } from '@assay/model/api/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { TimeRange } from '../store/lists/run-filter.ts';
import { invalidInput } from './errors.ts';

/** Milliseconds of the store as the seconds of the wire. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;

/**
 * A range of the wire in milliseconds, bounds rounded inwards: times are kept to the millisecond. A range without an end
 * filters nothing, like an absent one. Throws the given code when it ends before it begins.
 */
export function timeRange(
  range: Static<typeof TimestampRange> | undefined,
  code: InvalidInputCode,
): TimeRange | undefined {
  const { beginDate, endDate } = range ?? {};
  if (beginDate === undefined && endDate === undefined) return undefined;
  if (beginDate !== undefined && endDate !== undefined && beginDate > endDate) {
    throw invalidInput(code, 'beginDate must not be later than endDate');
  }
  // 1458680170.035 * 1000 is not whole in binary: a time that is a millisecond's is that, any other goes to the microsecond.
  const ms = (time: number): number => {
    const whole = Math.round(time * 1e3);
    return whole / 1e3 === time ? whole : Math.round(time * 1e6) / 1e3;
  };
  return {
    begin: beginDate === undefined ? undefined : Math.ceil(ms(beginDate)),
    end: endDate === undefined ? undefined : Math.floor(ms(endDate)),
  };
}

/** Throws the given code when a duration range ends before it begins. */
export function checkDurationRange(range: Static<typeof DurationRange> | undefined, code: InvalidInputCode): void {
  const { minSeconds, maxSeconds } = range ?? {};
  if (minSeconds !== undefined && maxSeconds !== undefined && minSeconds > maxSeconds) {
    throw invalidInput(code, 'minSeconds must not be more than maxSeconds');
  }
}

/** An empty list filters nothing, like an absent one. */
export const nonEmpty = <T>(values: readonly T[] | undefined): readonly T[] | undefined =>
  values === undefined || values.length === 0 ? undefined : values;
