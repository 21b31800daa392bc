import type { Finding as FindingShape } from '@assay/model/api/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Attribute } from './rules-package.ts';
import type { UserAttribute } from './template.ts';

/** What a finding says beyond its columns, in the API's shapes. */
export interface FindingDocument {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly recommendation?: string | undefined;
  readonly confidence?: number | undefined;
  readonly indicatorOfCompromise?: boolean | undefined;
  readonly schemaVersion?: number | undefined;
  readonly assetAttributes?: unknown;
  readonly attributes: readonly (Attribute | UserAttribute)[];
  readonly userAttributes: readonly UserAttribute[];
  /** Only of an imported finding: what the item gave, or left out, of what is otherwise told from the columns. */
  readonly given?: Pick<
    Static<typeof FindingShape>,
    'schemaVersion' | 'service' | 'serviceAttributes' | 'assetType' | 'id' | 'severity' | 'numericSeverity'
  >;
}
