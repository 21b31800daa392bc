import { describe, expect, test } from 'vitest';
import { nextTime } from '../../../packages/server/src/engine/schedule/next-time.ts';

const iso = (text: string): number => Date.parse(text);
const times = (cron: string, timeZone: string, after: string, count: number): string[] => {
  const found: string[] = [];
  for (let at = iso(after); found.length < count; ) {
    const next = nextTime({ when: { cron, timeZone }, createdAt: 0 }, at);
    if (next === undefined) break;
    expect(next).toBeGreaterThan(at);
    found.push(new Date(next).toISOString());
    at = next;
  }
  return found;
};

describe('a cron expression goes by the clock of its time zone', () => {
  test('in winter and in summer', () => {
    expect(times('0 3 * * *', 'Europe/Berlin', '2026-01-10T00:00:00Z', 1)).toEqual(['2026-01-10T02:00:00.000Z']);
    expect(times('0 3 * * *', 'Europe/Berlin', '2026-07-10T00:00:00Z', 1)).toEqual(['2026-07-10T01:00:00.000Z']);
  });
  test('an hour that is left out still has its run, once', () => {
    const found = times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2);
    // 02:30 is not there on the 29th: at 02:00 it becomes 03:00, which is 01:00 UTC.
    expect(found[0]).toMatch(/^2026-03-29T01:[03]0:00/);
    expect(found[1]).toBe('2026-03-30T00:30:00.000Z');
  });
  test('an hour that comes twice has one run', () => {
    const found = times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2);
    expect(found[0]).toMatch(/^2026-10-25T0[01]:30:00/);
    expect(found[1]).toBe('2026-10-26T01:30:00.000Z');
  });
  test('leap days', () => {
    expect(times('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 2)).toEqual([
      '2028-02-29T00:00:00.000Z',
      '2032-02-29T00:00:00.000Z',
    ]);
  });
  test('a day that never comes has no time', () => {
    expect(times('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual([]);
  });
});

test('every N days counts from the creation, whatever was missed', () => {
  const createdAt = iso('2026-01-01T12:34:56Z');
  const next = (after: number): string =>
    new Date(nextTime({ when: { everyDays: 7 }, createdAt }, after) ?? 0).toISOString();
  expect(next(createdAt)).toBe('2026-01-08T12:34:56.000Z');
  expect(next(iso('2026-01-08T12:34:56Z'))).toBe('2026-01-15T12:34:56.000Z');
  expect(next(iso('2026-03-01T00:00:00Z'))).toBe('2026-03-05T12:34:56.000Z');
  // A clock that was set back before it was created.
  expect(next(iso('2025-01-01T00:00:00Z'))).toBe('2026-01-08T12:34:56.000Z');
});
