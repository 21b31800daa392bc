import { visibleText } from '@assay/model/safe-text.ts';
import type { Severity } from '../../../domain/rules-package.ts';
import { findingSections } from '../finding-sections.ts';
import { controlsTitle, namesControls } from '../parts/controls.ts';
import type { ReportData } from '../report-data.ts';
import { groupsText } from '../report-words.ts';
import type { Flow } from './flow.ts';
import { page } from './paper.ts';
import { fills, styles } from './styles.ts';

interface Entry {
  readonly title: string;
  readonly to: string;
  readonly severity?: Severity;
  readonly indent: boolean;
}

const ROW = 14;
const HEADING = 34;
/** Room for a page's number. */
const NUMBER = 20;

/**
 * The table of contents. How many pages it takes is known at once, and so what comes behind it; on which page each entry
 * stands is not until the end: `complete` writes the page numbers then.
 */
export function drawContents(flow: Flow, data: ReportData): { readonly complete: () => void } {
  const { paper } = flow;
  const { drawing, structure, typesetting } = paper;
  const numbers: { readonly to: string; readonly draw: ReturnType<typeof paper.later> }[] = [];
  const begin = (): void => {
    paper.newPage();
    flow.y = page.top;
  };
  begin();
  paper.mark('contents', flow.y);
  paper.outline('Contents', 0);
  flow.paragraph('Contents', styles.h1);
  flow.y = page.top + HEADING;
  const contents = structure.open('TOC');
  const dot = typesetting.fit(' .', styles.smallSoft).width;
  for (const { title, to, severity, indent } of entriesOf(data)) {
    if (flow.y + ROW > page.bottom) begin();
    const { y } = flow;
    const x = page.left + (indent ? 14 : 0);
    const line = typesetting.fit(title, indent ? styles.small : styles.smallBold, page.right - x - 60);
    if (severity) drawing.rectangle(x - 8, y + 3, 5, 5, fills[severity]);
    const dots = Math.floor((page.right - NUMBER - 6 - (x + line.width + 6)) / dot);
    if (dots > 0) {
      const leader = typesetting.fit(' .'.repeat(dots), styles.smallSoft);
      drawing.line(leader, page.right - NUMBER - 6 - leader.width, y + 9);
    }
    const item = structure.open('TOCI', { parent: contents });
    const reference = structure.open('Reference', { parent: item });
    const link = structure.open('Link', { parent: reference });
    drawing.inside(link, () => {
      drawing.line(line, x, y + 9);
      numbers.push({ to, draw: paper.later(page.right, y + 9) });
    });
    const box = { x: page.left, y, width: page.right - page.left, height: ROW };
    paper.link(box, to, link, visibleText(`To ${title}`));
    for (const element of [link, reference, item]) structure.close(element);
    flow.y += ROW;
  }
  structure.close(contents);
  return {
    complete: () => {
      for (const { to, draw } of numbers) {
        const number = typesetting.fit(String(paper.pageOf(to) ?? ''), styles.small);
        draw(number, -number.width);
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
  ...(namesControls(data) ? [{ title: controlsTitle, to: 'controls', indent: false }] : []),
  { title: 'Digests of the evidence', to: 'evidence', indent: false },
  { title: 'How to read this report', to: 'notes', indent: false },
];
