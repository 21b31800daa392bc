import type { AssessmentRun } from '@assay/model/api/structures.ts';
import { runArn, type Scope, templateArn } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Run } from '../../domain/run.ts';

type RunItem = Static<typeof AssessmentRun>;

/** A run as DescribeAssessmentRuns answers it; `rulesPackages` are the ARNs of its set. */
export function runItem(scope: Scope, row: Run, rulesPackages: readonly string[]): RunItem {
  return {
    arn: runArn(scope, row.target, row.template, row.id),
    name: row.name,
    assessmentTemplateArn: templateArn(scope, row.target, row.template),
    state: row.state,
    durationInSeconds: row.duration,
    rulesPackageArns: [...rulesPackages],
    userAttributesForFindings: [...row.userAttributes],
    createdAt: row.createdAt / 1000,
    ...(row.startedAt === null ? {} : { startedAt: row.startedAt / 1000 }),
    ...(row.completedAt === null ? {} : { completedAt: row.completedAt / 1000 }),
    stateChangedAt: row.stateChangedAt / 1000,
    dataCollected: row.dataCollected,
    stateChanges: row.stateChanges.map(({ at, state }) => ({ stateChangedAt: at / 1000, state })),
    notifications: row.notifications.map((notification) => ({
      ...notification,
      date: notification.date / 1000,
    })) as RunItem['notifications'],
    findingCounts: { ...row.findingCounts },
  };
}
