import { templateItem } from '../../engine/items/template-item.ts';
import type { Operation } from '../operation.ts';
import { describe } from './describe.ts';

export const describeAssessmentTemplates: Operation<'DescribeAssessmentTemplates', 'store'> =
  ({ store }) =>
  async ({ assessmentTemplateArns }, caller) => {
    const { found, failedItems } = await describe(
      caller,
      'template',
      assessmentTemplateArns,
      (ids) => store.templates.findMany(caller.scope, ids),
      ({ target, id }) => [target, id],
    );
    const sets = await store.rulesPackageSets.arnsOf(found.map(({ row }) => row.rulesPackages));
    return {
      assessmentTemplates: found.map(({ row }) => templateItem(caller, row, sets.get(row.rulesPackages) ?? [])),
      failedItems,
    };
  };
