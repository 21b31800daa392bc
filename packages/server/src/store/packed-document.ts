import type { FindingDocument } from './finding-document.ts';
import { packTerms } from './finding-terms.ts';

/** A finding's document in the columns that are made of it. */
export interface PackedDocument {
  /** JSON of a {@link FindingDocument}. */
  readonly document: string;
  readonly terms: Uint8Array;
}

export const packDocument = (document: FindingDocument): PackedDocument => ({
  document: JSON.stringify(document),
  terms: packTerms(document),
});
