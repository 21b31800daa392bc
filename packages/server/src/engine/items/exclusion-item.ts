import type { Exclusion } from '@assay/model/api/structures.ts';
import { exclusionArn, type Scope } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { ExclusionRecord } from '../../store/tables/exclusions.ts';

/** An exclusion as DescribeExclusions answers it. */
export function exclusionItem(scope: Scope, row: ExclusionRecord): Static<typeof Exclusion> {
  const { title, description, recommendation, scopes, attributes } = row.document;
  return {
    arn: exclusionArn(scope, row.target, row.template, row.run, row.id),
    title,
    description,
    recommendation,
    scopes: [...scopes],
    ...(attributes === undefined ? {} : { attributes: [...attributes] }),
  };
}
