import { visibleText } from '@assay/model/safe-text.ts';
import type { Attribute, Observation } from '../../../domain/rules-package.ts';
import type { FindingGroup, ReportData, ReportHost, RuleResults } from '../report-data.ts';
import {
  agentText,
  bySeverity,
  findingCount,
  formatTime,
  noExclusions,
  noFindings,
  noRules,
  outcomes,
  outcomeWords,
  packageFindings,
  packageTitle,
  plural,
  total,
} from '../report-words.ts';
import type { Column, Flow } from './flow.ts';
import { page } from './paper.ts';
import { styles, toned, tones } from './styles.ts';
import type { Line } from './typesetting.ts';

const WIDTH = page.right - page.left;
const gap: Line = { text: '', style: styles.gap };

/** A part of the report, on a page of its own. */
export function heading(flow: Flow, title: string, name: string): void {
  flow.paper.newPage();
  flow.y = page.top;
  flow.paper.mark(name, flow.y);
  flow.paper.outline(title, 0);
  flow.paragraph(title, styles.h1);
  flow.space(8);
}

export function drawHosts(flow: Flow, data: ReportData): void {
  const { hosts } = data;
  if (hosts.length === 0) {
    flow.paragraph('No host took part in this run.', styles.body);
    return;
  }
  const { wrap } = flow.paper.typesetting;
  const [name, system, health] = [128, 104, 72];
  const numbers = ['High', 'Medium', 'Low', 'Info.', 'Undef.', 'All'];
  const wide = 34;
  const first = page.right - 4 - wide * numbers.length;
  flow.head([
    { title: 'Host', x: page.left + 4, width: name },
    { title: 'Operating system', x: page.left + 4 + name + 8, width: system - 8 },
    { title: 'Health', x: page.left + 4 + name + system + 4, width: health - 8 },
    ...numbers.map((title, at) => ({ title, x: first + at * wide, width: wide - 2, right: true })),
  ]);
  for (const host of hosts) {
    const { counts } = host;
    const shown = [...bySeverity.map((severity) => counts[severity]), total(counts)];
    flow.row([
      [
        ...hostLines(flow, host, name - 4),
        ...(host.addresses.length === 0 ? [] : wrap(host.addresses.slice(0, 8).join(', '), styles.smallSoft, name - 4)),
      ],
      [
        ...wrap(host.operatingSystem ?? 'unknown', styles.small, system - 8),
        ...(agentText(host) === '' ? [] : wrap(agentText(host), styles.smallSoft, system - 8)),
        ...(host.kernel === undefined ? [] : wrap(`Linux ${host.kernel}`, styles.smallSoft, system - 8)),
      ],
      [
        ...wrap(host.health, styles.small, health - 8),
        ...(host.deliveredAt === undefined ? [] : wrap(formatTime(host.deliveredAt), styles.smallSoft, health - 8)),
      ],
      ...shown.map((each): Line[] => [{ text: findingCount(data, each), style: styles.small }]),
    ]);
  }
}

export function drawPackages(flow: Flow, data: ReportData): void {
  for (const each of data.packages) {
    flow.need(60);
    flow.paragraph(packageTitle(each), styles.h2);
    flow.paragraph(each.description, styles.body);
    const by = each.provider === undefined ? '' : `By ${each.provider}. `;
    flow.paragraph(`${by}${packageFindings(data, each)}.`, styles.smallSoft);
    flow.paragraph(each.arn, styles.mono);
    flow.space(12);
  }
}

const occurrenceColumns: readonly Column[] = [
  { title: 'Host', x: page.left + 4, width: 130 },
  { title: 'Finding', x: page.left + 142, width: 52 },
  { title: 'Evidence', x: page.left + 202, width: WIDTH - 206 },
];

/** Yields after each row, so that whoever draws can let what was drawn go. */
export function* drawFindings(flow: Flow, data: ReportData): Generator<void> {
  const { findings } = data;
  if (findings.length === 0) flow.paragraph(noFindings(data), styles.body);
  let within: FindingGroup['rulesPackage'] | undefined;
  for (const group of findings) {
    if (group.rulesPackage !== within) {
      within = group.rulesPackage;
      packageHeading(flow, packageTitle(within));
    }
    flow.need(110);
    flow.paper.mark(group.anchor, flow.y);
    flow.paper.outline(visibleText(group.title), 2);
    const wide = badge(flow, group.severity, tones[group.severity]);
    flow.paragraph(group.title, styles.h3, { x: page.left + wide + 8 });
    flow.paragraph(`Rule ${group.rule} · ${plural(group.hosts, 'host')}`, styles.smallSoft);
    for (const { description, recommendation, occurrences } of group.variants) {
      flow.space(3);
      flow.paragraph(description, styles.body);
      if (recommendation !== '') {
        flow.space(3);
        flow.need(2 * styles.body.leading);
        flow.paragraph('What to do', styles.label);
        flow.paragraph(recommendation, styles.body);
      }
      flow.space(5);
      flow.head(occurrenceColumns);
      for (const { id, host, attributes, observations } of occurrences) {
        flow.row([
          hostLines(flow, host, 130),
          flow.paper.typesetting.wrap(id, styles.mono, 56),
          [...evidence(flow, observations, WIDTH - 206), ...attributeLines(flow, attributes, WIDTH - 206)],
        ]);
        yield;
      }
    }
    flow.space(20);
  }
}

