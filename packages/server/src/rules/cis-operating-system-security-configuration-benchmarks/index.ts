import type { BenchmarkContent } from '../../domain/benchmarks.ts';
import { EVERY_RULE } from '../../domain/every-rule.ts';
import { notAssessedBecause } from '../../domain/not-assessed.ts';
import type { RulesPackage, Verdict } from '../../domain/rules-package.ts';
import { benchmarkName, headingOf, severityOf } from './headings.ts';
import { judgeRule } from './judge-rule.ts';
import { rulesForMachines } from './rules-for-machines.ts';
import { type Judged, type Subject, subjectOf } from './subject.ts';

/** From which a run says that a benchmark is old. */
const TWO_YEARS = 2 * 365 * 24 * 60 * 60 * 1000;

/** The rules of the profile that is aligned with a CIS benchmark for the host's system, as oscap evaluated them there. */
export const cisBenchmarks = {
  name: 'CIS Operating System Security Configuration Benchmarks',
  shortName: 'cis',
  version: '1.0',
  provider: 'Assay',
  description:
    "Checks how hosts are configured by ComplianceAsCode's profiles that are aligned with the benchmarks of the Center for " +
    'Internet Security, level 1 or 2, for servers or workstations. oscap evaluates them on the host. The profiles come ' +
    'from SCAP content that was added to this server; they are no certification.',
  needs: ['osRelease', 'scapResults'],
  knowledge: [{ kind: 'content', maximumContentAge: TWO_YEARS, onlyWhereThere: true }],
  supports: () => ({ supported: true }),
  rules: (evidence, knowledge) => {
    const subject = subjectOf(evidence, knowledge);
    return rulesOf(subject).map((rule) => ({ id: rule.id, title: headingOf(rule), severity: severityOf(rule) }));
  },
  evaluate: (evidence, knowledge) => {
    const subject = subjectOf(evidence, knowledge);
    if ('code' in subject) {
      const rules = subject.benchmark ? rulesOf(subject) : [{ id: EVERY_RULE }];
      return rules.map(({ id }) => ({ ...notAssessedBecause(id, subject.code, subject.params), whole: true as const }));
    }
    const verdicts = rulesOf(subject).map((rule) => judgeRule(rule, subject));
    const partial = rulesForMachines(rulesOf(subject), subject);
    return [
      ...verdicts,
      ...(subject.newer ? [superseded(subject, subject.newer)] : []),
      ...(partial === undefined
        ? []
        : [notAssessedBecause('Rules for machines', 'NOT_COVERED', { why: partial, instead: MACHINE })]),
    ];
  },
  // oscap read the host's own state; a rule may be stricter than what is in force (see docs/cis.md).
  confidence: 9,
  indicatorOfCompromise: false,
} satisfies RulesPackage;

const MACHINE = 'Assess the machine that this host runs on as a host of its own.';

/** The verdicts hold; that newer content could give others is no rule's, and said beside them. */
function superseded({ benchmark }: Judged, newer: BenchmarkContent): Verdict {
  const of = ({ name, version, profiles: [profile] }: BenchmarkContent): string =>
    `${name} ${version}${profile ? ` (${benchmarkName(profile)})` : ''}`;
  const why = `the host was evaluated with the SCAP content ${of(benchmark)}, and ${of(newer)} is newer`;
  return notAssessedBecause('Newer content', 'NOT_COVERED', {
    why,
    instead: 'Start a new run, which uses the newer content.',
  });
}

const rulesOf = ({ benchmark, profile }: Subject) =>
  (profile?.rules ?? []).flatMap((id) => {
    const rule = benchmark?.rules.get(id);
    return rule ? [rule] : [];
  });
