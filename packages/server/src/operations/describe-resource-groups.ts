import { describe } from './describe.ts';
import type { Operation } from './operation.ts';
import { seconds } from './times.ts';

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
    return {
      resourceGroups: found.map(({ arn, row }) => ({ arn, tags: [...row.tags], createdAt: seconds(row.createdAt) })),
      failedItems,
    };
  };
