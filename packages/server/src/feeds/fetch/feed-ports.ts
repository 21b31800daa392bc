import type { BuildIndex } from '../build-from-parts.ts';

/** What updating feeds needs of the world. */
export interface FeedPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Aborts after that many milliseconds. */
  readonly deadline: (milliseconds: number) => AbortSignal;
  /** The `User-Agent` header, where the operator gives one. */
  readonly agent?: string;
  /** Where an address that a publisher names is asked instead: on the operator's mirror. */
  readonly rewrite?: (url: string) => string;
  /** Builds an index where that keeps nobody waiting; else it is done in this thread. */
  readonly buildIndex?: BuildIndex;
}
