import { DAY } from '../../domain/durations.ts';
import { requireOne } from '../arns.ts';
import { previewInProgress } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { requireTemplate } from './require-template.ts';

/** How long a preview can be read, in milliseconds: a day. */
const KEEP = DAY;

/** Has the exclusions of a template's next run worked out; one preview at a time per template. */
export const createExclusionsPreview: Operation<'CreateExclusionsPreview', 'store' | 'now' | 'newToken' | 'wakeJobs'> =
  ({ store, now, newToken, wakeJobs }) =>
  async ({ assessmentTemplateArn }, caller) => {
    const arn = requireOne(caller, 'template', assessmentTemplateArn);
    const { scope } = caller;
    const previewToken = newToken();
    await store.transaction(async (tables) => {
      const { id } = await requireTemplate(tables, caller, arn, assessmentTemplateArn);
      if (await tables.exclusionPreviews.inProgress(scope, id)) throw previewInProgress();
      const at = now();
      await tables.exclusionPreviews.deleteOlder(scope, id, at - KEEP);
      await tables.exclusionPreviews.insert(scope, previewToken, id, at);
      await tables.jobs.ask(scope, previewToken, 'preview', at);
    });
    wakeJobs();
    return { previewToken };
  };
