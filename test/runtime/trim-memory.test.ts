import { setImmediate as turn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test, vi } from 'vitest';
import { trimMemoryAfterStart } from '../../packages/server/src/runtime/trim-memory.ts';

afterEach(() => void vi.useRealTimers());

test('what nobody holds any more is collected after the start, and nobody else gets at the collector', async () => {
  const left = new WeakRef({ loaded: 'and not used again' });
  await turn();
  expect(left.deref()).toBeDefined();
  await turn();
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  trimMemoryAfterStart();
  vi.advanceTimersByTime(2000);
  await turn();
  expect(left.deref()).toBeUndefined();
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
