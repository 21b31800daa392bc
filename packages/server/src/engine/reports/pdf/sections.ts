import { visibleText } from '@assay/model/safe-text.ts';
import type { Attribute, Observation, Severity } from '../../../domain/rules-package.ts';
import { commonAdvice, type FindingSection, findingSections, shortOccurrence } from '../finding-sections.ts';
import type { FindingGroup, ReportData, ReportHost, RuleResults } from '../report-data.ts';
import {
  agentText,
  attributesText,
  bySeverity,
  findingCount,
  formatTime,
  groupsText,
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
import { fills, onFill, styles, toned } from './styles.ts';
import type { Line, Style } from './typesetting.ts';

const WIDTH = page.right - page.left;
const gap: Line = { text: '', width: 0, style: styles.gap, show: '' };

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
      ...shown.map((each) => wrap(findingCount(data, each), styles.small, wide)),
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
  for (const section of findingSections(findings)) {
    const [group] = section.groups;
    if (group.rulesPackage !== within) {
      within = group.rulesPackage;
      packageHeading(flow, packageTitle(within));
    }
    if (section.software !== undefined) {
      yield* drawSoftware(flow, section, section.software);
      continue;
    }
    flow.need(110);
    flow.paper.mark(group.anchor, flow.y);
    flow.paper.outline(visibleText(group.title), 2);
    const wide = badge(flow, group.severity);
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

const softwareColumns = [
  { title: 'Rule', x: page.left + 4, width: 72 },
  { title: 'What was found', x: page.left + 84, width: 226 },
  { title: 'Where and evidence', x: page.left + 318, width: WIDTH - 322 },
] as const satisfies readonly Column[];

/** The findings of one software package: a row each, instead of a page. */
function* drawSoftware(flow: Flow, section: FindingSection, software: string): Generator<void> {
  const { anchor, groups } = section;
  const [{ severity }] = groups;
  const { wrap } = flow.paper.typesetting;
  const [{ width: left }, { width: middle }, { width: last }] = softwareColumns;
  const advice = commonAdvice(section);
  flow.need(190);
  flow.paper.mark(anchor, flow.y);
  flow.paper.outline(visibleText(software), 2);
  const wide = badge(flow, severity);
  flow.paragraph(software, styles.h3, { x: page.left + wide + 8 });
  flow.paragraph(groupsText(groups), styles.smallSoft);
  if (advice !== undefined) {
    flow.space(2);
    flow.paragraph(`What to do${groups.length > 1 ? ', where a row says nothing else' : ''}: ${advice}`, styles.small);
  }
  flow.space(4);
  flow.head(softwareColumns);
  for (const { anchor: own, rule, severity: grade, variants } of groups) {
    for (const [at, { description, recommendation, occurrences }] of variants.entries()) {
      const where = occurrences.flatMap((occurrence, index) => {
        const { observations, attributes } = shortOccurrence(occurrence, { rule, description });
        return [
          ...(index === 0 ? [] : [gap]),
          ...hostLines(flow, occurrence.host, last),
          ...wrap(`Finding ${occurrence.id}`, styles.mono, last),
          ...evidence(flow, observations, last, styles.row),
          ...(attributes.length === 0 ? [] : wrap(attributesText(attributes), styles.rowSoft, last)),
        ];
      });
      const todo =
        recommendation === '' || recommendation === advice
          ? []
          : [gap, ...wrap(`What to do: ${recommendation}`, styles.row, middle)];
      const name = [...wrap(rule, styles.rowBold, left), ...wrap(grade, toned(styles.rowBold, grade), left)];
      if (at === 0) flow.beforeRow(() => flow.paper.mark(own, flow.y));
      flow.row([name, [...wrap(description.replace(/\n{2,}/g, '\n'), styles.row, middle), ...todo], where], {
        breakable: true,
      });
      yield;
    }
  }
  flow.space(14);
}

export function drawExclusions(flow: Flow, data: ReportData): void {
  const { exclusions } = data;
  if (exclusions.length === 0) flow.paragraph(noExclusions(data), styles.body);
  for (const { title, description, recommendation, hosts, packages } of exclusions) {
    flow.need(60);
    flow.paragraph(title, styles.item);
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
function badge(flow: Flow, severity: Severity): number {
  const { drawing, typesetting } = flow.paper;
  const label = typesetting.fit(severity, onFill(severity));
  const width = label.width + 10;
  drawing.rectangle(page.left, flow.y + 0.5, width, 12, fills[severity]);
  flow.tagged('P', () => drawing.line(label, page.left + 5, flow.y + 9.2));
  return width;
}

function hostLines({ paper }: Flow, { hostname, agent }: ReportHost, width: number): Line[] {
  const name = paper.typesetting.wrap(hostname, styles.small, width);
  return agent === undefined || agent === hostname
    ? name
    : [...name, ...paper.typesetting.wrap(agent, styles.mono, width)];
}

const evidence = (
  { paper: { typesetting } }: Flow,
  observations: readonly Observation[],
  width: number,
  style: Style = styles.small,
): Line[] =>
  observations.flatMap(({ source, observed, expected }, at) => [
    ...(at === 0 ? [] : [gap]),
    ...(observations[at - 1]?.source === source ? [] : typesetting.wrap(source, styles.mono, width)),
    ...typesetting.wrap(observed, style, width),
    ...(expected === undefined ? [] : typesetting.wrap(`Expected: ${expected}`, styles.smallSoft, width)),
  ]);

const attributeLines = ({ paper }: Flow, attributes: readonly Attribute[], width: number): Line[] =>
  attributes.length === 0 ? [] : paper.typesetting.wrap(attributesText(attributes), styles.smallSoft, width);
