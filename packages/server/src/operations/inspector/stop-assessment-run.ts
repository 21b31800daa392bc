import { advanceRun } from '../../engine/runs/advance-run.ts';
import { doesNotExist, requireOne, sameParents } from '../arns.ts';
import type { Operation } from '../operation.ts';

/**
 * Stops a run: START_EVALUATION (the default) ends collection and evaluates what is there, SKIP_EVALUATION cancels the
 * run. A run that has ended, or whose collection has, is left as it is.
 */
export const stopAssessmentRun: Operation<'StopAssessmentRun', 'store' | 'now' | 'wakeJobs'> =
  ({ store, now, wakeJobs }) =>
  async ({ assessmentRunArn, stopAction = 'START_EVALUATION' }, caller) => {
    const arn = requireOne(caller, 'run', assessmentRunArn);
    const [, , id = ''] = arn.ids;
    await store.transaction(async (tables) => {
      const [run] = await tables.runs.findMany(caller.scope, [id]);
      if (!run || !sameParents(arn, run.target, run.template, run.id)) throw doesNotExist('run', assessmentRunArn);
      const event = stopAction === 'SKIP_EVALUATION' ? 'CANCEL' : 'FINISH_COLLECTION';
      await advanceRun(tables, caller.scope, run, event, now());
    });
    wakeJobs();
    return {};
  };
