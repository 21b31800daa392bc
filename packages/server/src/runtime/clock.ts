import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What the clock showed so many milliseconds ago, as a clock that nobody can set measures them: see Ago. */
  readonly ago: (milliseconds: number) => number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Less is the clock being slewed, in milliseconds. */
const JUMP = 1000;
/** Jumps that are remembered; of a clock that jumps more often, nobody can say what it showed. */
const REMEMBERED = 100;

/**
 * What a clock showed a while ago: `wall` may be set, forward and back, and `steady` may not. It remembers jumps that it
 * sees, so it must be asked now and then. A machine that slept is one whose clock was set forward.
 */
export function rememberJumps(wall: () => number, steady: () => number): Clock['ago'] {
  const jumps: { readonly at: number; readonly offset: number }[] = [];
  return (milliseconds) => {
    const at = steady();
    const offset = wall() - at;
    const last = jumps.at(-1);
    if (!last || Math.abs(offset - last.offset) > JUMP) jumps.push({ at, offset });
    if (jumps.length > REMEMBERED) jumps.shift();
    const then = at - milliseconds;
    const known = jumps.findLast((jump) => jump.at <= then) ?? jumps[0];
    // Slewing counts: without a jump since, it is what the clock shows now that is counted back from.
    return known === jumps.at(-1) ? then + offset : then + (known?.offset ?? offset);
  };
}

const systemAgo = rememberJumps(Date.now, () => performance.now());

export const systemClock: Clock = {
  now: () => {
    systemAgo(0);
    return Date.now();
  },
  ago: systemAgo,
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  },
};

/** A clock that never gives the same millisecond twice. */
export function increasing(now: () => number): () => number {
  let last = 0;
  return () => {
    last = Math.max(now(), last + 1);
    return last;
  };
}

/** False where the work takes longer; it is not waited for then. */
export async function endsWithin(work: Promise<void>, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const late = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([work.then(() => true), promise]);
  } finally {
    clearTimeout(late);
  }
}
