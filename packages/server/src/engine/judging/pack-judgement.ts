import type { Exclusion } from '../../domain/exclusions.ts';
import type { Finding } from '../../domain/finding.ts';
import { keptVerdicts } from '../../domain/kept-verdict.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { packJson } from '../../store/database/packed-json.ts';
import { type PackedDocument, packDocuments } from '../../store/tables/packed-findings.ts';
import type { HostJudgement } from './judge-host.ts';

/** {@link HostJudgement} as the store keeps it: text and bytes, which other threads can be handed. */
export interface PackedJudgement {
  readonly verdicts: Uint8Array;
  readonly findings: readonly (Pick<Finding, 'rule' | 'severity' | 'numericSeverity' | 'verdict'> & PackedDocument)[];
  /** What the findings refer to. */
  readonly texts: readonly Uint8Array[];
  readonly exclusions: readonly Exclusion[];
}

/** `userAttributes` are those of the run. */
export function packJudgement(
  { verdicts, findings, exclusions }: HostJudgement,
  userAttributes: readonly UserAttribute[],
): PackedJudgement {
  const { documents, texts } = packDocuments(findings.map(({ document }) => ({ ...document, userAttributes })));
  return {
    verdicts: packJson(keptVerdicts(verdicts)),
    findings: findings.flatMap(({ document: _, ...finding }, at) => {
      const document = documents[at];
      return document ? [{ ...finding, ...document }] : [];
    }),
    texts,
    exclusions,
  };
}
