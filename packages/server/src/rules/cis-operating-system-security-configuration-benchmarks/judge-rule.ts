import type { ScapResultWord } from '@assay/model/evidence/scap-results.ts';
import { printableText } from '@assay/model/safe-text.ts';
import type { BenchmarkRule } from '../../domain/benchmarks.ts';
import { controlAttributes } from '../../domain/control-frameworks.ts';
import { notAssessedBecause } from '../../domain/not-assessed.ts';
import type { FindingDetails, Observation, Verdict } from '../../domain/rules-package.ts';
import { benchmarkName, headingOf, profileName, severityOf } from './headings.ts';
import type { Judged } from './subject.ts';
import { resolveVariables } from './variables.ts';
import { whyNotApplicable } from './why-not-applicable.ts';

const MAX_TEXT = 20_000;
const MAX_FIX = 8000;

/** What oscap's word for a rule means here. Every word has its meaning; a rule without one was not assessed. */
export function judgeRule(rule: BenchmarkRule, subject: Judged): Verdict {
  const ruleId = rule.id;
  const { results } = subject;
  const leftOut = subject.leftOut(ruleId);
  if (leftOut) {
    const { reason, author, expires } = leftOut;
    const why = printableText(`left out until ${expires} by ${author}: ${reason}`);
    const instead = 'Nothing: the operator left the rule out (assay content list shows all that are).';
    return notAssessedBecause(ruleId, 'NOT_COVERED', { why, instead });
  }
  const found = subject.said(ruleId);
  if (found === 'CONTRADICTORY') {
    return notAssessedBecause(ruleId, 'OTHER', { why: 'the host gave two results for the rule that differ' });
  }
  if (!found) return notAssessedBecause(ruleId, 'OTHER', { why: whyUnfinished(ruleId, subject) });
  const { result, messages = [], weight, items = [] } = found;
  const said = messages.length > 0 ? `: ${messages.join('; ')}` : '';
  const source = `oscap ${results.scanner}, ${ruleId}`;
  const observations: Observation[] = [
    { source, observed: `${result}${said}`, expected: 'pass' },
    ...items.map(({ test, found: seen, expected }) => ({
      source: `OVAL: ${test}`,
      observed: seen,
      ...(expected === '' ? {} : { expected }),
    })),
  ];
  switch (result) {
    case 'pass':
    case 'fixed':
      return { ruleId, outcome: 'PASSED', observations };
    case 'fail':
      return { ruleId, outcome: 'FINDING', observations, finding: findingOf(rule, subject, weight) };
    case 'notapplicable':
      return { ruleId, outcome: 'NOT_APPLICABLE', observations, reason: whyNotApplicable(rule, subject.container) };
    case 'notchecked':
      return { ...notAssessedBecause(ruleId, 'NOT_COVERED', notChecked(rule, said)), observations: [] };
    default:
      return { ...notAssessedBecause(ruleId, 'OTHER', { why: `${words[result]}${said}` }), observations };
  }
}

const words: Readonly<
  Record<Exclude<ScapResultWord, 'pass' | 'fixed' | 'fail' | 'notapplicable' | 'notchecked'>, string>
> = {
  error: 'oscap says "error": it could not evaluate the rule on this host',
  unknown: 'oscap says "unknown": what it saw does not settle the rule',
  informational: 'oscap says "informational": the rule gives no verdict',
};

const notChecked = ({ manual }: BenchmarkRule, said: string) => ({
  why: `oscap says "notchecked"${manual ? ': nothing checks the rule automatically' : said}`,
  instead: 'Check the rule by hand; its section of the benchmark says how.',
});

/** Why a rule of the profile has no result. */
function whyUnfinished(ruleId: string, { results: { unfinished } }: Judged): string {
  const reason =
    unfinished.find(({ rules }) => rules.includes(ruleId)) ?? unfinished.find(({ rules }) => rules.length === 0);
  return reason ? `oscap did not finish it: ${reason.why}` : 'oscap gave no result for it';
}

function findingOf(rule: BenchmarkRule, { benchmark, profile, values }: Judged, weight = 1): FindingDetails {
  const resolve = (text: string): string => resolveVariables(text, values, MAX_TEXT);
  const heading = resolve(headingOf(rule));
  const name = benchmarkName(profile);
  const level = profileName(rule.id, profile, benchmark.profiles);
  const about = `oscap found that this host fails the rule, which is of ComplianceAsCode's profile aligned with ${name} (${level}).`;
  const parts = [resolve(rule.description), rule.rationale && `Why: ${resolve(rule.rationale)}`, about];
  const fix = resolve(rule.fix).replaceAll(/\n{3,}/g, '\n\n');
  const recommendation =
    fix === ''
      ? `Change the configuration as the description says.${rule.section === undefined ? '' : ` Section ${rule.section} of ${name} has the steps.`}`
      : `Change the configuration as the description says.\n\nComplianceAsCode's fix, which Assay never runs (read it before you do):\n\n${clip(fix, MAX_FIX)}`;
  const attributes = [
    { key: 'BENCHMARK_ID', value: name },
    { key: 'BENCHMARK_RULE_ID', value: heading },
    { key: 'CIS_BENCHMARK_PROFILE', value: level },
    { key: 'CIS_WEIGHT', value: String(weight) },
    { key: 'XCCDF_RULE_ID', value: rule.id },
    ...controlAttributes(rule.controls ?? []),
  ].map(({ key, value }) => ({ key, value: clip(value, 256) }));
  return {
    title: clip(heading, 1000),
    description: clip(parts.filter(Boolean).join('\n\n'), MAX_TEXT),
    recommendation: clip(recommendation, MAX_TEXT),
    severity: severityOf(rule),
    attributes,
  };
}

function clip(text: string, max: number): string {
  const safe = printableText(text);
  return safe.length <= max ? safe : `${safe.slice(0, max - 1).toWellFormed()}…`;
}
