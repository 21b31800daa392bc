import { advanceRun } from '../runs/advance-run.ts';
import type { JobKind } from './job.ts';

/** How long upkeep that failed again and again is left alone, in milliseconds. */
const REST = 3_600_000;

/** Ends a run whose work cannot be done: FAILED while it collects, ERROR while it is evaluated. */
export const failRun: JobKind['giveUp'] = async (tables, { scope, subject }, now) => {
  const [run] = await tables.runs.findMany(scope, [subject]);
  if (run && !(await advanceRun(tables, scope, run, 'FAIL', now))) await advanceRun(tables, scope, run, 'BREAK', now);
  return { done: true };
};

/** Upkeep is needed for as long as there is a server; what went wrong was reported. */
export const restUpkeep: JobKind['giveUp'] = async (_, __, now) => ({ done: false, notBefore: now + REST });
