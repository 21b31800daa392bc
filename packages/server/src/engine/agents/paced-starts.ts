/** How long a step is, in milliseconds, and how many hosts may begin in one: at first, and at most. */
const STEP = 100;
const FIRST = 5;
const MOST = 10;
/** Shares of its time that the thread which serves is at work: more hosts begin below the one, fewer beyond the other. */
const LITTLE = 0.6;
const MUCH = 0.7;

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
  /** The share of the time since it was asked last that the thread which serves was at work. */
  readonly load: () => number;
}

/**
 * The first hosts of a step begin at once; those beyond wait for the next one, and all of them for as long as the server
 * is busy: a run over thousands of hosts must keep neither other calls nor heartbeats waiting. With every step one host
 * more begins, or one less, as the server's load has it.
 */
export function createPacedStarts({ sleep, busy, load }: PacedStartsDeps): PacedStarts {
  const queue = new Set<() => void>();
  const never = new AbortController().signal;
  let atOnce = FIRST;
  let left = atOnce;
  let stepping = false;

  const step = async (): Promise<void> => {
    while (left < atOnce || queue.size > 0) {
      load();
      await sleep(STEP, never);
      const share = load();
      if (share < LITTLE) atOnce = Math.min(MOST, atOnce + 1);
      if (share > MUCH) atOnce = Math.max(1, atOnce - 1);
      if (busy()) continue;
      left = atOnce;
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
