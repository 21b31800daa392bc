import type { AssessmentTarget } from '@assay/model/api/structures.ts';
import { resourceGroupArn, type Scope, targetArn } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Target } from '../../domain/target.ts';

/** A target as DescribeAssessmentTargets answers it. */
export const targetItem = (scope: Scope, row: Target): Static<typeof AssessmentTarget> => ({
  arn: targetArn(scope, row.id),
  name: row.name,
  ...(row.resourceGroup === null ? {} : { resourceGroupArn: resourceGroupArn(scope, row.resourceGroup) }),
  createdAt: row.createdAt / 1000,
  updatedAt: row.updatedAt / 1000,
});
