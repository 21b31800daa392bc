import { runCaveat } from '@assay/model/run-caveat.ts';
import type { Attribute, Severity } from '../../domain/rules-package.ts';
import { severities } from '../../domain/severity.ts';
import type {
  FindingGroup,
  FindingVariant,
  Named,
  Outcome,
  ReportData,
  ReportHost,
  ReportPackage,
  SeverityCounts,
} from './report-data.ts';

/** What HTML and PDF say alike. */

/** The most urgent first. */
export const bySeverity: readonly Severity[] = severities.toReversed();

export const outcomes: readonly Outcome[] = ['FINDING', 'NOT_ASSESSED', 'PASSED', 'NOT_APPLICABLE'];

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  PASSED: 'Passed',
  FINDING: 'Finding',
  NOT_APPLICABLE: 'Not applicable',
  NOT_ASSESSED: 'Not assessed',
};

export const titleOf = ({ type }: ReportData): string =>
  type === 'FULL' ? 'Full assessment report' : 'Assessment findings report';

/** `2026-11-22 09:26:31 UTC`. */
export function formatTime(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return '–';
  const text = new Date(milliseconds).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

/** `2026-11-22`. */
export const formatDay = (milliseconds: number | null | undefined): string => formatTime(milliseconds).slice(0, 10);

/** `1 h 5 min`, in whole seconds. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [Math.floor(seconds % 60), 's'],
  ] as const;
  const shown = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`);
  return shown.length === 0 ? '0 s' : shown.join(' ');
}

/** `10,000`, whatever the locale. */
export const formatNumber = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

export const total = (counts: SeverityCounts): number => bySeverity.reduce((sum, each) => sum + counts[each], 0);

/** `4 High, 30 Medium`; `none` of no findings. */
export const countsText = (counts: SeverityCounts): string =>
  bySeverity.flatMap((each) => (counts[each] > 0 ? [`${formatNumber(counts[each])} ${each}`] : [])).join(', ') ||
  'none';

export const packageTitle = ({ name, version }: ReportPackage): string =>
  version === undefined ? name : `${name} ${version}`;

/** Who asked for something, by what is recorded of it: see ReportData.askedBy. */
export function requesterText(by: string | undefined, imported: boolean): string {
  if (imported) return 'not known: imported';
  if (by === undefined) return 'not known: asked for under an earlier version of Assay';
  if (by === 'operator') return 'a command on the server itself (operator)';
  return by === 'assay' ? 'Assay by itself, because of new advisories' : `access key ${by}`;
}

/** `agent 0.1.0, root`; empty where it is not known. */
export const agentText = ({ agentVersion, root }: ReportHost): string =>
  agentVersion === undefined
    ? ''
    : `agent ${agentVersion}${root === undefined ? '' : root ? ', root' : ', without root'}`;

export const namedArn = ({ name, arn }: Named): string => (name === undefined ? arn : `${name}\n${arn}`);

/** The run as label and value, line by line. */
export function runFacts({ run, account, region, createdAt, hosts }: ReportData): (readonly [string, string])[] {
  const collected = run.startedAt !== null && run.completedAt !== null;
  return [
    ['Assessment run', namedArn(run)],
    ['Assessment target', namedArn(run.target)],
    ['Assessment template', namedArn(run.template)],
    ['Account and region', `${account}, ${region}`],
    ['State', run.state],
    ['Created', formatTime(run.createdAt)],
    ['Started', formatTime(run.startedAt)],
    ['Completed', formatTime(run.completedAt)],
    ...(collected
      ? [['Duration', formatDuration(((run.completedAt ?? 0) - (run.startedAt ?? 0)) / 1000)] as const]
      : []),
    ['Longest collection allowed', formatDuration(run.duration)],
    ['Hosts', formatNumber(hosts.length)],
    ...(run.userAttributes.length > 0
      ? [
          [
            'Attributes of its findings',
            run.userAttributes.map(({ key, value = '' }) => `${key} = ${value}`).join('\n'),
          ] as const,
        ]
      : []),
    ['Report made', formatTime(createdAt)],
  ];
}

/** The sentence above everything else; undefined for a run that completed over hosts here. */
export const caveat = ({ run, hosts }: ReportData): string | undefined =>
  runCaveat({ state: run.state, imported: run.imported, hosts: hosts.length, evaluated: run.evaluated });

/** A count of findings. Where the run looked at nothing, or not at everything, none found is no zero. */
export const findingCount = (data: ReportData, count: number): string =>
  count === 0 && caveat(data) !== undefined ? '–' : formatNumber(count);

/** `12 findings` of a package; that it was not assessed is no 0. */
export function packageFindings(data: ReportData, { counts }: ReportPackage): string {
  const count = total(counts);
  return count === 0 && caveat(data) !== undefined ? 'no findings known' : plural(count, 'finding');
}

export const noFindings = (data: ReportData): string =>
  caveat(data) === undefined
    ? 'There are no findings.'
    : 'There are no findings of what was evaluated, if anything was.';

/** What the summary says in a sentence or two. */
export function headline(data: ReportData): string {
  const { counts, hosts, exclusions, packages } = data;
  const findings = total(counts);
  const above = caveat(data);
  if (above !== undefined && findings === 0) return above;
  const affected = hosts.filter((host) => total(host.counts) > 0).length;
  const found =
    findings === 0
      ? `No findings on ${plural(hosts.length, 'host')}.`
      : `${plural(findings, 'finding')} on ${formatNumber(affected)} of ${plural(hosts.length, 'host')}, by ${plural(packages.length, 'rules package')}.`;
  const left =
    exclusions.length === 0
      ? ''
      : ` ${plural(exclusions.length, 'exclusion')} ${exclusions.length === 1 ? 'says' : 'say'} what was not assessed: no finding there does not mean that it is safe.`;
  return `${above === undefined ? '' : `${above} `}${found}${left}`;
}

/** What a FULL report says in place of rules, where there are none to show. */
export function noRules({ run }: ReportData): string {
  if (run.imported) {
    return 'Not known: this run was imported, and what was said of each rule did not come with it. A rule that has no finding here may have passed, may not have applied, or may not have been assessed.';
  }
  if (run.verdictsExpired) return 'No longer known: the verdicts of this run have expired.';
  return 'No rule was evaluated in this run.';
}

export function noExclusions(data: ReportData): string {
  if (data.run.imported) return 'No exclusion was imported with this run; whether there were any is not known.';
  return caveat(data) ?? 'Nothing was excluded from this run.';
}

/** `34 findings on 2 hosts: 4 High, 30 Medium`, of findings that are told together. */
export function groupsText(groups: readonly FindingGroup[]): string {
  const occurrences = groups.flatMap(({ variants }) => variants.flatMap((variant) => variant.occurrences));
  const hosts = new Set(occurrences.map(({ host }) => host)).size;
  const counted = bySeverity.flatMap((severity) => {
    const of = groups.filter((group) => group.severity === severity);
    const count = of.reduce((sum, { variants }) => sum + occurrencesOf(variants), 0);
    return count === 0 ? [] : [`${formatNumber(count)} ${severity}`];
  });
  return `${plural(occurrences.length, 'finding')} on ${plural(hosts, 'host')}: ${counted.join(', ')}`;
}

const occurrencesOf = (variants: readonly FindingVariant[]): number =>
  variants.reduce((sum, { occurrences }) => sum + occurrences.length, 0);

/** A finding's attributes in one line. */
export const attributesText = (attributes: readonly Attribute[]): string =>
  attributes.map(({ key, value }) => `${key} = ${value}`).join(' · ');

/** How a reader is to take the report. */
export function notes(data: ReportData): string[] {
  const told = [
    'Severity: High is an emergency; Medium is for the next service update; Low for some later update; Informational is a detail of configuration; Undefined was given none.',
    'Health is how a host took part: HEALTHY delivered all that the run asked for, and when; UNHEALTHY did not before collection ended; UNKNOWN was assessed elsewhere.',
    'Evidence is what was read on the host during the run: where it stands, what was there and, where it can be said, what would have passed.',
    'An exclusion says what was not assessed and why. Whether what is excluded is safe is not known.',
    'Findings about the same software are one table. Attributes whose value stands in the text beside them are not repeated there; describe-findings has all of them.',
    'Characters that cannot be seen, or that this format cannot show, are written as their code point, such as \\u{202E}; nothing is left out for them.',
    'Versions of rules packages, advisories and agents are those of this run; descriptions of rules packages are those of the version of Assay that made this report.',
  ];
  if (data.type === 'FULL') {
    told.push(
      'Every rule has one of four outcomes on a host: Passed, Finding, Not applicable (the host does not have what the rule is about), Not assessed (it could not be judged; the reason is given).',
    );
  }
  if (data.run.imported) {
    told.push(
      'This run was assessed elsewhere and imported: the server has its findings and exclusions, but not the evidence behind them. Which rules passed, did not apply or were not assessed is not known: a rule without a finding here is not thereby a rule that passed.',
    );
  }
  if (data.run.verdictsExpired) {
    told.push(
      'The evidence and verdicts of this run are no longer kept: findings and exclusions are as they were reported, but what they were told from, and which rules passed, cannot be shown.',
    );
  }
  if (data.observationsLeftOut > 0) {
    told.push(
      `${plural(data.observationsLeftOut, 'observation')} would have made this report too large and ${data.observationsLeftOut === 1 ? 'is' : 'are'} not shown; each place says how many.`,
    );
  }
  return told;
}
