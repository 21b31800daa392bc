import { type Arn, runArn, templateArn } from '@assay/model/arn.ts';
import type { Store } from '../../store/store.ts';
import { doesNotExist, requireForm, requireOwn } from '../arns.ts';
import type { Caller, Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';
import { checkDurationRange, nonEmpty, timeRange } from '../times.ts';
import { rulesPackageSetsWith } from './rules-package-sets-with.ts';

/**
 * Lists runs, newest first. Every given attribute of the filter must match; of an attribute with several values any may.
 * Source: the reference of ListAssessmentRuns.
 */
export const listAssessmentRuns: Operation<'ListAssessmentRuns', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { filter = {} } = input;
    const given = nonEmpty(input.assessmentTemplateArns);
    const templates = given && requireOwn(caller, 'template', given);
    const packages = nonEmpty(filter.rulesPackageArns);
    if (packages) requireForm(caller, 'rulespackage', packages);
    checkDurationRange(filter.durationRange, 'INVALID_ASSESSMENT_RUN_DURATION_RANGE');
    const started = timeRange(filter.startTimeRange, 'INVALID_ASSESSMENT_RUN_START_TIME_RANGE');
    const completed = timeRange(filter.completionTimeRange, 'INVALID_ASSESSMENT_RUN_COMPLETION_TIME_RANGE');
    const stateChanged = timeRange(filter.stateChangeTimeRange, 'INVALID_ASSESSMENT_RUN_STATE_CHANGE_TIME_RANGE');
    const page = pageRequest(tokens, 'ListAssessmentRuns', caller, input);

    if (templates) await requireTemplates(store, caller, templates);
    const conditions = {
      templates: templates?.map(({ ids }) => ids[1] ?? ''),
      namePattern: filter.namePattern,
      states: nonEmpty(filter.states),
      minDuration: filter.durationRange?.minSeconds,
      maxDuration: filter.durationRange?.maxSeconds,
      rulesPackages: await rulesPackageSetsWith(store, packages),
      started,
      completed,
      stateChanged,
    };
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.runs.list(caller.scope, conditions, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    return {
      assessmentRunArns: rows.map(({ target, template, id }) => runArn(caller, target, template, id)),
      nextToken,
    };
  };

/** Throws ASSESSMENT_TEMPLATE_DOES_NOT_EXIST. A template of imported history may be known by its runs alone. */
async function requireTemplates(
  store: Pick<Store, 'templates' | 'runs'>,
  caller: Caller,
  arns: readonly Arn[],
): Promise<void> {
  const wanted = new Map(arns.map(({ ids: [target = '', id = ''] }) => [`${target}/${id}`, { target, id }]));
  const found = (template: { readonly target: string; readonly id: string }): void => {
    wanted.delete(`${template.target}/${template.id}`);
  };
  for (const template of await store.templates.findMany(
    caller.scope,
    [...wanted.values()].map(({ id }) => id),
  ))
    found(template);
  if (wanted.size === 0) return;
  for (const template of await store.runs.templatesWithRuns(caller.scope, [...wanted.values()])) found(template);
  const [missing] = wanted.keys();
  const arn = arns.find(({ ids }) => ids.join('/') === missing);
  if (arn) throw doesNotExist('template', templateArn(caller, arn.ids[0] ?? '', arn.ids[1] ?? ''));
}
