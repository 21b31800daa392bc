/** How many hosts are told to begin in each step, and how long a step is in milliseconds: a hundred a second. */
const HOSTS = 10;
const STEP = 100;

/** Lets the hosts of large runs begin one after the other, in the order that they ask. */
export interface PacedStarts {
  /** Resolves to true when it is this one's turn, false when `signal` aborts before. */
  readonly turn: (signal: AbortSignal) => Promise<boolean>;
  /** Whether more evidence arrives than is taken in. */
  readonly busy: () => boolean;
}

export interface PacedStartsDeps {
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly busy: () => boolean;
}

/**
 * The first hosts of a step begin at once; those beyond wait for the next one, and all of them for as long as the server
 * is busy: a run over thousands of hosts must keep neither other calls nor heartbeats waiting.
 */
export function createPacedStarts({ sleep, busy }: PacedStartsDeps): PacedStarts {
  const queue = new Set<() => void>();
  const never = new AbortController().signal;
  let left = HOSTS;
  let stepping = false;

  const step = async (): Promise<void> => {
    while (left < HOSTS || queue.size > 0) {
      await sleep(STEP, never);
      if (busy()) continue;
      left = HOSTS;
      for (const begin of queue) {
        if (left === 0) break;
        left--;
        begin();
      }
    }
    stepping = false;
  };
  const keepStepping = (): void => {
    if (stepping) return;
    stepping = true;
    void step();
  };

  return {
    busy,
    turn: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(false);
        if (left > 0 && queue.size === 0 && !busy()) {
          left--;
          keepStepping();
          return resolve(true);
        }
        const settle = (begins: boolean) => (): void => {
          queue.delete(begin);
          signal.removeEventListener('abort', give);
          resolve(begins);
        };
        const begin = settle(true);
        const give = settle(false);
        queue.add(begin);
        signal.addEventListener('abort', give, { once: true });
        keepStepping();
      }),
  };
}
