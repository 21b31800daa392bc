import { targetArn } from '@assay/model/arn.ts';
import { describe } from './describe.ts';
import type { Operation } from './operation.ts';
import { seconds } from './times.ts';

export const describeAssessmentTemplates: Operation<'DescribeAssessmentTemplates', 'store'> =
  ({ store }) =>
  async ({ assessmentTemplateArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'template',
      assessmentTemplateArns,
      (ids) => store.templates.findMany(caller.scope, ids),
      ({ target, id }) => [target, id],
    );
    const sets = await store.rulesPackageSets.arnsOf(found.map(({ row }) => row.rulesPackages));
    return {
      assessmentTemplates: found.map(({ arn, row }) => ({
        arn,
        name: row.name,
        assessmentTargetArn: targetArn(caller, row.target),
        durationInSeconds: row.duration,
        rulesPackageArns: [...(sets.get(row.rulesPackages) ?? [])],
        userAttributesForFindings: [...row.userAttributes],
        ...(row.lastRun === null ? {} : { lastAssessmentRunArn: row.lastRun }),
        assessmentRunCount: row.runCount,
        createdAt: seconds(row.createdAt),
      })),
      failedItems,
    };
  };
