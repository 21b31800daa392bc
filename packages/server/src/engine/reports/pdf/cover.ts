import type { ReportData } from '../report-data.ts';
import {
  bySeverity,
  findingCount,
  formatNumber,
  formatTime,
  headline,
  packageTitle,
  runFacts,
  standing,
  titleOf,
  total,
} from '../report-words.ts';
import type { Flow } from './flow.ts';
import { page } from './paper.ts';
import { ink, panel, rule, styles, toned, tones } from './styles.ts';

const WIDTH = page.right - page.left;

/** What the report is of, and what it says in numbers. */
export function drawCover(flow: Flow, data: ReportData): void {
  const { paper } = flow;
  flow.space(8);
  flow.paragraph(titleOf(data).toUpperCase(), styles.kind);
  paper.mark('summary', flow.y - 20);
  paper.outline('Summary', 0);
  flow.paragraph(data.run.name, styles.title);
  flow.space(2);
  flow.paragraph(
    `Assay ${data.assay} · ${formatTime(data.createdAt)} · account ${data.account} · ${data.region}`,
    styles.smallSoft,
  );
  flow.space(12);
  flow.paragraph(headline(data), styles.lead);
  flow.space(12);
  cards(flow, data);
  if (standing(data) !== undefined && total(data.counts) === 0) return;
  severities(flow, data);
  packages(flow, data);
}

/** The run as a table, and the states that it went through. */
export function drawRun(flow: Flow, data: ReportData): void {
  const { paper } = flow;
  const columns = [
    { title: 'The run', x: page.left + 4, width: 130 },
    { title: '', x: page.left + 142, width: WIDTH - 146 },
  ];
  flow.head(columns);
  for (const [label, value] of runFacts(data)) {
    flow.row([
      paper.typesetting.wrap(label, styles.smallSoft, 130),
      paper.typesetting.wrap(value, styles.small, WIDTH - 146),
    ]);
  }
  flow.space(16);
  flow.head([
    { title: 'State', x: page.left + 4, width: 230 },
    { title: 'Since', x: page.left + 242, width: 200 },
  ]);
  for (const { at, state } of data.run.stateChanges) {
    flow.row([
      paper.typesetting.wrap(state, styles.small, 230),
      paper.typesetting.wrap(formatTime(at), styles.small, 200),
    ]);
  }
}

function cards(flow: Flow, data: ReportData): void {
  const { counts } = data;
  const { drawing } = flow.paper;
  const gap = 8;
  const width = (WIDTH - gap * (bySeverity.length - 1)) / bySeverity.length;
  for (const [at, severity] of bySeverity.entries()) {
    const x = page.left + at * (width + gap);
    drawing.rectangle(x, flow.y, width, 52, panel);
    drawing.rectangle(x, flow.y, width, 3, tones[severity]);
    const count = findingCount(data, counts[severity]);
    flow.tagged('P', () => {
      drawing.line({ text: count, style: toned(styles.count, severity) }, x + 8, flow.y + 29);
      drawing.line({ text: severity, style: styles.small }, x + 8, flow.y + 43);
    });
  }
  flow.y += 52 + 22;
}

function severities(flow: Flow, { counts }: ReportData): void {
  const { drawing, typesetting } = flow.paper;
  const most = Math.max(1, ...bySeverity.map((severity) => counts[severity]));
  const from = page.left + 84;
  const room = WIDTH - 84 - 50;
  flow.paragraph('Findings by severity', styles.chart);
  flow.space(4);
  for (const severity of bySeverity) {
    const wide = typesetting.width(severity, styles.small);
    drawing.line({ text: severity, style: styles.small }, from - 8 - wide, flow.y + 9);
    drawing.rectangle(from, flow.y, room, 12, panel);
    if (counts[severity] > 0) {
      drawing.rectangle(from, flow.y, Math.max(1, (counts[severity] / most) * room), 12, tones[severity]);
    }
    drawing.line({ text: formatNumber(counts[severity]), style: styles.small }, from + room + 8, flow.y + 9);
    flow.y += 18;
  }
  flow.space(14);
}

function packages(flow: Flow, data: ReportData): void {
  if (data.packages.length === 0) return;
  const { drawing, typesetting } = flow.paper;
  const most = Math.max(1, ...data.packages.map(({ counts }) => total(counts)));
  const room = WIDTH - 50;
  flow.need(70);
  flow.paragraph('Findings by rules package', styles.chart);
  flow.space(2);
  for (const each of data.packages) {
    flow.need(32);
    const { text } = typesetting.fit(packageTitle(each), styles.small, room);
    drawing.line({ text, style: styles.small }, page.left, flow.y + 9);
    drawing.rectangle(page.left, flow.y + 13, room, 11, panel);
    let x = page.left;
    for (const severity of bySeverity) {
      const width = (each.counts[severity] / most) * room;
      if (width > 0) drawing.rectangle(x, flow.y + 13, width, 11, tones[severity]);
      x += width;
    }
    drawing.line({ text: formatNumber(total(each.counts)), style: styles.small }, page.left + room + 8, flow.y + 22);
    flow.y += 30;
  }
  let x = page.left;
  for (const severity of bySeverity) {
    drawing.rectangle(x, flow.y + 2, 7, 7, tones[severity]);
    drawing.line({ text: severity, style: { ...styles.small, color: ink } }, x + 11, flow.y + 8.5);
    x += 26 + typesetting.width(severity, styles.small);
  }
  flow.y += 18;
  drawing.rectangle(page.left, flow.y, WIDTH, 0.4, rule);
}
