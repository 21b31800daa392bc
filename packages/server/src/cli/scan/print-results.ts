import type { InspectColor } from 'node:util';
import { firstParagraph } from '../../domain/first-paragraph.ts';
import type { Severity } from '../../domain/rules-package.ts';
import { severities } from '../../domain/severity.ts';
import { style } from '../terminal/guarded-output.ts';
import { nextSteps } from '../terminal/next-step.ts';
import { severityColours } from '../terminal/severity-colours.ts';
import { lineWidth, renderTable, wrap } from '../terminal/table.ts';
import type { WireExclusion, WireFinding } from './assessment.ts';
import { closedPortsTogether, type FindingLine } from './closed-ports-together.ts';
import type { Gap } from './exit-status.ts';
import { printVulnerabilities, type Shown } from './print-vulnerabilities.ts';
import { byUrgency, isPressing, vulnerabilityOf } from './vulnerability-view.ts';
import { worstFindings } from './worst-findings.ts';

/**
 * Findings by severity and exclusions, for people: a table each, colours on a terminal only. Vulnerabilities, which can
 * be thousands, have a table of their own that is bounded.
 */
export function printResults(
  all: readonly WireFinding[],
  exclusions: readonly WireExclusion[],
  stream: NodeJS.WriteStream,
  { gaps = [], ...shown }: Shown & { readonly gaps?: readonly Gap[] } = {},
): void {
  const paint = (format: InspectColor[], text: string): string => style(format, text, stream);
  const width = lineWidth(stream);
  const severityOf = (finding: Pick<WireFinding, 'severity'> | undefined): Severity => finding?.severity ?? 'Undefined';

  const counts = severities
    .toReversed()
    .map((severity) => [severity, all.filter((finding) => severityOf(finding) === severity).length] as const)
    .filter(([severity, count]) => count > 0 || severity === 'High' || severity === 'Medium' || severity === 'Low');
  const summary = counts
    .map(([severity, count]) =>
      count > 0 ? paint(severityColours[severity], `${severity} ${count}`) : `${severity} ${gaps.length > 0 ? '–' : 0}`,
    )
    .join(' · ');
  stream.write(`\n${paint(['bold'], 'Findings')}  ${summary}\n`);
  const vulnerabilities = all.flatMap((finding) => vulnerabilityOf(finding) ?? []);
  const { shown: findings, left } = linesOf(all, shown.limit);
  if (all.length === 0) {
    stream.write(gaps.length > 0 ? '  None in what was assessed, and not everything was.\n' : '  None.\n');
  }
  if (findings.length > 0) {
    stream.write(
      `\n${renderTable(
        [{ title: 'SEVERITY' }, { title: 'RULE', width: 24 }, { title: 'WHAT WAS SEEN' }],
        findings.map((finding) => [severityOf(finding), ruleOf(finding), seen(finding)]),
        width,
        (text, row, column) => (column === 0 && text ? paint(severityColours[severityOf(findings[row])], text) : text),
      )}`,
    );
  }
  if (left) {
    const hint = shown.hint === undefined ? '' : ` All of them: ${shown.hint}`;
    stream.write('\n');
    for (const line of wrap(`And ${left} that are not shown.${hint}`, width - 2)) stream.write(`  ${line}\n`);
  }
  if (vulnerabilities.length > 0) printVulnerabilities(vulnerabilities, stream, shown);

  stream.write(`\n${paint(['bold'], 'Exclusions')}  ${exclusions.length}\n`);
  if (exclusions.length === 0) {
    stream.write(gaps.length > 0 ? '  None.\n' : '  None: everything that was asked for was assessed.\n');
  } else {
    stream.write(
      `\n${renderTable(
        [{ title: 'NOT ASSESSED', width: 26 }, { title: 'WHY' }],
        exclusions.map(({ title, description }) => [title, shorten(nextSteps(description), 600)]),
        width,
      )}`,
    );
  }
}

/** Packages that say nothing about the host, above everything that is taken for an answer. */
export function printGaps(gaps: readonly Gap[], stream: NodeJS.WriteStream): void {
  if (gaps.length === 0) return;
  stream.write(`\n${style(['yellow', 'bold'], 'Not assessed as a whole', stream)}\n`);
  for (const { package: name, reason } of gaps) {
    for (const line of wrap(`${name}: ${nextSteps(reason)}`, lineWidth(stream) - 2)) stream.write(`  ${line}\n`);
  }
}

/** The lines of the findings that are no vulnerabilities: one a finding where all are asked for. */
function linesOf(
  all: readonly WireFinding[],
  limit: number | undefined,
): ReturnType<typeof worstFindings<FindingLine>> {
  const findings = all.filter((finding) => !vulnerabilityOf(finding));
  return limit === undefined
    ? worstFindings<FindingLine>(
        findings.map((finding) => ({ ...finding, count: 1 })),
        { all: true },
      )
    : worstFindings(closedPortsTogether(findings), { all: false });
}

/** What a rule is called: a benchmark's have a number and a name, and an id that only programs read. */
const ruleOf = ({ id = '', attributes = [] }: FindingLine): string =>
  attributes.find(({ key }) => key === 'BENCHMARK_RULE_ID')?.value ?? id;

/** The first sentence of a description says what was seen and where; those after it say why that matters. */
const seen = ({ title = '', description = '' }: FindingLine): string => {
  const [sentence = ''] = description.split(/(?<=\.)\s/, 1);
  return shorten(sentence || title, 400);
};

/** CVEs and rules that one way of fixing them is listed with. */
const NAMED = 8;

/** What to do about each finding, in full; about vulnerabilities, what mends those that press, once for all that it mends. */
export function printRecommendations(
  findings: readonly WireFinding[],
  stream: NodeJS.WriteStream,
  { limit }: Shown = {},
): void {
  const ways = new Map<string, string[]>();
  const pressing = findings.flatMap((finding) => vulnerabilityOf(finding) ?? []).filter(isPressing);
  for (const { cve, recommendation } of pressing.toSorted(byUrgency).slice(0, limit)) {
    ways.set(recommendation, [...(ways.get(recommendation) ?? []), cve]);
  }
  const rules = Map.groupBy(linesOf(findings, limit).shown, ({ recommendation = '' }) => shortened(recommendation));
  const items = [
    ...[...rules].map(([recommendation, lines]) => [named(lines.map(ruleOf), '; '), recommendation] as const),
    ...[...ways].map(([recommendation, cves]) => [named(cves, ', '), recommendation] as const),
  ];
  if (items.length === 0) return;
  stream.write(`\n${style('bold', 'What to do', stream)}\n`);
  const width = lineWidth(stream) - 4;
  for (const [title, recommendation] of items) {
    stream.write('\n');
    for (const line of wrap(title, width + 2)) stream.write(`  ${style('bold', line, stream)}\n`);
    for (const line of wrap(recommendation, width)) stream.write(`    ${line}\n`);
  }
}

function named(names: readonly string[], separator: string): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(separator)}${more}`;
}

/** A script that follows is for a file, and not for a screen. */
function shortened(recommendation: string): string {
  const first = firstParagraph(recommendation);
  return first === recommendation ? first : `${first} The fix is in the report of a run, and in --json.`;
}

const shorten = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, text.lastIndexOf(' ', limit))} …`;
