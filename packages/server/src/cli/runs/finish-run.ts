import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../domain/run.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import { evaluate } from '../../engine/jobs/evaluate.ts';
import type { KnowledgeSources } from '../../engine/judging/knowledge-source.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { Store } from '../../store/store.ts';

/** How often the run is looked at while a server works on it, in milliseconds. */
const LOOK_EVERY = 100;
/** Without any change for so long something is wrong with the server. */
const PATIENCE = 120_000;

/**
 * Waits for a run in evaluation to end. A server over the same store does the work; where there is none, this process
 * does. Throws {@link CliError} when it does not get on.
 */
export async function finishRun(
  store: Store,
  knowledge: KnowledgeSources,
  { scope, id }: { readonly scope: number; readonly id: string },
  log: (line: string) => void,
): Promise<Run> {
  let seen = '';
  let since = Date.now();
  for (;;) {
    const [run] = await store.runs.findMany(scope, [id]);
    if (!run) throw new CliError(`The run ${id} is gone; somebody deleted it.`);
    if (hasEnded(run.state)) return run;
    // A server that ends meanwhile leaves the lock: then it is ours.
    if (await store.takeOver()) {
      const { run: work } = evaluate({
        store,
        now: systemClock.now,
        ago: systemClock.ago,
        random: randomBytes,
        knowledge,
        log,
      });
      await work({ scope, subject: id }, new AbortController().signal);
      continue;
    }
    const progress = `${run.state} ${(await store.evaluations.done(scope, id)).length}`;
    if (progress !== seen) [seen, since] = [progress, Date.now()];
    else if (Date.now() - since > PATIENCE) {
      throw new CliError(`The run ${id} does not get on; see what the server of this data directory writes.`);
    }
    await delay(LOOK_EVERY);
  }
}
