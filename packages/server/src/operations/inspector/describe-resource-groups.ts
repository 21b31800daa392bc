import { resourceGroupItem } from '../../engine/items/resource-group-item.ts';
import type { Operation } from '../operation.ts';
import { describe } from './describe.ts';

export const describeResourceGroups: Operation<'DescribeResourceGroups', 'store'> =
  ({ store }) =>
  async ({ resourceGroupArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'resourcegroup',
      resourceGroupArns,
      (ids) => store.resourceGroups.findMany(caller.scope, ids),
      ({ id }) => [id],
    );
    return { resourceGroups: found.map(({ row }) => resourceGroupItem(caller, row)), failedItems };
  };
