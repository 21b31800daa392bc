import { AssessmentTarget } from '@assay/model/api/structures.ts';
import { parseArn, resourceGroupArn, type Scope } from '@assay/model/arn.ts';
import type { Target } from '../../../../domain/target.ts';
import { importKind, milliseconds, placeOfArn } from '../import-kind.ts';
import { Refusal } from '../refusal.ts';

export const targets = importKind({
  shape: AssessmentTarget,
  placeOf: ({ arn }) => placeOfArn('target', 'arn', arn),
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
function resourceGroupId(text: string, target: Scope): string {
  const [id = ''] = parseArn(text)?.ids ?? [];
  if (text !== resourceGroupArn(target, id)) {
    throw new Refusal("item.resourceGroupArn is not the ARN of a resource group in the target's account and region");
  }
  return id;
}
