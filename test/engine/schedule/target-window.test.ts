import { describe, expect, test } from 'vitest';
import { opensAt, windowWords } from '../../../packages/server/src/engine/schedule/target-window.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const opens = (days: number[], from: number, to: number, timeZone: string, at: string): string => {
  const opening = opensAt({ days, from: from * 60, to: to * 60, timeZone }, Date.parse(at));
  return opening === undefined ? 'never' : new Date(opening).toISOString().replace(':00.000Z', 'Z');
};

describe('a window by the clock of its zone', () => {
  test.each([
    // Within, at its first and last minute, and at its end.
    ['2026-01-05T10:00Z', '2026-01-05T10:00Z'],
    ['2026-01-05T09:00Z', '2026-01-05T09:00Z'],
    ['2026-01-05T16:59Z', '2026-01-05T16:59Z'],
    ['2026-01-05T17:00Z', '2026-01-06T09:00Z'],
    ['2026-01-05T03:00Z', '2026-01-05T09:00Z'],
    // From Friday evening to Monday.
    ['2026-01-09T20:00Z', '2026-01-12T09:00Z'],
  ])('on weekdays from 9 to 17: at %s it opens %s', (at, opening) => {
    expect(opens([1, 2, 3, 4, 5], 9, 17, 'UTC', at)).toBe(opening);
  });

  test.each([
    ['2026-01-10T23:00Z', '2026-01-10T23:00Z'],
    ['2026-01-11T04:59Z', '2026-01-11T04:59Z'],
    ['2026-01-11T05:00Z', '2026-01-17T22:00Z'],
    // Sunday's evening is not Saturday's.
    ['2026-01-11T23:00Z', '2026-01-17T22:00Z'],
  ])('over midnight, on Saturdays: at %s it opens %s', (at, opening) => {
    expect(opens([6], 22, 5, 'UTC', at)).toBe(opening);
  });

  test('in summer and in winter', () => {
    expect(opens(EVERY_DAY, 22, 23, 'Europe/Berlin', '2026-07-01T00:00Z')).toBe('2026-07-01T20:00Z');
    expect(opens(EVERY_DAY, 22, 23, 'Europe/Berlin', '2026-12-01T00:00Z')).toBe('2026-12-01T21:00Z');
  });

  test('an hour that summer time leaves out has no window; one that comes twice has it twice', () => {
    expect(opens(EVERY_DAY, 2, 3, 'Europe/Berlin', '2026-03-29T00:00Z')).toBe('2026-03-30T00:00Z');
    expect(opens(EVERY_DAY, 2, 3, 'Europe/Berlin', '2026-10-25T00:30Z')).toBe('2026-10-25T00:30Z');
    expect(opens(EVERY_DAY, 2, 3, 'Europe/Berlin', '2026-10-25T01:30Z')).toBe('2026-10-25T01:30Z');
    // A window around the gap is open from its first minute there is.
    expect(opens(EVERY_DAY, 2, 4, 'Europe/Berlin', '2026-03-29T00:00Z')).toBe('2026-03-29T01:00Z');
  });
});

test('in words', () => {
  const window = { days: [1, 5], from: 22 * 60 + 30, to: 5 * 60, timeZone: 'Europe/Berlin' };
  expect(windowWords(window)).toBe('Mon Fri 22:30–05:00 Europe/Berlin');
  expect(windowWords({ ...window, days: EVERY_DAY })).toBe('every day 22:30–05:00 Europe/Berlin');
});
