import type { Output } from '@assay/model/api/operations.ts';
import { runArn } from '@assay/model/arn.ts';
import { describe } from './describe.ts';
import type { Operation } from './operation.ts';
import { seconds } from './times.ts';

type WireFinding = Output<'DescribeFindings'>['findings'][number];

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
    return {
      findings: found.map(({ arn, row }): WireFinding => {
        const { schemaVersion = 1, assetAttributes, attributes, userAttributes, ...texts } = row.document;
        return {
          arn,
          schemaVersion,
          service: 'Inspector',
          serviceAttributes: {
            schemaVersion: 1,
            assessmentRunArn: runArn(caller, row.target, row.template, row.run),
            rulesPackageArn: row.rulesPackage,
          },
          assetType: 'ec2-instance',
          assetAttributes: assetAttributes as WireFinding['assetAttributes'],
          id: row.rule,
          ...texts,
          severity: row.severity,
          numericSeverity: row.numericSeverity,
          attributes: [...attributes],
          userAttributes: [...userAttributes],
          createdAt: seconds(row.createdAt),
          updatedAt: seconds(row.updatedAt),
        };
      }),
      failedItems,
    };
  };
