import type { Output } from '@assay/model/api/operations.ts';
import { templateArn } from '@assay/model/arn.ts';
import { describe } from './describe.ts';
import type { Operation } from './operation.ts';
import { seconds } from './times.ts';

type WireRun = Output<'DescribeAssessmentRuns'>['assessmentRuns'][number];

export const describeAssessmentRuns: Operation<'DescribeAssessmentRuns', 'store'> =
  ({ store }) =>
  async ({ assessmentRunArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'run',
      assessmentRunArns,
      (ids) => store.runs.findMany(caller.scope, ids),
      ({ target, template, id }) => [target, template, id],
    );
    const sets = await store.rulesPackageSets.arnsOf(found.map(({ row }) => row.rulesPackages));
    return {
      assessmentRuns: found.map(
        ({ arn, row }): WireRun => ({
          arn,
          name: row.name,
          assessmentTemplateArn: templateArn(caller, row.target, row.template),
          state: row.state,
          durationInSeconds: row.duration,
          rulesPackageArns: [...(sets.get(row.rulesPackages) ?? [])],
          userAttributesForFindings: [...row.userAttributes],
          createdAt: seconds(row.createdAt),
          ...(row.startedAt === null ? {} : { startedAt: seconds(row.startedAt) }),
          ...(row.completedAt === null ? {} : { completedAt: seconds(row.completedAt) }),
          stateChangedAt: seconds(row.stateChangedAt),
          dataCollected: row.dataCollected,
          stateChanges: row.stateChanges.map(({ at, state }) => ({ stateChangedAt: seconds(at), state })),
          notifications: row.notifications.map((notification) => ({
            ...notification,
            date: seconds(notification.date),
          })) as WireRun['notifications'],
          findingCounts: { ...row.findingCounts },
        }),
      ),
      failedItems,
    };
  };
