import { runArn } from '@assay/model/arn.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import { doesNotExist, requireOne, sameParents } from '../arns.ts';
import { runInProgress } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { deleteRuns } from './delete-runs.ts';

/** Deletes a run with its findings, exclusions, evidence and reports; refused while it is going. */
export const deleteAssessmentRun: Operation<'DeleteAssessmentRun', 'store'> =
  ({ store }) =>
  async ({ assessmentRunArn }, caller) => {
    const arn = requireOne(caller, 'run', assessmentRunArn);
    const [, , id = ''] = arn.ids;
    const { scope } = caller;
    await store.transaction(async (tables) => {
      const [run] = await tables.runs.findMany(scope, [id]);
      if (!run || !sameParents(arn, run.target, run.template, run.id)) throw doesNotExist('run', assessmentRunArn);
      if (!hasEnded(run.state)) {
        throw runInProgress([assessmentRunArn], false, 'The assessment run has not ended; wait for it or stop it');
      }
      await deleteRuns(tables, caller, { run: id });
      const newest = await tables.runs.newestOfTemplate(scope, run.template);
      const last = newest ? runArn(caller, newest.target, newest.template, newest.id) : null;
      await tables.templates.uncountRun(scope, run.template, last);
    });
    return {};
  };
