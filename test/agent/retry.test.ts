import { pauseAfter, retry } from '@assay/agent/retry.ts';
import { isFinal, isNotEnrolled, ServerFault } from '@assay/agent/server-fault.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

test('pauses double from a second to a minute, and up to half of one is chance', () => {
  expect([1, 2, 3, 6, 7, 5000].map((failures) => pauseAfter(failures, 0))).toEqual([
    500, 1000, 2000, 16_000, 30_000, 30_000,
  ]);
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), random, (failures, chance) => {
      const pause = pauseAfter(failures, chance);
      expect(pause).toBeGreaterThanOrEqual(500);
      expect(pause).toBeLessThanOrEqual(60_000);
    }),
  );
});

test.each([
  [new Error('connect ECONNREFUSED'), false],
  [new ServerFault(500, 'Internal', ''), false],
  [new ServerFault(503, undefined, ''), false],
  [new ServerFault(401, 'ClockSkew', ''), false],
  [new ServerFault(401, undefined, 'a proxy'), false],
  [new ServerFault(404, undefined, 'a proxy'), false],
  [new ServerFault(301, undefined, ''), false],
  [new ServerFault(408, 'Timeout', ''), false],
  [new ServerFault(429, 'SlowDown', ''), false],
  [new ServerFault(401, 'BadSignature', ''), true],
  [new ServerFault(409, 'CollectionOver', ''), true],
  [new ServerFault(413, undefined, 'a proxy'), true],
])('%o: asking again cannot change it: %s', (error, final) => {
  expect(isFinal(error)).toBe(final);
  expect(isNotEnrolled(error)).toBe('code' in error && error.code === 'BadSignature');
});

describe('asking again', () => {
  const failing = (times: number, error: Error) => (failures: number) =>
    failures < times ? Promise.reject(error) : Promise.resolve(failures);

  test('ends with the first answer; one trouble is told once', async () => {
    const log: string[] = [];
    const signal = new AbortController().signal;
    expect(await retry(failing(2, new Error('no\u001b[31m way.')), { signal, log: (line) => log.push(line) })).toBe(2);
    expect(log).toEqual([
      'The server cannot be reached or cannot answer: no [31m way. Trying again until it does.',
      'The server answers again.',
    ]);
  });

  test('ends with a refusal, and when it is stopped', async () => {
    const stopping = new AbortController();
    const deps = { signal: stopping.signal, log: () => stopping.abort(new Error('stopped')) };
    const refusal = new ServerFault(409, 'CollectionOver', 'over');
    await expect(retry(failing(1, refusal), deps)).rejects.toBe(refusal);
    await expect(retry(failing(9, new Error('no')), deps)).rejects.toThrow();
    await expect(retry(failing(0, refusal), deps)).rejects.toThrow('stopped');
  });
});
