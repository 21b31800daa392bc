import type { Limitation } from '@assay/model/evidence/document.ts';
import { whyNotCollected } from '../../domain/not-collected.ts';
import { quote } from './quote.ts';

/** Whether a limitation means that something may be there which was not seen. */
export const hides = ({ code }: Limitation): boolean => code !== 'NOT_PRESENT' && code !== 'UNSUPPORTED';

export const describeLimitation = ({ code, subject, detail }: Limitation): string =>
  `${quote(subject)}: ${code}${detail ? ` (${quote(detail)})` : ''}`;

/** Why there is nothing to judge, when a kind of evidence is missing or has no data. */
export function missing(what: string, document: { readonly limitations: readonly Limitation[] } | undefined): string {
  if (!document) return `The agent did not report ${what}.`;
  const notCollected = whyNotCollected(document);
  if (notCollected) return `${quote(`${notCollected.charAt(0).toUpperCase()}${notCollected.slice(1)}`)}.`;
  const reasons = document.limitations.slice(0, 10).map(describeLimitation).join('; ');
  return `The agent could not see ${what}${reasons ? `: ${reasons}` : ' and gave no reason'}.`;
}

/** The limitation that keeps a path, or the folder it is in, from being seen. */
export const hiddenPath = (limitations: readonly Limitation[], path: string): Limitation | undefined =>
  limitations.find(
    (limitation) =>
      hides(limitation) &&
      (limitation.subject === path ||
        (limitation.subject.length > 1 && path.startsWith(`${limitation.subject.replace(/\/$/, '')}/`))),
  );
