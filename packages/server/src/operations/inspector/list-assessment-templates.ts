import { templateArn } from '@assay/model/arn.ts';
import { doesNotExist, requireForm, requireOwn } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';
import { checkDurationRange, nonEmpty } from '../times.ts';
import { rulesPackageSetsWith } from './rules-package-sets-with.ts';

export const listAssessmentTemplates: Operation<'ListAssessmentTemplates', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { filter = {} } = input;
    const given = nonEmpty(input.assessmentTargetArns);
    const targets = given && requireOwn(caller, 'target', given).map(({ ids }) => ids[0] ?? '');
    const packages = nonEmpty(filter.rulesPackageArns);
    if (packages) requireForm(caller, 'rulespackage', packages);
    checkDurationRange(filter.durationRange, 'INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE');
    const page = pageRequest(tokens, 'ListAssessmentTemplates', caller, input);

    if (given && targets) {
      const known = new Set((await store.targets.findMany(caller.scope, targets)).map(({ id }) => id));
      const missing = targets.findIndex((id) => !known.has(id));
      if (missing >= 0) throw doesNotExist('target', given[missing] ?? '');
    }
    const conditions = {
      targets,
      namePattern: filter.namePattern,
      minDuration: filter.durationRange?.minSeconds,
      maxDuration: filter.durationRange?.maxSeconds,
      rulesPackages: await rulesPackageSetsWith(store, packages),
    };
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.templates.list(caller.scope, conditions, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    return { assessmentTemplateArns: rows.map(({ target, id }) => templateArn(caller, target, id)), nextToken };
  };
