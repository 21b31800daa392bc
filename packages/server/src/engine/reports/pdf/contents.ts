import type { Severity } from '../../../domain/rules-package.ts';
import { findingSections } from '../finding-sections.ts';
import type { ReportData } from '../report-data.ts';
import { groupsText } from '../report-words.ts';
import type { Flow } from './flow.ts';
import { page, type Reserved } from './paper.ts';
import { soft, styles, tones } from './styles.ts';

interface Entry {
  readonly title: string;
  readonly to: string;
  readonly severity?: Severity;
  readonly indent: boolean;
}

const ROW = 14;
const HEADING = 34;

/**
 * The table of contents. How many pages it takes is known at once, and so what comes behind it; where each entry stands
 * is not until the end: `complete` writes the page numbers then.
 */
export function drawContents(flow: Flow, data: ReportData): { readonly complete: () => void } {
  const { paper } = flow;
  const entries = entriesOf(data);
  const pages: { readonly reserved: Reserved; readonly lines: { readonly entry: Entry; readonly y: number }[] }[] = [];
  let lines: { entry: Entry; y: number }[] = [];
  const begin = (): void => {
    paper.newPage();
    flow.y = page.top;
    lines = [];
    pages.push({ reserved: paper.reserve(), lines });
  };
  begin();
  paper.mark('contents', flow.y);
  paper.outline('Contents', 0);
  flow.lines([{ text: 'Contents', style: styles.h1 }], page.left);
  flow.y = page.top + HEADING;
  for (const entry of entries) {
    if (flow.y + ROW > page.bottom) begin();
    lines.push({ entry, y: flow.y });
    paper.link(page.left, flow.y, page.right - page.left, ROW, entry.to);
    flow.y += ROW;
  }
  return {
    complete: () => {
      for (const { reserved, lines: drawn } of pages) {
        reserved.fill((drawing) => {
          for (const { entry, y } of drawn) {
            const number = { text: String(paper.pageOf(entry.to) ?? ''), style: styles.small };
            const wide = paper.typesetting.width(number.text, number.style);
            const x = page.left + (entry.indent ? 14 : 0);
            const style = entry.indent ? styles.small : styles.smallBold;
            const title = paper.typesetting.fit(entry.title, style, page.right - x - 60);
            if (entry.severity) drawing.rectangle(x - 8, y + 3, 5, 5, tones[entry.severity]);
            drawing.line(title, x, y + 9);
            const from = x + paper.typesetting.width(title.text, style) + 6;
            const room = page.right - wide - 6 - from;
            const dot = paper.typesetting.width(' .', styles.smallSoft);
            if (room > dot) {
              const leader = ' .'.repeat(Math.floor(room / dot));
              const at = page.right - wide - 6 - paper.typesetting.width(leader, styles.smallSoft);
              drawing.line({ text: leader, style: { ...styles.smallSoft, color: soft } }, at, y + 9);
            }
            drawing.line(number, page.right - wide, y + 9);
          }
        });
      }
    },
  };
}

const entriesOf = (data: ReportData): Entry[] => [
  { title: 'Summary', to: 'summary', indent: false },
  { title: 'Scope and what was not assessed', to: 'scope', indent: false },
  { title: 'What to do first', to: 'first', indent: false },
  { title: 'Differences to the run before', to: 'changes', indent: false },
  { title: 'The run', to: 'run', indent: false },
  { title: 'Who and by what', to: 'provenance', indent: false },
  { title: 'Hosts', to: 'hosts', indent: false },
  { title: 'Rules packages', to: 'packages', indent: false },
  { title: 'Exclusions', to: 'exclusions', indent: false },
  { title: 'Findings', to: 'findings', indent: false },
  ...findingSections(data.findings).map(({ anchor, software, groups: [first, ...others] }) => ({
    title: software === undefined ? first.title : `${software}: ${groupsText([first, ...others])}`,
    to: anchor,
    severity: first.severity,
    indent: true,
  })),
  ...(data.rules ? [{ title: 'Rules checked', to: 'rules', indent: false }] : []),
  ...(data.rules ?? []).map(({ title, anchor }) => ({ title, to: anchor, indent: true })),
  { title: 'Digests of the evidence', to: 'evidence', indent: false },
  { title: 'How to read this report', to: 'notes', indent: false },
];
