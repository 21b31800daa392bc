import { runItem } from '../../engine/items/run-item.ts';
import type { Operation } from '../operation.ts';
import { describe } from './describe.ts';

export const describeAssessmentRuns: Operation<'DescribeAssessmentRuns', 'store'> =
  ({ store }) =>
  async ({ assessmentRunArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'run',
      assessmentRunArns,
      (ids) => store.runs.findMany(caller.scope, ids),
      ({ target, template, id }) => [target, template, id],
    );
    const sets = await store.rulesPackageSets.arnsOf(found.map(({ row }) => row.rulesPackages));
    return {
      assessmentRuns: found.map(({ row }) => runItem(caller, row, sets.get(row.rulesPackages) ?? [])),
      failedItems,
    };
  };
