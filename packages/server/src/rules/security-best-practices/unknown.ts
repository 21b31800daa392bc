import type { Limitation } from '@assay/model/evidence/document.ts';
import { whyNotCollected } from '../../domain/not-collected.ts';
import type { Observation } from '../../domain/rules-package.ts';
import type { Judgement } from './best-practice.ts';
import { describeLimitation } from './hidden.ts';
import { enumerate, quote } from './quote.ts';

/** Why something is not known, and what to do about it. */
const causes = {
  /** It is there, and the agent may not read it. */
  NOT_PERMITTED: 'Run the agent as root so that it can read what is named above.',
  /** It is there, and is no readable file, too large, or took too long. */
  NOT_READABLE: 'Repair what is named above on the host, so that it can be read whole.',
  /** Nothing says anything of it. */
  NOT_REPORTED: "Update the agent if it is older than this server, and look at the agent's output on the host.",
  /** A command of the host would have told, and was not there or not run. */
  NOT_ASKED: 'Run the agent on the host itself, and install the programs that are named above.',
  /** sshd refuses it or reads it differently. */
  NOT_IN_FORCE: 'Run "sshd -t" and "sshd -T" on the host as root, correct what they name, and reload the SSH service.',
  /** It was seen, and is nothing that Assay judges. */
  NOT_JUDGED: 'Check what is named above by hand: Assay does not judge it.',
} as const;

export type Cause = keyof typeof causes;

/** Something that is not known, in words, and the kind of cause. */
export interface Unknown {
  readonly text: string;
  readonly cause: Cause;
}

const byCode: Readonly<Record<Limitation['code'], Cause>> = {
  PERMISSION_DENIED: 'NOT_PERMITTED',
  NOT_PRESENT: 'NOT_ASKED',
  UNSUPPORTED: 'NOT_ASKED',
  TIMED_OUT: 'NOT_READABLE',
  TOO_LARGE: 'NOT_READABLE',
  UNREADABLE: 'NOT_READABLE',
  NOT_COLLECTED: 'NOT_REPORTED',
};

export const unknownBy = (limitation: Limitation, lead = ''): Unknown => ({
  text: `${lead}${describeLimitation(limitation)}`,
  cause: byCode[limitation.code],
});

/** What there is nothing to judge of, when a kind of evidence is missing or has no data. */
export function missing(what: string, document: { readonly limitations: readonly Limitation[] } | undefined): Unknown {
  if (!document) return { text: `the agent did not report ${what}`, cause: 'NOT_REPORTED' };
  const notCollected = whyNotCollected(document);
  if (notCollected !== undefined) return { text: quote(notCollected), cause: 'NOT_REPORTED' };
  const reasons = document.limitations.slice(0, 10);
  const cause = reasons.find(({ code }) => code === 'PERMISSION_DENIED') ?? reasons[0];
  const why = reasons.length > 0 ? `: ${reasons.map(describeLimitation).join('; ')}` : ' and gave no reason';
  return { text: `the agent could not see ${what}${why}`, cause: cause ? byCode[cause.code] : 'NOT_REPORTED' };
}

/** Two of the same text are one. */
export const distinct = (unknown: readonly Unknown[]): Unknown[] => [
  ...new Map(unknown.map((each) => [each.text, each])).values(),
];

/** The judgement that something is not known; `lead` says what of, as the start of a sentence. */
export function notAssessed(
  lead: string,
  unknown: readonly Unknown[],
  observations: readonly Observation[] = [],
): Judgement {
  const all = distinct(unknown);
  const text = enumerate(
    all.map((each) => each.text),
    20,
  );
  const advice = [...new Set(all.map(({ cause }) => causes[cause]))];
  return { outcome: 'NOT_ASSESSED', reason: `${lead}: ${text}.`, advice: advice.join(' '), observations };
}
