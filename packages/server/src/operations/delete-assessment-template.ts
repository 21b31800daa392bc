import { doesNotExist, requireOne, sameParents } from './arns.ts';
import { deleteRuns, requireNoLiveRun } from './delete-runs.ts';
import type { Operation } from './operation.ts';

/** Deletes a template with its runs, findings and exclusions; refused while one of its runs is going. */
export const deleteAssessmentTemplate: Operation<'DeleteAssessmentTemplate', 'store'> =
  ({ store }) =>
  async ({ assessmentTemplateArn }, caller) => {
    const arn = requireOne(caller, 'template', assessmentTemplateArn);
    const [, template = ''] = arn.ids;
    await store.transaction(async (tables) => {
      const [found] = await tables.templates.findMany(caller.scope, [template]);
      if (!found || !sameParents(arn, found.target, found.id)) throw doesNotExist('template', assessmentTemplateArn);
      await requireNoLiveRun(tables, caller, { template });
      await deleteRuns(tables, caller, { template });
      await tables.templates.delete(caller.scope, template);
    });
    return {};
  };
