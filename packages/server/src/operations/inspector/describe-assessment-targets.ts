import { targetItem } from '../../engine/items/target-item.ts';
import type { Operation } from '../operation.ts';
import { describe } from './describe.ts';

export const describeAssessmentTargets: Operation<'DescribeAssessmentTargets', 'store'> =
  ({ store }) =>
  async ({ assessmentTargetArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'target',
      assessmentTargetArns,
      (ids) => store.targets.findMany(caller.scope, ids),
      ({ id }) => [id],
    );
    return { assessmentTargets: found.map(({ row }) => targetItem(caller, row)), failedItems };
  };
