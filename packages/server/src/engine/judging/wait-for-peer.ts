import { boundedMap } from '../../domain/bounded-map.ts';

/** How long a server leaves a run to others that may have what it lacks, in milliseconds: each of them looks every second. */
const PATIENCE = 30_000;
/** Runs that are remembered. */
const KEPT = 1000;

/**
 * Servers that share a store need not have the same advisories. One that lacks those of a run asks this: true where it is
 * to give the run back, since another server works on the store and may have them; never for ever.
 */
export type WaitForPeer = (run: string) => Promise<boolean>;

export interface PeerWaitDeps {
  /** Whether no other server works on the store. */
  readonly alone: () => Promise<boolean>;
  readonly now: () => number;
}

export function createPeerWait({ alone, now }: PeerWaitDeps): WaitForPeer {
  const since = boundedMap<string, number>(KEPT, 'LEAST_RECENT');
  return async (run) => {
    if (await alone()) return false;
    const begin = since.get(run) ?? now();
    since.set(run, begin);
    return now() - begin < PATIENCE;
  };
}
