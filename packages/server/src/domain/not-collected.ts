import type { Limitation } from '@assay/model/evidence/document.ts';

/**
 * Why nobody looked for a kind of evidence: its host's agent does not know it, or could not deliver it. Undefined where
 * the agent did look. A rule that needs the document is NOT_ASSESSED with these words as its reason.
 */
export const whyNotCollected = (document: { readonly limitations: readonly Limitation[] }): string | undefined =>
  document.limitations.find(({ code, subject }) => code === 'NOT_COLLECTED' && subject.startsWith('collector '))
    ?.detail;
