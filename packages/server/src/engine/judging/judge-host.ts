import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { type Exclusion, evaluationError, unsupportedOs } from '../../domain/exclusions.ts';
import type { Knowledge, RulesPackage, Severity, Verdict } from '../../domain/rules-package.ts';
import { numericSeverity } from '../../domain/severity.ts';
import type { Agent } from '../../store/tables/agents.ts';
import { assetAttributes } from './asset-attributes.ts';
import type { CatalogEntry } from './rules-package-catalog.ts';

/** What one rules package says of one host: every verdict, and the two views of them that the API shows. */
export interface HostJudgement {
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly JudgedFinding[];
  readonly exclusions: readonly Exclusion[];
}

export interface JudgedFinding {
  /** The place of the verdict that it was made of. */
  readonly verdict: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly numericSeverity: number;
  readonly document: {
    readonly schemaVersion: number;
    readonly title: string;
    readonly description: string;
    readonly recommendation: string;
    readonly confidence: number;
    readonly indicatorOfCompromise: boolean;
    readonly assetAttributes: ReturnType<typeof assetAttributes>;
    readonly attributes: readonly { readonly key: string; readonly value: string }[];
  };
}

/** What a judgement says of the host itself. */
export type JudgedAgent = Pick<Agent, 'id' | 'hostname' | 'ipv4Address' | 'tags'>;

/** Judges a host under a package that has an implementation. Pure: the same evidence and knowledge give the same judgement. */
export function judgeHost(
  entry: CatalogEntry,
  agent: JudgedAgent,
  evidence: HostEvidence,
  knowledge: Knowledge,
): HostJudgement {
  const { implementation } = entry;
  if (!implementation) throw new Error(`${entry.name} has no implementation`);
  const os = evidence.osRelease?.data;
  const notAssessed = (reason: string): Verdict[] =>
    implementation.rules.map(({ id }) => ({ ruleId: id, outcome: 'NOT_ASSESSED', reason, observations: [] }));
  if (!os) {
    const detail = evidence.osRelease?.limitations.map(({ detail: text }) => text).join('; ');
    const reason = `the operating system is unknown${detail ? ` (${detail})` : ''}`;
    return {
      verdicts: notAssessed(reason),
      findings: [],
      exclusions: [evaluationError(agent.id, agent.hostname, entry, [{ rule: 'Every rule', reason }])],
    };
  }
  const support = implementation.supports(os);
  if (!support.supported) {
    return {
      verdicts: notAssessed(support.reason),
      findings: [],
      exclusions: [unsupportedOs(agent.id, agent.hostname, entry, support.reason)],
    };
  }
  const verdicts = everyRule(implementation, evidence, knowledge);
  const failures = verdicts.filter((verdict) => verdict.outcome === 'NOT_ASSESSED');
  const asset = assetAttributes(agent, evidence);
  return {
    verdicts,
    findings: verdicts.flatMap((verdict, place) =>
      verdict.outcome === 'FINDING' ? [{ verdict: place, ...finding(verdict, agent, asset) }] : [],
    ),
    exclusions:
      failures.length === 0
        ? []
        : [
            evaluationError(
              agent.id,
              agent.hostname,
              entry,
              failures.map(({ ruleId, reason }) => ({ rule: ruleId, reason })),
            ),
          ],
  };
}

/** At least one verdict for every rule: a package that breaks on a host must neither pass it nor hold up the others. */
function everyRule({ rules, evaluate }: RulesPackage, evidence: HostEvidence, knowledge: Knowledge): Verdict[] {
  const missing = (verdicts: readonly Verdict[], reason: string): Verdict[] =>
    rules
      .filter(({ id }) => !verdicts.some(({ ruleId }) => ruleId === id))
      .map(({ id }) => ({ ruleId: id, outcome: 'NOT_ASSESSED', reason, observations: [] }));
  try {
    const verdicts = evaluate(evidence, knowledge);
    return [...verdicts, ...missing(verdicts, 'the rules package gave no verdict')];
  } catch (error) {
    return missing([], `the rules package failed (${error instanceof Error ? error.message : String(error)})`);
  }
}

function finding(
  { ruleId, finding: details }: Verdict & { outcome: 'FINDING' },
  agent: JudgedAgent,
  asset: ReturnType<typeof assetAttributes>,
): Omit<JudgedFinding, 'verdict'> {
  const { severity, title, description, recommendation, attributes } = details;
  return {
    rule: ruleId,
    severity,
    numericSeverity: numericSeverity[severity],
    document: {
      schemaVersion: 1,
      title,
      description,
      recommendation,
      // The judgement is read from the host's own state: the original gives its best confidence for these.
      confidence: 10,
      indicatorOfCompromise: false,
      assetAttributes: asset,
      attributes: [...attributes, { key: 'INSTANCE_ID', value: agent.id }],
    },
  };
}
