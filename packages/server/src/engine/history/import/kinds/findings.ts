import { Finding as FindingShape } from '@assay/model/api/structures.ts';
import { runArn } from '@assay/model/arn.ts';
import type { Finding } from '../../../../domain/finding.ts';
import { findingItem } from '../../../items/finding-item.ts';
import { importKind, milliseconds, placeOfArn, requireSame } from '../import-kind.ts';

export const findings = importKind({
  shape: FindingShape,
  placeOf: ({ arn }) => placeOfArn('finding', 'arn', arn),
  toRow: (item, arn): Finding => {
    const [target = '', template = '', run = '', id = ''] = arn.ids;
    const { serviceAttributes, assetAttributes } = item;
    requireSame(
      'serviceAttributes.assessmentRunArn',
      serviceAttributes?.assessmentRunArn,
      runArn(arn, target, template, run),
    );
    const { arn: _, createdAt, updatedAt, title, description, recommendation, ...rest } = item;
    const { confidence, indicatorOfCompromise, attributes, userAttributes, assetAttributes: __, ...given } = rest;
    const texts = { title, description, recommendation, confidence, indicatorOfCompromise };
    return {
      id,
      target,
      template,
      run,
      agent: assetAttributes?.agentId ?? null,
      autoScalingGroup: assetAttributes?.autoScalingGroup ?? null,
      rulesPackage: serviceAttributes?.rulesPackageArn ?? '',
      rule: item.id ?? '',
      severity: item.severity ?? 'Undefined',
      numericSeverity: item.numericSeverity ?? 0,
      document: { ...texts, assetAttributes, attributes, userAttributes, given },
      verdict: null,
      createdAt: milliseconds(createdAt),
      updatedAt: milliseconds(updatedAt),
    };
  },
  insert: (tables, scope, rows) => tables.findings.insertMany(scope, rows),
  find: (tables, scope, ids) => tables.findings.findStored(scope, ids),
  content: (row, arn) => findingItem(arn, row),
});
