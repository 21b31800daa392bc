import { doesNotExist, requireOne } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { deleteRuns, requireNoLiveRun } from './delete-runs.ts';

/** Deletes a target with its templates, runs, findings, exclusions and reports; refused while one of its runs is going. */
export const deleteAssessmentTarget: Operation<'DeleteAssessmentTarget', 'store'> =
  ({ store }) =>
  async ({ assessmentTargetArn }, caller) => {
    const { ids } = requireOne(caller, 'target', assessmentTargetArn);
    const [target = ''] = ids;
    await store.transaction(async (tables) => {
      const [found] = await tables.targets.findMany(caller.scope, [target]);
      if (!found) throw doesNotExist('target', assessmentTargetArn);
      await requireNoLiveRun(tables, caller, { target });
      await deleteRuns(tables, caller, { target });
      await tables.eventSubscriptions.deleteOfTemplates(caller.scope, { target });
      await tables.schedules.deleteOfTemplates(caller.scope, { target });
      await tables.targetWindows.delete(caller.scope, target);
      await tables.exclusionPreviews.deleteOfTemplates(caller.scope, { target });
      await tables.templates.deleteOfTarget(caller.scope, target);
      await tables.targets.delete(caller.scope, target);
    });
    return {};
  };
