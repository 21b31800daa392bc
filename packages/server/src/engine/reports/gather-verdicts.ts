import type { KeptVerdict } from '../../domain/kept-verdict.ts';
import type { Observation, Severity } from '../../domain/rules-package.ts';
import type { ReportedEvaluation, ReportedFinding } from '../../store/tables/report-reader.ts';
import type { CatalogEntry } from '../judging/rules-package-catalog.ts';
import type { ObservationBudget } from './observation-budget.ts';
import type { FindingGroup, Outcome, ReportPackage, RuleResult, RuleResults } from './report-data.ts';
import { order, type ReportHosts } from './report-hosts.ts';
import type { ReportPackages } from './report-packages.ts';

export interface Verdicts {
  /** What a finding was told from. Empty for one that was imported. */
  readonly observationsOf: (finding: FindingKey) => readonly Observation[];
  /** Every rule with what it said of each host, by package; findings are referred to. */
  readonly rules: (findings: readonly FindingGroup[]) => RuleResults[];
}

/** Which verdict a finding was made of: none, where it was imported. */
export type FindingKey = Pick<ReportedFinding, 'agent' | 'rulesPackage' | 'verdict'>;

interface MutableRule {
  readonly rulesPackage: ReportPackage;
  readonly rule: string;
  title: string;
  severity: Severity | undefined;
  readonly counts: Record<Outcome, number>;
  readonly results: Omit<RuleResult, 'finding'>[];
}

/** Reads a run's verdicts: those of findings for their observations, all of them where the report is full. */
export async function gatherVerdicts(
  evaluations: AsyncIterable<ReportedEvaluation>,
  options: {
    readonly full: boolean;
    readonly budget: ObservationBudget;
    readonly hosts: ReportHosts;
    readonly packages: ReportPackages;
    readonly catalog: readonly CatalogEntry[];
  },
): Promise<Verdicts> {
  const { full, budget, hosts, packages, catalog } = options;
  const ofFindings = new Map<string, readonly Observation[]>();
  const rules = new Map<string, MutableRule>();
  const ruleOf = (arn: string, rule: string): MutableRule => {
    const key = `${arn}\n${rule}`;
    const before = rules.get(key);
    if (before) return before;
    const added: MutableRule = {
      rulesPackage: packages.of(arn),
      rule,
      title: rule,
      severity: undefined,
      counts: { PASSED: 0, FINDING: 0, NOT_APPLICABLE: 0, NOT_ASSESSED: 0 },
      results: [],
    };
    rules.set(key, added);
    return added;
  };
  if (full) {
    // A rule that no host was judged by is a rule that was not checked, and must be seen.
    for (const { arn } of packages.all()) {
      const implementation = catalog.find((entry) => entry.arn === arn)?.implementation;
      for (const { id, title, severity } of implementation?.rules({}, { at: 0 }) ?? []) {
        Object.assign(ruleOf(arn, id), { title, severity });
      }
    }
  }
  for await (const { agent, rulesPackage, verdicts } of evaluations) {
    for (const [place, verdict] of verdicts.entries()) {
      const isFinding = verdict.outcome === 'FINDING';
      if (!isFinding && !full) continue;
      const observations = budget.take(verdict.observations);
      if (isFinding) ofFindings.set(keyOf({ agent, rulesPackage, verdict: place }), observations);
      if (!full) continue;
      const rule = ruleOf(rulesPackage, verdict.ruleId);
      if (isFinding) rule.severity ??= verdict.finding.severity;
      if (verdict.title !== undefined) rule.title = verdict.title;
      rule.counts[verdict.outcome] += 1;
      rule.results.push({
        host: hosts.of(agent, undefined),
        outcome: verdict.outcome,
        reason: reasonOf(verdict),
        observations: isFinding ? [] : observations,
      });
    }
  }
  return {
    observationsOf: (finding) => ofFindings.get(keyOf(finding)) ?? [],
    rules: (findings) => {
      const anchors = new Map(findings.map((group) => [`${group.rulesPackage.arn}\n${group.rule}`, group.anchor]));
      const titles = new Map(
        findings.toReversed().map((group) => [`${group.rulesPackage.arn}\n${group.rule}`, group.title]),
      );
      const places = new Map(packages.all().map((each, at) => [each, at]));
      return [...rules]
        .map(([key, rule]): [string, MutableRule] => {
          // What a package does not name beforehand is named by what was found.
          const title = rule.title === rule.rule ? (titles.get(key) ?? rule.title) : rule.title;
          return [key, { ...rule, title }];
        })
        .sort(
          ([, a], [, b]) =>
            (places.get(a.rulesPackage) ?? 0) - (places.get(b.rulesPackage) ?? 0) || order(a.title, b.title),
        )
        .map(([key, rule], index) => ({
          ...rule,
          anchor: `rule-${index + 1}`,
          results: rule.results
            .sort((a, b) => order(a.host.hostname, b.host.hostname) || order(a.host.agent ?? '', b.host.agent ?? ''))
            .map((result) => ({ ...result, finding: result.outcome === 'FINDING' ? anchors.get(key) : undefined })),
        }));
    },
  };
}

const keyOf = ({ agent, rulesPackage, verdict }: FindingKey): string => `${agent}\n${rulesPackage}\n${verdict}`;

const reasonOf = (verdict: KeptVerdict): string => ('reason' in verdict ? verdict.reason : '');
