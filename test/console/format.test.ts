import { expect, test } from 'vitest';
import { count, formatBytes, formatDuration, formatTime, sentence } from '../../packages/console/src/format.ts';

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
  expect(formatTime(new Date(2026, 2, 4, 9, 5, 7).getTime() / 1000)).toBe('2026-03-04 09:05:07');
});

test('constants and counts read as words', () => {
  expect(sentence('COMPLETED_WITH_ERRORS')).toBe('Completed with errors');
  expect([count(1, 'host'), count(0, 'host'), count(1234, 'host')]).toEqual(['1 host', '0 hosts', '1,234 hosts']);
});
