import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../domain/agent.ts';
import { EVERY_RULE } from '../../domain/every-rule.ts';
import { type Exclusion, unassessedRules, unsupportedOs } from '../../domain/exclusions.ts';
import type { KnowledgeNeed } from '../../domain/knowledge.ts';
import { noKnowledge } from '../../domain/knowledge-exclusions.ts';
import { type NotAssessed, notAssessedBecause, type ReasonCode } from '../../domain/not-assessed.ts';
import {
  INSTANCE,
  type Knowledge,
  type Rule,
  type RulesPackage,
  type Severity,
  type Verdict,
} from '../../domain/rules-package.ts';
import { numericSeverity } from '../../domain/severity.ts';
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
  const rules = safely(() => implementation.rules(evidence, knowledge)) ?? [];
  const notAssessed = (code: ReasonCode, why: string): Verdict[] =>
    (rules.length > 0 ? rules : [{ id: EVERY_RULE }]).map(({ id }) => notAssessedBecause(id, code, { why }));
  if (!os) {
    const why = evidence.osRelease?.limitations.map(({ detail: text }) => text).join('; ') ?? '';
    const seen = (safely(() => implementation.withoutEvidence?.(knowledge)) ?? []).map((each) => named(each, agent.id));
    const verdicts = [...notAssessed('UNKNOWN_SYSTEM', why), ...seen];
    const { reason = '', because = OTHER } = (verdicts[0] ?? {}) as Partial<Unassessed>;
    const unassessed = [{ rule: 'Every rule', reason, because }];
    const exclusions = unassessedRules(agent.id, agent.hostname, entry, unassessed);
    return { verdicts, findings: findingsOf(verdicts, agent, evidence, implementation), exclusions };
  }
  const support = implementation.supports(os);
  if (!support.supported) {
    return {
      verdicts: notAssessed('UNSUPPORTED_SYSTEM', support.reason),
      findings: [],
      exclusions: [unsupportedOs(agent.id, agent.hostname, entry, support.reason)],
    };
  }
  const absent = implementation.knowledge.filter(({ kind, optional }) => !optional && knowledge[kind] === undefined);
  const given = titled(everyRule(implementation, rules, evidence, knowledge), rules, implementation);
  const verdicts = (absent.length > 0 ? given.map(asWhole) : given).map((verdict) => named(verdict, agent.id));
  return {
    verdicts,
    findings: findingsOf(verdicts, agent, evidence, implementation),
    exclusions: exclusionsOf(entry, agent, verdicts, absent),
  };
}

function findingsOf(
  verdicts: readonly Verdict[],
  agent: JudgedAgent,
  evidence: HostEvidence,
  implementation: RulesPackage,
): JudgedFinding[] {
  const asset = assetAttributes(agent, evidence);
  return verdicts.flatMap((verdict, place) =>
    verdict.outcome === 'FINDING' ? [{ verdict: place, ...finding(verdict, agent, asset, implementation) }] : [],
  );
}

/** Without knowledge that a package needs, what it could not assess is the package as a whole. */
const asWhole = (verdict: Verdict): Verdict =>
  verdict.outcome === 'NOT_ASSESSED' ? { ...verdict, whole: true } : verdict;

/** Writes the host's id where a finding's texts speak of it. */
function named(verdict: Verdict, agent: string): Verdict {
  if (verdict.outcome !== 'FINDING' || !verdict.finding.title.includes(INSTANCE)) return verdict;
  const { title, description, recommendation } = verdict.finding;
  const write = (text: string): string => text.replaceAll(INSTANCE, agent);
  const texts = { title: write(title), description: write(description), recommendation: write(recommendation) };
  return { ...verdict, finding: { ...verdict.finding, ...texts } };
}

type Unassessed = Verdict & { readonly outcome: 'NOT_ASSESSED' };
const OTHER: NotAssessed = { code: 'OTHER', params: {} };

function exclusionsOf(
  entry: CatalogEntry,
  agent: JudgedAgent,
  verdicts: readonly Verdict[],
  absent: readonly KnowledgeNeed[],
): Exclusion[] {
  // That a kind of knowledge is absent is the same for every host: it is said once.
  if (absent.length > 0) return absent.map(({ kind }) => noKnowledge(entry, kind));
  const unassessed = verdicts.flatMap((verdict) =>
    verdict.outcome === 'NOT_ASSESSED'
      ? [{ rule: verdict.title ?? verdict.ruleId, reason: verdict.reason, because: verdict.because ?? OTHER }]
      : [],
  );
  const [first] = unassessed;
  // Rules for another system: what supports() cannot tell without knowledge.
  if (first && verdicts.every((verdict) => verdict.outcome === 'NOT_ASSESSED' && isUnsupported(verdict))) {
    return [unsupportedOs(agent.id, agent.hostname, entry, first.reason)];
  }
  return unassessedRules(agent.id, agent.hostname, entry, unassessed);
}

const isUnsupported = ({ because }: Unassessed): boolean => because?.code === 'UNSUPPORTED_SYSTEM';

/** One verdict for every rule: a package that breaks on a host must neither pass it nor hold up the others. */
function everyRule(
  { evaluate }: RulesPackage,
  rules: readonly Rule[],
  evidence: HostEvidence,
  knowledge: Knowledge,
): Verdict[] {
  const missing = (verdicts: readonly Verdict[], why: string): Verdict[] => {
    const given = new Set(verdicts.map(({ ruleId }) => ruleId));
    const expected = rules.length > 0 || verdicts.length > 0 ? rules : [{ id: EVERY_RULE }];
    return expected
      .filter(({ id }) => !given.has(id))
      .map(({ id }) => notAssessedBecause(id, 'PACKAGE_FAILED', { why }));
  };
  try {
    const verdicts = evaluate(evidence, knowledge);
    return [...verdicts, ...missing(verdicts, 'the rules package gave no verdict')];
  } catch (error) {
    return missing([], `the rules package failed (${error instanceof Error ? error.message : String(error)})`);
  }
}

function safely<Value>(act: () => Value): Value | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** Rules that only some hosts have are kept with what they are called: nothing else tells it later. */
function titled(verdicts: readonly Verdict[], rules: readonly Rule[], { rules: rulesOf }: RulesPackage): Verdict[] {
  const everywhere = new Set((safely(() => rulesOf({}, { at: 0 })) ?? []).map(({ id }) => id));
  const titles = new Map(rules.flatMap(({ id, title }) => (everywhere.has(id) ? [] : [[id, title] as const])));
  if (titles.size === 0) return [...verdicts];
  return verdicts.map((verdict) => {
    const title = titles.get(verdict.ruleId);
    return title === undefined ? verdict : { ...verdict, title };
  });
}

function finding(
  { ruleId, finding: details }: Verdict & { outcome: 'FINDING' },
  agent: JudgedAgent,
  asset: ReturnType<typeof assetAttributes>,
  implementation: RulesPackage,
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
      confidence: details.confidence ?? implementation.confidence,
      indicatorOfCompromise: details.indicatorOfCompromise ?? implementation.indicatorOfCompromise,
      assetAttributes: asset,
      attributes: [...attributes, { key: 'INSTANCE_ID', value: agent.id }],
    },
  };
}
