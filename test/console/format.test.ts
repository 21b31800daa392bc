import { expect, test } from 'vitest';
import {
  count,
  formatAgo,
  formatBytes,
  formatDuration,
  formatTime,
  formatUtc,
  sentence,
  zoneOf,
} from '../../packages/console/src/format.ts';
import { readPreferences } from '../../packages/console/src/ui/table-preferences.ts';

test.each([
  [0, '< 1 s'],
  [0.99, '< 1 s'],
  [1, '1 s'],
  [59.6, '1 min'],
  [65, '1 min 5 s'],
  [3600, '1 h'],
  [3605, '1 h'],
  [3660, '1 h 1 min'],
  [90_061, '1 d 1 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [123_456, '123 KB'],
  [5_400_000, '5.4 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('a moment is written in the reader’s own time zone', () => {
  const moment = new Date(2026, 2, 4, 9, 5, 7);
  const zone = zoneOf(-moment.getTimezoneOffset());
  expect(formatTime(moment.getTime() / 1000)).toBe(`2026-03-04 09:05:07 ${zone}`);
  expect(formatUtc(Date.UTC(2026, 2, 4, 9, 5, 7) / 1000)).toBe('2026-03-04 09:05:07 UTC');
});

test.each([
  [0, 'UTC'],
  [60, 'UTC+1'],
  [-210, 'UTC-3:30'],
  [345, 'UTC+5:45'],
])('%d minutes ahead are %s', (minutes, zone) => {
  expect(zoneOf(minutes)).toBe(zone);
});

test.each([
  [0, 'now'],
  [59, 'now'],
  [60, '1 min ago'],
  [7300, '2 h ago'],
  [200_000, '2 d ago'],
  [-7300, 'in 2 h'],
])('%d seconds ago is %s', (seconds, text) => {
  expect(formatAgo(1_000_000 - seconds, 1_000_000)).toBe(text);
});

test('what a browser keeps of a table is used as far as it can be', () => {
  const usual = { pageSize: 20, visible: ['a'], compact: false, wrap: false };
  const of = (kept: string | null) => readPreferences('t', usual, { getItem: () => kept });
  for (const bad of [null, '', '{', '1', 'null', '{"pageSize":7,"visible":1,"compact":"x"}'])
    expect(of(bad)).toEqual(usual);
  expect(of('{"pageSize":50,"visible":["b"],"compact":true}')).toEqual({
    ...{ pageSize: 50, visible: ['b'], compact: true, wrap: false },
  });
});

test('constants and counts read as words', () => {
  expect(sentence('COMPLETED_WITH_ERRORS')).toBe('Completed with errors');
  expect([count(1, 'host'), count(0, 'host'), count(1234, 'host')]).toEqual(['1 host', '0 hosts', '1,234 hosts']);
});
