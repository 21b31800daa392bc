import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';

/** Keys that are woken before others go on: what wakes then takes some 40 µs each. */
const AT_ONCE = 100;

/**
 * Lets something that waits for a change in the store be told at once. A hint only: whoever waits also looks by itself
 * after a while, since the change may have been made by another server.
 */
export interface Wakeups {
  /** Resolves when `key` is woken or `signal` aborts, whichever is first. */
  readonly wait: (key: string, signal: AbortSignal) => Promise<void>;
  /** Those that are woken with many others are woken a few at a time, with whatever else is ready in between. */
  readonly wake: (keys: readonly string[]) => Promise<void>;
  /** How many keys are waited for. */
  readonly waiting: () => number;
}

export function createWakeups(): Wakeups {
  const waiting = new Map<string, Set<() => void>>();
  return {
    wait: (key, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const resolvers = waiting.get(key) ?? new Set();
        waiting.set(key, resolvers);
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolvers.delete(done);
          if (resolvers.size === 0 && waiting.get(key) === resolvers) waiting.delete(key);
          resolve();
        };
        resolvers.add(done);
        signal.addEventListener('abort', done, { once: true });
      }),
    wake: async (keys) => {
      for (const [at, key] of keys.entries()) {
        if (at > 0 && at % AT_ONCE === 0) await yieldToEventLoop();
        for (const resolve of [...(waiting.get(key) ?? [])]) resolve();
      }
    },
    waiting: () => waiting.size,
  };
}
