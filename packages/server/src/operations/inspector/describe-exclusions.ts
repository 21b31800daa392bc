import { exclusionItem } from '../../engine/items/exclusion-item.ts';
import type { Operation } from '../operation.ts';
import { describe } from './describe.ts';

export const describeExclusions: Operation<'DescribeExclusions', 'store'> =
  ({ store }) =>
  async ({ exclusionArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'exclusion',
      exclusionArns,
      (ids) => store.exclusions.findMany(caller.scope, ids),
      ({ target, template, run, id }) => [target, template, run, id],
    );
    return {
      exclusions: Object.fromEntries(found.map(({ arn, row }) => [arn, exclusionItem(caller, row)])),
      failedItems,
    };
  };
