import type { Limitation } from '@assay/model/evidence/document.ts';
import { quote } from './quote.ts';

/** Whether a limitation means that something may be there which was not seen. */
export const hides = ({ code }: Limitation): boolean => code !== 'NOT_PRESENT' && code !== 'UNSUPPORTED';

export const describeLimitation = ({ code, subject, detail }: Limitation): string =>
  `${quote(subject)}: ${code}${detail ? ` (${quote(detail)})` : ''}`;

/** The limitation that keeps a path, or the folder it is in, from being seen. */
export const hiddenPath = (limitations: readonly Limitation[], path: string): Limitation | undefined =>
  limitations.find(
    (limitation) =>
      hides(limitation) &&
      (limitation.subject === path ||
        (limitation.subject.length > 1 && path.startsWith(`${limitation.subject.replace(/\/$/, '')}/`))),
  );
