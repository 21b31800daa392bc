import { AssessmentTarget } from '@assay/model/api/structures.ts';
import { type Arn, parseArn, resourceGroupArn } from '@assay/model/arn.ts';
import type { Target } from '../../../store/targets.ts';
import { importKind, milliseconds } from '../import-kind.ts';
import { Refusal } from '../refusal.ts';

export const targets = importKind({
  arnKind: 'target',
  shape: AssessmentTarget,
  toRow: (item, arn): Target => ({
    id: arn.ids[0] ?? '',
    name: item.name,
    resourceGroup: item.resourceGroupArn === undefined ? null : resourceGroupId(item.resourceGroupArn, arn),
    createdAt: milliseconds(item.createdAt),
    updatedAt: milliseconds(item.updatedAt),
  }),
  insert: (tables, scope, rows) => tables.targets.importMany(scope, rows),
  find: (tables, scope, ids) => tables.targets.findMany(scope, ids),
  content: ({ name, resourceGroup, createdAt, updatedAt }) => ({
    name,
    resourceGroupArn: resourceGroup,
    createdAt,
    updatedAt,
  }),
});

/** A target's resource group is of its own account and region. */
function resourceGroupId(text: string, target: Arn): string {
  const [id = ''] = parseArn(text)?.ids ?? [];
  if (text !== resourceGroupArn(target, id)) {
    throw new Refusal("item.resourceGroupArn is not the ARN of a resource group in the target's account and region");
  }
  return id;
}
