import { catalogOf } from '../engine/rules-package-catalog.ts';
import { describe } from './describe.ts';
import type { Operation } from './operation.ts';

export const describeRulesPackages: Operation<'DescribeRulesPackages', never> =
  () =>
  async ({ rulesPackageArns }, caller) => {
    const catalog = catalogOf(caller.region);
    const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
    const { found, failedItems } = await describe(
      caller,
      'rulespackage',
      rulesPackageArns,
      async (ids) => catalog.filter(({ arn }) => ids.includes(idOf(arn)) && rulesPackageArns.includes(arn)),
      ({ arn }) => [idOf(arn)],
    );
    return {
      rulesPackages: found.map(({ row: { arn, name, version, provider, description } }) => ({
        arn,
        name,
        version,
        provider,
        description,
      })),
      failedItems,
    };
  };
