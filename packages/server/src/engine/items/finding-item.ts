import type { Finding as FindingShape } from '@assay/model/api/structures.ts';
import { findingArn, runArn, type Scope } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Finding } from '../../domain/finding.ts';

/** A finding as DescribeFindings answers it. An imported one says what it said when it was given, member by member. */
export function findingItem(scope: Scope, row: Finding): Static<typeof FindingShape> {
  const { schemaVersion = 1, given, assetAttributes, attributes, userAttributes, ...texts } = row.document;
  return {
    arn: findingArn(scope, row.target, row.template, row.run, row.id),
    ...(given ?? {
      schemaVersion,
      service: 'Inspector',
      serviceAttributes: {
        schemaVersion: 1,
        assessmentRunArn: runArn(scope, row.target, row.template, row.run),
        rulesPackageArn: row.rulesPackage,
      },
      assetType: 'ec2-instance',
      id: row.rule,
      severity: row.severity,
      numericSeverity: row.numericSeverity,
    }),
    ...(assetAttributes === undefined
      ? {}
      : { assetAttributes: assetAttributes as NonNullable<Static<typeof FindingShape>['assetAttributes']> }),
    ...texts,
    attributes: [...attributes],
    userAttributes: [...userAttributes],
    createdAt: row.createdAt / 1000,
    updatedAt: row.updatedAt / 1000,
  };
}
