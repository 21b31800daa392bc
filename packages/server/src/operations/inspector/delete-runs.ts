import { runArn } from '@assay/model/arn.ts';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { RunSelection } from '../../store/lists/run-selection.ts';
import type { Tables } from '../../store/store.ts';
import { runInProgress } from '../errors.ts';
import type { Caller } from '../operation.ts';

/** Deletes runs with all that hangs on them: findings, exclusions, verdicts, evidence and reports. */
export async function deleteRuns(tables: Tables, { scope }: Caller, which: RunSelection): Promise<void> {
  const { findings, exclusions, evaluations, evidence, jobs, runAgents, reports, runs } = tables;
  // Runs come last: what is theirs is found by them. Of many, each table can take a thread a third of a second.
  for (const table of [findings, exclusions, evaluations, evidence, jobs, runAgents, reports, runs]) {
    await table.delete(scope, which);
    await yieldToEventLoop();
  }
}

/** Throws AssessmentRunInProgressException with up to 10 of the runs that have not ended. */
export async function requireNoLiveRun(
  tables: Pick<Tables, 'runs'>,
  caller: Caller,
  parent: { readonly target: string } | { readonly template: string },
): Promise<void> {
  const live = await tables.runs.listLive(caller.scope, parent, 11);
  if (live.length === 0) return;
  const arns = live.slice(0, 10).map(({ target, template, id }) => runArn(caller, target, template, id));
  throw runInProgress(arns, live.length > 10, 'An assessment run has not ended; wait for it or stop it');
}
