import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../packages/server/src/runtime/clock.ts';

/** A clock that goes so many times as fast: what pauses for seconds takes a test milliseconds. */
export function fastClock(times: number): Clock {
  const begin = Date.now();
  return {
    now: () => begin + (Date.now() - begin) * times,
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds / times, undefined, { signal }).catch(() => undefined);
    },
  };
}
