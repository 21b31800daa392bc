/** Lets so many works run at once, and the others wait in the order they came. */
export interface Limit {
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
  /** How many wait. */
  readonly waiting: () => number;
}

export function createLimit(atOnce: number): Limit {
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    run: async (work) => {
      // Whoever ends hands its place over, so that nobody who comes meanwhile can take it.
      if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
      else running++;
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running--;
      }
    },
    waiting: () => queue.length,
  };
}
