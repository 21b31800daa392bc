import { findingArn } from '@assay/model/arn.ts';
import { requireForm } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';
import { requireListedRuns } from '../require-listed-runs.ts';
import { nonEmpty, timeRange } from '../times.ts';

/**
 * Lists the findings of runs that have ended, newest first. Of a filter's lists any value may match, but every pair of
 * `attributes` and of `userAttributes` must be on the finding.
 */
export const listFindings: Operation<'ListFindings', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { filter = {} } = input;
    const given = nonEmpty(input.assessmentRunArns);
    const load = given && requireListedRuns(caller, given);
    const rulesPackages = nonEmpty(filter.rulesPackageArns);
    if (rulesPackages) requireForm(caller, 'rulespackage', rulesPackages);
    const created = timeRange(filter.creationTimeRange, 'INVALID_ATTRIBUTE');
    const page = pageRequest(tokens, 'ListFindings', caller, input);

    const runs = load && (await load(store)).map(({ id }) => id);
    const conditions = {
      runs,
      agents: nonEmpty(filter.agentIds),
      autoScalingGroups: nonEmpty(filter.autoScalingGroups),
      rules: nonEmpty(filter.ruleNames),
      severities: nonEmpty(filter.severities),
      rulesPackages,
      attributes: filter.attributes,
      userAttributes: filter.userAttributes,
      created,
    };
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.findings.list(caller.scope, conditions, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    return {
      findingArns: rows.map(({ target, template, run, id }) => findingArn(caller, target, template, run, id)),
      nextToken,
    };
  };
