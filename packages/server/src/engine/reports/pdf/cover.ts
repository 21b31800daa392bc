import type { ReportData } from '../report-data.ts';
import {
  bySeverity,
  caveat,
  countsText,
  findingCount,
  formatNumber,
  formatTime,
  headline,
  packageTitle,
  runFacts,
  titleOf,
  total,
} from '../report-words.ts';
import type { Flow } from './flow.ts';
import { page } from './paper.ts';
import { fills, panel, rule, styles, toned } from './styles.ts';

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
  if (caveat(data) !== undefined && total(data.counts) === 0) return;
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
  const { drawing, typesetting } = flow.paper;
  const gap = 8;
  const width = (WIDTH - gap * (bySeverity.length - 1)) / bySeverity.length;
  for (const [at, severity] of bySeverity.entries()) {
    const x = page.left + at * (width + gap);
    drawing.rectangle(x, flow.y, width, 52, panel);
    drawing.rectangle(x, flow.y, width, 3, fills[severity]);
    const count = findingCount(data, counts[severity]);
    flow.tagged('P', () => {
      drawing.line(typesetting.fit(count, toned(styles.count, severity)), x + 8, flow.y + 29);
      drawing.line(typesetting.fit(severity, styles.small), x + 8, flow.y + 43);
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
  flow.figure(`Bar chart of findings by severity: ${countsText(counts)}`, bySeverity.length * 18, () => {
    let y = flow.y;
    for (const severity of bySeverity) {
      const label = typesetting.fit(severity, styles.small);
      drawing.line(label, from - 8 - label.width, y + 9);
      drawing.rectangle(from, y, room, 12, panel);
      if (counts[severity] > 0) {
        drawing.rectangle(from, y, Math.max(1, (counts[severity] / most) * room), 12, fills[severity]);
      }
      drawing.line(typesetting.fit(formatNumber(counts[severity]), styles.small), from + room + 8, y + 9);
      y += 18;
    }
  });
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
    const title = packageTitle(each);
    flow.figure(`Bar of ${title}: ${countsText(each.counts)}`, 30, () => {
      const { y } = flow;
      drawing.line(typesetting.fit(title, styles.small, room), page.left, y + 9);
      drawing.rectangle(page.left, y + 13, room, 11, panel);
      let x = page.left;
      for (const severity of bySeverity) {
        const width = (each.counts[severity] / most) * room;
        if (width > 0) drawing.rectangle(x, y + 13, width, 11, fills[severity]);
        x += width;
      }
      drawing.line(typesetting.fit(formatNumber(total(each.counts)), styles.small), page.left + room + 8, y + 22);
    });
  }
  let x = page.left;
  // The colours of the bars above, which each bar's own words say too.
  for (const severity of bySeverity) {
    const label = typesetting.fit(severity, styles.small);
    drawing.rectangle(x, flow.y + 2, 7, 7, fills[severity]);
    drawing.line(label, x + 11, flow.y + 8.5);
    x += 26 + label.width;
  }
  flow.y += 18;
  drawing.rectangle(page.left, flow.y, WIDTH, 0.4, rule);
}
