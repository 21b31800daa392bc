import type { Run } from '../../domain/run.ts';
import { type RunEvent, step } from '../../domain/run-machine.ts';
import { severities } from '../../domain/severity.ts';
import type { Tables } from '../../store/store.ts';
import { notifyOfStep } from '../notify/notify-run.ts';

/**
 * Makes one step of a run and writes all that follows from it: call it in a transaction. Returns the run after the
 * step; undefined, and nothing is written, when the table has no such step or another worker made one first.
 */
export async function advanceRun(
  tables: Pick<Tables, 'runs' | 'runAgents' | 'jobs' | 'findings' | 'eventSubscriptions' | 'outbox' | 'scopes'>,
  scope: number,
  run: Run,
  event: RunEvent,
  now: number,
): Promise<Run | undefined> {
  const next = step(run.state, event);
  if (!next) return undefined;
  // A clock that was set back never makes a run's history go backwards.
  const at = Math.max(now, run.stateChangedAt);
  // However it ends: findings of a run that was stopped or broke are listed too.
  const findingCounts = next.ends ? await countFindings(tables, scope, run.id) : run.findingCounts;
  const after: Run = {
    ...run,
    state: next.state,
    stateChangedAt: at,
    stateChanges: [...run.stateChanges, { at, state: next.state }],
    startedAt: next.starts ? at : run.startedAt,
    completedAt: next.ends ? at : run.completedAt,
    dataCollected: run.dataCollected || next.collected,
    findingCounts,
  };
  if (!(await tables.runs.advance(scope, run, after))) return undefined;
  await notifyOfStep(tables, scope, run, next, at, now);
  if (next.effect.job !== 'none') await tables.jobs.ask(scope, run.id, next.effect.job, now);
  if (next.ends) {
    await tables.runAgents.release(scope, run.id);
    await tables.jobs.delete(scope, { run: run.id });
  }
  return after;
}

/** By every severity, also those that were not found. */
async function countFindings(
  tables: Pick<Tables, 'findings'>,
  scope: number,
  run: string,
): Promise<Run['findingCounts']> {
  const counts = await tables.findings.countBySeverity(scope, run);
  return Object.fromEntries(severities.map((severity) => [severity, counts[severity] ?? 0]));
}
