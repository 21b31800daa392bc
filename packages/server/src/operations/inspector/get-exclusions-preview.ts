import { requireOne } from '../arns.ts';
import { invalidInput } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, slicePage } from '../page.ts';
import { requireTemplate } from './require-template.ts';

/** What a run of the template would not assess, once that is worked out. The page holds 100 by default. */
export const getExclusionsPreview: Operation<'GetExclusionsPreview', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { assessmentTemplateArn, previewToken } = input;
    const arn = requireOne(caller, 'template', assessmentTemplateArn);
    const page = pageRequest(tokens, 'GetExclusionsPreview', caller, input, 100);
    const template = await requireTemplate(store, caller, arn, assessmentTemplateArn);
    const preview = await store.exclusionPreviews.find(caller.scope, previewToken);
    if (!preview || preview.template !== template.id) {
      throw invalidInput(
        'INVALID_ATTRIBUTE',
        `previewToken is not one of a preview of ${assessmentTemplateArn}; they are kept for a day`,
      );
    }
    if (preview.exclusions === null) return { previewStatus: 'WORK_IN_PROGRESS' };
    const numbered = preview.exclusions.map((document, at) => ({ document, id: String(at) }));
    const { rows, nextToken } = await slicePage(page, numbered, ({ id }) => id);
    return {
      previewStatus: 'COMPLETED',
      exclusionPreviews: rows.map(({ document: { title, description, recommendation, scopes, attributes } }) => ({
        title,
        description,
        recommendation,
        scopes: [...scopes],
        attributes: [...attributes],
      })),
      nextToken,
    };
  };
