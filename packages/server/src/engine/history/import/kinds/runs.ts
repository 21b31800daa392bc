import { AssessmentRun } from '@assay/model/api/structures.ts';
import { templateArn } from '@assay/model/arn.ts';
import type { Run } from '../../../../domain/run.ts';
import { importKind, milliseconds, placeOfArn, requireSame } from '../import-kind.ts';

export const runs = importKind({
  shape: AssessmentRun,
  placeOf: ({ arn }) => placeOfArn('run', 'arn', arn),
  toRow: async (item, arn, setOf): Promise<Run> => {
    const [target = '', template = '', id = ''] = arn.ids;
    requireSame('assessmentTemplateArn', item.assessmentTemplateArn, templateArn(arn, target, template));
    return {
      id,
      target,
      template,
      name: item.name,
      state: item.state,
      duration: item.durationInSeconds,
      rulesPackages: await setOf(item.rulesPackageArns),
      userAttributes: item.userAttributesForFindings,
      createdAt: milliseconds(item.createdAt),
      startedAt: item.startedAt === undefined ? null : milliseconds(item.startedAt),
      completedAt: item.completedAt === undefined ? null : milliseconds(item.completedAt),
      stateChangedAt: milliseconds(item.stateChangedAt),
      dataCollected: item.dataCollected,
      findingCounts: item.findingCounts,
      stateChanges: item.stateChanges.map(({ stateChangedAt, state }) => ({ at: milliseconds(stateChangedAt), state })),
      notifications: item.notifications.map((notification) => ({
        ...notification,
        date: milliseconds(notification.date),
      })),
      imported: true,
    };
  },
  insert: (tables, scope, rows) => tables.runs.importMany(scope, rows),
  find: (tables, scope, ids) => tables.runs.findMany(scope, ids),
  content: (row) => ({
    assessmentTemplateArn: [row.target, row.template],
    name: row.name,
    state: row.state,
    durationInSeconds: row.duration,
    rulesPackageArns: row.rulesPackages,
    userAttributesForFindings: row.userAttributes,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    stateChangedAt: row.stateChangedAt,
    dataCollected: row.dataCollected,
    findingCounts: row.findingCounts,
    stateChanges: row.stateChanges,
    notifications: row.notifications,
  }),
});
