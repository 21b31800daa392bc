import { AssessmentTemplate } from '@assay/model/api/structures.ts';
import { targetArn } from '@assay/model/arn.ts';
import type { Template } from '../../../../domain/template.ts';
import { importKind, milliseconds, placeOfArn, requireSame } from '../import-kind.ts';

export const templates = importKind({
  shape: AssessmentTemplate,
  placeOf: ({ arn }) => placeOfArn('template', 'arn', arn),
  toRow: async (item, arn, setOf): Promise<Template> => {
    const [target = '', id = ''] = arn.ids;
    requireSame('assessmentTargetArn', item.assessmentTargetArn, targetArn(arn, target));
    return {
      id,
      target,
      name: item.name,
      duration: item.durationInSeconds,
      rulesPackages: await setOf(item.rulesPackageArns),
      userAttributes: item.userAttributesForFindings,
      runCount: item.assessmentRunCount,
      lastRun: item.lastAssessmentRunArn ?? null,
      tags: [],
      createdAt: milliseconds(item.createdAt),
    };
  },
  insert: (tables, scope, rows) => tables.templates.importMany(scope, rows),
  find: (tables, scope, ids) => tables.templates.findMany(scope, ids),
  content: (row) => ({
    assessmentTargetArn: row.target,
    name: row.name,
    durationInSeconds: row.duration,
    rulesPackageArns: row.rulesPackages,
    userAttributesForFindings: row.userAttributes,
    assessmentRunCount: row.runCount,
    lastAssessmentRunArn: row.lastRun,
    createdAt: row.createdAt,
  }),
});
