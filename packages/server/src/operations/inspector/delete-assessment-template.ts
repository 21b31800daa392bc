import { requireOne } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { deleteRuns, requireNoLiveRun } from './delete-runs.ts';
import { requireTemplate } from './require-template.ts';

/** Deletes a template with its runs, findings, exclusions and reports; refused while one of its runs is going. */
export const deleteAssessmentTemplate: Operation<'DeleteAssessmentTemplate', 'store'> =
  ({ store }) =>
  async ({ assessmentTemplateArn }, caller) => {
    const arn = requireOne(caller, 'template', assessmentTemplateArn);
    await store.transaction(async (tables) => {
      const { id: template } = await requireTemplate(tables, caller, arn, assessmentTemplateArn);
      await requireNoLiveRun(tables, caller, { template });
      await deleteRuns(tables, caller, { template });
      await tables.eventSubscriptions.deleteOfTemplates(caller.scope, { template });
      await tables.schedules.deleteOfTemplates(caller.scope, { template });
      await tables.exclusionPreviews.deleteOfTemplates(caller.scope, { template });
      await tables.templates.delete(caller.scope, template);
    });
    return {};
  };
