import { catalogOf } from '../../engine/judging/rules-package-catalog.ts';
import type { Operation } from '../operation.ts';
import { describe } from './describe.ts';

export const describeRulesPackages: Operation<'DescribeRulesPackages', never> =
  () =>
  async ({ rulesPackageArns }, caller) => {
    const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
    const { found, failedItems } = await describe(
      caller,
      'rulespackage',
      rulesPackageArns,
      async () => catalogOf(caller.region),
      ({ arn }) => [idOf(arn)],
    );
    // The account is part of a package's name: the same id under another account is another package, and not there.
    const [own, others] = [
      found.filter(({ arn, row }) => arn === row.arn),
      found.filter(({ arn, row }) => arn !== row.arn),
    ];
    const missing = others.map(({ arn }) => [arn, { failureCode: 'ITEM_DOES_NOT_EXIST', retryable: false }] as const);
    return {
      rulesPackages: own.map(({ row: { arn, name, version, provider, description } }) => ({
        arn,
        name,
        version,
        provider,
        description,
      })),
      failedItems: { ...failedItems, ...Object.fromEntries(missing) },
    };
  };
