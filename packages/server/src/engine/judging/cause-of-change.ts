import type { EvidenceKind, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { EVERY_RULE } from '../../domain/every-rule.ts';
import { exclusionKindOf } from '../../domain/exclusions.ts';
import type { Finding } from '../../domain/finding.ts';
import { reasonText } from '../../domain/not-assessed.ts';
import type { ChangedFinding, Knowledge, PackageCause, RulesPackage } from '../../domain/rules-package.ts';
import { whyNotEvaluated } from '../account/why-not-evaluated.ts';
import { valuesOf } from './knowledge-source.ts';
import { evaluationKey, type RunSnapshot } from './run-snapshot.ts';

/**
 * Why a finding is in one run and not in another. `CONFIGURATION`: what the host reported changed, for rules that are
 * not about packages. `UNKNOWN` where what it would take to say is not kept: it is never guessed.
 */
export interface Cause {
  readonly kind: PackageCause['kind'] | 'HOST' | 'COVERAGE' | 'UNKNOWN';
  readonly detail: string;
}

interface Sides {
  readonly has: RunSnapshot;
  readonly lacks: RunSnapshot;
  readonly change: 'CAME' | 'WENT';
  /** The package that judges this, where this version has it. */
  readonly implementation: RulesPackage | undefined;
}

export async function causeOf(finding: Finding, sides: Sides): Promise<Cause> {
  return notAsked(finding, sides) ?? (await judgedOtherwise(finding, sides));
}

/** The other run did not look: at the host, by the rules package, or at what this is about. */
function notAsked(
  { agent, rulesPackage, rule, document }: Finding,
  { lacks, change, implementation }: Sides,
): Cause | undefined {
  const id = lacks.run.id;
  if (agent === null || lacks.run.imported) {
    return { kind: 'UNKNOWN', detail: 'the history was imported: what it was told from was not' };
  }
  const member = lacks.hosts.get(agent);
  if (member === undefined) {
    return { kind: 'HOST', detail: change === 'CAME' ? `the host was not in ${id}` : `the host is not in ${id}` };
  }
  if (!lacks.packages.includes(rulesPackage)) {
    return { kind: 'COVERAGE', detail: `${id} has not this rules package` };
  }
  if (!lacks.evaluated.has(evaluationKey({ agent, rulesPackage }))) {
    const of = { arn: rulesPackage, ...(implementation && { implementation }) };
    const because = whyNotEvaluated(lacks.run, of, member);
    // Verdicts that are no longer kept were given.
    if (because.code !== 'EXPIRED')
      return { kind: 'COVERAGE', detail: `not assessed in ${id}: ${reasonText(because)}` };
  }
  const concerned = [
    rule,
    EVERY_RULE,
    ...(implementation?.causes?.dependsOn({ rule, attributes: document.attributes }) ?? []),
  ];
  const exclusion = lacks.exclusions.find(({ subject, document: said }) => {
    const scopes = said.scopes ?? [];
    const about = (key: string, value: string): boolean =>
      scopes.every((scope) => scope.key !== key || scope.value === value);
    if (!about('INSTANCE_ID', agent) || !about('RULES_PACKAGE_ARN', rulesPackage)) return false;
    const kind = exclusionKindOf(subject);
    if (kind === 'old-knowledge') return false;
    if (kind !== 'evaluation-error' && kind !== 'not-covered') return true;
    const rules = (said.attributes ?? []).map(({ value }) => value);
    return concerned.some((each) => rules.includes(each));
  });
  if (exclusion)
    return { kind: 'COVERAGE', detail: `not assessed in ${id}: ${exclusion.document.title ?? 'excluded'}` };
  return member.status === 'PENDING' ? { kind: 'COVERAGE', detail: `the host did not deliver in ${id}` } : undefined;
}

async function judgedOtherwise(finding: Finding, sides: Sides): Promise<Cause> {
  const { has, lacks, change, implementation } = sides;
  const agent = finding.agent ?? '';
  const [own, other] = [await has.evidence(agent), await lacks.evidence(agent)];
  if (!own || !other) {
    return { kind: 'UNKNOWN', detail: `the evidence of ${own ? lacks.run.id : has.run.id} is no longer kept` };
  }
  const about: ChangedFinding = { rule: finding.rule, attributes: finding.document.attributes };
  const [before, after] = change === 'CAME' ? [lacks, has] : [has, lacks];
  const [earlier, later] = change === 'CAME' ? [other, own] : [own, other];
  const seen = implementation?.causes
    ? implementation.causes.inEvidence(about, earlier, later)
    : differentDocuments(earlier, later, implementation?.needs);
  const kinds = (implementation?.knowledge ?? []).flatMap(({ kind }) =>
    before.knowledge?.[kind]?.digest === after.knowledge?.[kind]?.digest ? [] : [kind],
  );
  const known = kinds.length > 0 ? differentKnowledge(about, before, after, kinds, implementation) : undefined;
  if (seen && known) return decide(finding, seen, known, { other, sides });
  if (seen ?? known) return seen ?? known ?? nothing;
  const [from, to] = [before, after].map(({ knowledge }) => knowledge?.versions[finding.rulesPackage]);
  if (from !== to) return { kind: 'RULE', detail: `rules package ${from ?? 'unknown'} → ${to ?? 'unknown'}` };
  return nothing;
}

const nothing: Cause = {
  kind: 'UNKNOWN',
  detail: 'packages, advisories and rules are the same: only the time of judgement differs',
};

/** Both changed: what the host had where the finding is not, judged as where it is, tells which of them it takes. */
function decide(
  { rule }: Finding,
  seen: PackageCause,
  known: PackageCause,
  { other, sides: { has, implementation } }: { readonly other: HostEvidence; readonly sides: Sides },
): Cause {
  const at = has.knowledge?.at;
  const kept = (implementation?.knowledge ?? []).every(({ kind }) => !has.knowledge?.[kind] || has.snapshots[kind]);
  if (kept && implementation && typeof at === 'number') {
    const verdicts = implementation.evaluate(other, { at, ...valuesOf(has.snapshots) });
    const unsure = [rule, ...(implementation.causes?.dependsOn({ rule, attributes: [] }) ?? [])];
    if (verdicts.some(({ ruleId, outcome }) => ruleId === rule && outcome === 'FINDING')) return known;
    if (!verdicts.some(({ ruleId, outcome }) => unsure.includes(ruleId) && outcome === 'NOT_ASSESSED')) return seen;
  }
  return {
    kind: 'UNKNOWN',
    detail: `both changed, ${seen.detail} and what it was judged by, and that is no longer kept`,
  };
}

const asKnowledge = ({ knowledge, snapshots }: RunSnapshot): Knowledge => ({
  at: knowledge?.at ?? 0,
  ...valuesOf(snapshots),
});

function differentKnowledge(
  finding: ChangedFinding,
  before: RunSnapshot,
  after: RunSnapshot,
  kinds: readonly string[],
  implementation: RulesPackage | undefined,
): PackageCause {
  if (implementation?.causes) {
    return implementation.causes.inKnowledge(finding, asKnowledge(before), asKnowledge(after));
  }
  return { kind: 'RULE', detail: `judged by other ${kinds.join(' and ')}` };
}

/** The kinds of evidence that the package looks at and that say something else; when they were read does not count. */
function differentDocuments(
  before: HostEvidence,
  after: HostEvidence,
  needs: readonly EvidenceKind[] | undefined,
): PackageCause | undefined {
  const kinds = needs ?? (Object.keys({ ...before, ...after }) as EvidenceKind[]);
  const text = (evidence: HostEvidence, kind: EvidenceKind): string =>
    JSON.stringify([evidence[kind]?.data, evidence[kind]?.limitations]);
  const changed = kinds.filter((kind) => text(before, kind) !== text(after, kind));
  if (changed.length === 0) return undefined;
  return { kind: 'CONFIGURATION', detail: `the host reports otherwise: ${changed.join(', ')}` };
}
