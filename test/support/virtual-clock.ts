import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { rememberJumps } from '../../packages/server/src/runtime/clock.ts';

/** Time that only moves when the test says so. */
export interface VirtualClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly ago: (milliseconds: number) => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Lets everything run that can run now. */
  readonly settle: () => Promise<void>;
  /** Moves on, waking every sleeper at its time and in its order. */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** Changes the clock as an administrator does: sleepers sleep as long as they would have. */
  readonly set: (milliseconds: number) => void;
}

/** `waiting` tells of work that time must not pass by: what is asked of another process. */
export function createVirtualClock(start: number, waiting: () => boolean = () => false): VirtualClock {
  let elapsed = 0;
  let offset = start;
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>();
  const settle = async (): Promise<void> => {
    // What else runs here waits for nothing but promises and SQLite, which answers at once.
    for (let turns = 0; turns < 20; turns = waiting() ? 0 : turns + 1) await (waiting() ? delay(1) : turn());
  };
  const ago = rememberJumps(
    () => offset + elapsed,
    () => elapsed,
  );
  ago(0);
  return {
    now: () => offset + elapsed,
    ago,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const sleeper = {
          due: elapsed + milliseconds,
          wake: () => {
            sleepers.delete(sleeper);
            signal.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.wake, { once: true });
      }),
    settle,
    advance: async (milliseconds) => {
      const until = elapsed + milliseconds;
      for (;;) {
        await settle();
        const due = [...sleepers].filter((sleeper) => sleeper.due <= until).sort((a, b) => a.due - b.due)[0];
        if (!due) break;
        elapsed = Math.max(elapsed, due.due);
        due.wake();
      }
      elapsed = until;
      await settle();
    },
    set: (milliseconds) => {
      offset = milliseconds - elapsed;
      ago(0);
    },
  };
}
