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
  test.each<readonly [cron: string, zone: string, after: string, times: readonly string[]]>([
    // Left out: right after the gap, and only once.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['03-29T01:00', '03-30T00:30', '03-31T00:30']],
    ['0 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['03-29T01:00', '03-30T00:00']],
    ['30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['03-08T07:00', '03-09T06:30']],
    ['0 0 * * *', 'America/Santiago', '2026-09-05T00:00Z', ['09-05T04:00', '09-06T04:00', '09-07T03:00']],
    // Half an hour.
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', ['10-03T15:30', '10-04T15:15']],
    // Twice: only the first.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['10-25T00:30', '10-26T01:30']],
    ['30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['11-01T05:30', '11-02T06:30']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-03T20:00Z', ['04-04T14:45', '04-05T15:15']],
    // Every hour and half hour is each that passes.
    ['0 * * * *', 'Europe/Berlin', '2026-03-29T00:00Z', ['03-29T01:00', '03-29T02:00']],
    ['0 * * * *', 'Europe/Berlin', '2026-10-24T23:30Z', ['10-25T00:00', '10-25T01:00', '10-25T02:00']],
    [
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-10-25T00:10Z',
      ['10-25T00:30', '10-25T01:00', '10-25T01:30', '10-25T02:00'],
    ],
  ])('%s in %s after %s', (cron, zone, after, expected) => {
    expect(times(cron, zone, after, expected.length)).toEqual(expected.map((time) => `2026-${time}:00.000Z`));
  });
  test.each([
    '2026-10-25T00:30:01Z',
    '2026-10-25T00:59:59Z',
    '2026-10-25T01:00Z',
    '2026-10-25T01:29:59Z',
    '2026-10-25T02:00Z',
  ])('an hour that comes twice has one run, whenever that is asked: %s', (after) => {
    expect(times('30 2 * * *', 'Europe/Berlin', after, 1)).toEqual(['2026-10-26T01:30:00.000Z']);
  });
  test('leap days', () => {
    expect(times('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 2)).toEqual([
      '2028-02-29T00:00:00.000Z',
      '2032-02-29T00:00:00.000Z',
    ]);
    // 2100 has none.
    expect(times('0 0 29 2 *', 'UTC', '2096-03-01T00:00:00Z', 1)).toEqual(['2104-02-29T00:00:00.000Z']);
    expect(times('0 3 28 2 *', 'Asia/Tokyo', '2028-02-01T00:00:00Z', 1)).toEqual(['2028-02-27T18:00:00.000Z']);
  });
  test('months without the day are left out', () => {
    expect(times('0 3 31 * *', 'UTC', '2026-01-01T00:00:00Z', 3).map((time) => time.slice(5, 10))).toEqual([
      ...['01-31', '03-31', '05-31'],
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
