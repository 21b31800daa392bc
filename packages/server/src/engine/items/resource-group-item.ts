import type { ResourceGroup as ResourceGroupShape } from '@assay/model/api/structures.ts';
import { resourceGroupArn, type Scope } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { ResourceGroup } from '../../store/tables/resource-groups.ts';

/** A resource group as DescribeResourceGroups answers it. */
export const resourceGroupItem = (
  scope: Scope,
  { id, tags, createdAt }: ResourceGroup,
): Static<typeof ResourceGroupShape> => ({
  arn: resourceGroupArn(scope, id),
  tags: [...tags],
  createdAt: createdAt / 1000,
});
