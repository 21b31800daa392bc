import type { Exclusion } from '../domain/exclusions.ts';
import type { Finding } from '../store/findings.ts';
import { type PackedDocument, packDocument } from '../store/packed-document.ts';
import { packJson } from '../store/packed-json.ts';
import type { UserAttribute } from '../store/templates.ts';
import type { HostJudgement } from './judge-host.ts';

/** {@link HostJudgement} as the store keeps it: text and bytes, which other threads can be handed. */
export interface PackedJudgement {
  readonly verdicts: Uint8Array;
  readonly findings: readonly (Pick<Finding, 'rule' | 'severity' | 'numericSeverity'> & PackedDocument)[];
  readonly exclusions: readonly Exclusion[];
}

/** `userAttributes` are those of the run. */
export const packJudgement = (
  { verdicts, findings, exclusions }: HostJudgement,
  userAttributes: readonly UserAttribute[],
): PackedJudgement => ({
  verdicts: packJson(verdicts),
  findings: findings.map(({ rule, severity, numericSeverity, document }) => ({
    rule,
    severity,
    numericSeverity,
    ...packDocument({ ...document, userAttributes }),
  })),
  exclusions,
});