export function drawExclusions(flow: Flow, data: ReportData): void {
  const { exclusions } = data;
  if (exclusions.length === 0) flow.paragraph(noExclusions(data), styles.body);
  for (const { title, description, recommendation, hosts, packages } of exclusions) {
    flow.need(60);
    flow.paragraph(title, styles.h3);
    flow.paragraph(description, styles.body);
    if (recommendation !== '') {
      flow.space(3);
      flow.need(2 * styles.body.leading);
      flow.paragraph('What to do', styles.label);
      flow.paragraph(recommendation, styles.body);
    }
    const named = hosts.map(({ hostname, agent }) => (agent === undefined ? hostname : `${hostname} (${agent})`));
    const about = [...packages.map(packageTitle), ...named];
    if (about.length > 0) flow.paragraph(`About: ${about.join(', ')}`, styles.smallSoft);
    flow.space(14);
  }
}

export function* drawRules(flow: Flow, data: ReportData, rules: readonly RuleResults[]): Generator<void> {
  if (rules.length === 0) flow.paragraph(noRules(data), styles.body);
  let within: RuleResults['rulesPackage'] | undefined;
  for (const { anchor, rulesPackage, rule, title, severity, counts, results } of rules) {
    if (rulesPackage !== within) {
      within = rulesPackage;
      packageHeading(flow, packageTitle(within));
    }
    flow.need(80);
    flow.paper.mark(anchor, flow.y);
    flow.paper.outline(visibleText(title), 2);
    flow.paragraph(title, styles.h3);
    const tally = outcomes.filter((outcome) => counts[outcome] > 0);
    flow.paragraph(
      [
        `Rule ${rule}`,
        ...(severity === undefined ? [] : [`severity ${severity}`]),
        ...tally.map((outcome) => `${outcomeWords[outcome].toLowerCase()} ${counts[outcome]}`),
      ].join(' · '),
      styles.smallSoft,
    );
    flow.space(4);
    if (results.length === 0) flow.paragraph('No host was judged by this rule.', styles.body);
    else flow.head(occurrenceColumns.map((column, at) => (at === 1 ? { ...column, title: 'Outcome' } : column)));
    for (const { host, outcome, reason, observations, finding } of results) {
      const { wrap } = flow.paper.typesetting;
      const at = finding === undefined ? undefined : flow.paper.pageOf(finding);
      flow.row([
        hostLines(flow, host, 130),
        wrap(outcomeWords[outcome], toned(styles.smallBold, outcome), 56),
        [
          ...(reason === '' ? [] : wrap(reason, styles.small, WIDTH - 206)),
          ...(at === undefined ? [] : wrap(`See the finding on page ${at}`, styles.smallSoft, WIDTH - 206)),
          ...evidence(flow, observations, WIDTH - 206),
        ],
      ]);
      yield;
    }
    flow.space(18);
  }
}

function packageHeading(flow: Flow, title: string): void {
  flow.need(150);
  flow.paper.outline(title, 1);
  flow.paragraph(title, styles.h2);
  flow.space(6);
}

/** A filled label at the height of a heading; its width. */
function badge(flow: Flow, words: string, color: string): number {
  const { drawing, typesetting } = flow.paper;
  const width = typesetting.width(words, styles.badge) + 10;
  drawing.rectangle(page.left, flow.y + 0.5, width, 12, color);
  drawing.line({ text: words, style: styles.badge }, page.left + 5, flow.y + 9.2);
  return width;
}

function hostLines({ paper }: Flow, { hostname, agent }: ReportHost, width: number): Line[] {
  const name = paper.typesetting.wrap(hostname, styles.small, width);
  return agent === undefined || agent === hostname
    ? name
    : [...name, ...paper.typesetting.wrap(agent, styles.mono, width)];
}

const evidence = ({ paper: { typesetting } }: Flow, observations: readonly Observation[], width: number): Line[] =>
  observations.flatMap(({ source, observed, expected }, at) => [
    ...(at === 0 ? [] : [gap]),
    ...typesetting.wrap(source, styles.mono, width),
    ...typesetting.wrap(observed, styles.small, width),
    ...(expected === undefined ? [] : typesetting.wrap(`Expected: ${expected}`, styles.smallSoft, width)),
  ]);

const attributeLines = ({ paper }: Flow, attributes: readonly Attribute[], width: number): Line[] =>
  attributes.flatMap(({ key, value }) => paper.typesetting.wrap(`${key} = ${value}`, styles.smallSoft, width));
