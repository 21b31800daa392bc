import type { Store } from '../../store/store.ts';
import type { Wakeups } from '../jobs/wakeups.ts';
import { LOOK_EVERY } from './claim-identity.ts';

/** How long a change of who speaks for a host is looked for, in milliseconds: longer than clocks and commits differ. */
const CLAIMS_LOOKED_FOR = 30_000;

export interface WatchInstructionsDeps {
  readonly store: Pick<Store, 'agents' | 'runAgents'>;
  /** What agents wait for under their ids. */
  readonly wakeups: Wakeups;
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly report: (message: string, error: unknown) => void;
}

/**
 * Wakes the agents that wait here when a run which another server has begun wants something of them, and when another
 * process has begun to speak for their host elsewhere, until `stop` aborts. Two statements a look, however many wait, and
 * one for each run that is new: whoever begins to wait asks the store after that, so every host of a run is told of it once.
 */
export async function watchInstructions(
  { store, wakeups, now, sleep, report }: WatchInstructionsDeps,
  stop: AbortSignal,
): Promise<void> {
  let known: ReadonlySet<string> = new Set();
  let claims: ReadonlySet<string> = new Set();
  for (;;) {
    await sleep(LOOK_EVERY, stop);
    if (stop.aborted) return;
    // Whoever comes later looks for itself.
    if (wakeups.waiting() === 0) {
      known = new Set();
      claims = new Set();
      continue;
    }
    try {
      const claimed = await store.agents.claimedSince(now() - CLAIMS_LOOKED_FOR);
      const nameOf = ({ id, claimedAt }: (typeof claimed)[number]): string => `${id}/${claimedAt}`;
      await wakeups.wake(claimed.filter((each) => !claims.has(nameOf(each))).map(({ id }) => id));
      claims = new Set(claimed.map(nameOf));
      const collecting = await store.runAgents.collectingRuns();
      const told = new Set<string>();
      for (const { scope, run } of collecting) {
        const name = `${scope}/${run}`;
        if (!known.has(name)) await wakeups.wake(await store.runAgents.pending(scope, run));
        told.add(name);
      }
      known = told;
    } catch (error) {
      report('What other servers want of the agents here could not be looked up', error);
    }
  }
}
