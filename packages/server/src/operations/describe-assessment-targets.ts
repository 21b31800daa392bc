import { resourceGroupArn } from '@assay/model/arn.ts';
import { describe } from './describe.ts';
import type { Operation } from './operation.ts';
import { seconds } from './times.ts';

export const describeAssessmentTargets: Operation<'DescribeAssessmentTargets', 'store'> =
  ({ store }) =>
  async ({ assessmentTargetArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'target',
      assessmentTargetArns,
      (ids) => store.targets.findMany(caller.scope, ids),
      ({ id }) => [id],
    );
    return {
      assessmentTargets: found.map(({ arn, row }) => ({
        arn,
        name: row.name,
        ...(row.resourceGroup === null ? {} : { resourceGroupArn: resourceGroupArn(caller, row.resourceGroup) }),
        createdAt: seconds(row.createdAt),
        updatedAt: seconds(row.updatedAt),
      })),
      failedItems,
    };
  };
