import type { Store } from '../../store/store.ts';
import type { Wakeups } from '../jobs/wakeups.ts';

/** How often a server looks for runs that another one has begun, in milliseconds. */
export const LOOK_EVERY = 2000;

export interface WatchInstructionsDeps {
  readonly store: Pick<Store, 'runAgents'>;
  /** What agents wait for under their ids. */
  readonly wakeups: Wakeups;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly report: (message: string, error: unknown) => void;
}

/**
 * Wakes the agents that wait here when a run which another server has begun wants something of them, until `stop`
 * aborts. One statement a look, however many wait, and one for each run that is new: whoever begins to wait asks the
 * store after that, so every host of a run is told of it once.
 */
export async function watchInstructions(
  { store, wakeups, sleep, report }: WatchInstructionsDeps,
  stop: AbortSignal,
): Promise<void> {
  let known: ReadonlySet<string> = new Set();
  for (;;) {
    await sleep(LOOK_EVERY, stop);
    if (stop.aborted) return;
    // Whoever comes later looks for itself.
    if (wakeups.waiting() === 0) {
      known = new Set();
      continue;
    }
    try {
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
