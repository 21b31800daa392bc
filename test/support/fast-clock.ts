import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../packages/server/src/runtime/clock.ts';

/**
 * The system's clock until `hurry` is called, then one that many times as fast: a pause of seconds takes milliseconds.
 * Requests are signed with the system's time, and a server refuses them soon after its clock hurries.
 */
export function fastClock(times: number): Clock & { readonly hurry: () => void } {
  let begin = Number.POSITIVE_INFINITY;
  const now = (): number => {
    const real = Date.now();
    return real + Math.max(0, real - begin) * (times - 1);
  };
  return {
    hurry: () => {
      begin = Math.min(begin, Date.now());
    },
    now,
    ago: (milliseconds) => now() - milliseconds,
    // Sleeps are short from the beginning, so that none that is long outlasts it.
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds / times, undefined, { signal }).catch(() => undefined);
    },
  };
}
