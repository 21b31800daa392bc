import type { AssessmentTemplate } from '@assay/model/api/structures.ts';
import { type Scope, targetArn, templateArn } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Template } from '../../domain/template.ts';

/** A template as DescribeAssessmentTemplates answers it; `rulesPackages` are the ARNs of its set. */
export const templateItem = (
  scope: Scope,
  row: Template,
  rulesPackages: readonly string[],
): Static<typeof AssessmentTemplate> => ({
  arn: templateArn(scope, row.target, row.id),
  name: row.name,
  assessmentTargetArn: targetArn(scope, row.target),
  durationInSeconds: row.duration,
  rulesPackageArns: [...rulesPackages],
  userAttributesForFindings: [...row.userAttributes],
  ...(row.lastRun === null ? {} : { lastAssessmentRunArn: row.lastRun }),
  assessmentRunCount: row.runCount,
  createdAt: row.createdAt / 1000,
});
