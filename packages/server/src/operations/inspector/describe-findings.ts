import { findingItem } from '../../engine/items/finding-item.ts';
import type { Operation } from '../operation.ts';
import { describe } from './describe.ts';

export const describeFindings: Operation<'DescribeFindings', 'store'> =
  ({ store }) =>
  async ({ findingArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'finding',
      findingArns,
      (ids) => store.findings.findMany(caller.scope, ids),
      ({ target, template, run, id }) => [target, template, run, id],
    );
    return { findings: found.map(({ row }) => findingItem(caller, row)), failedItems };
  };
