import { visibleText } from '@assay/model/safe-text.ts';
import type { Part } from '../parts/block.ts';
import { changesPart } from '../parts/changes.ts';
import { controlsPart } from '../parts/controls.ts';
import { evidencePart } from '../parts/evidence.ts';
import { prioritiesPart } from '../parts/priorities.ts';
import { provenancePart } from '../parts/provenance.ts';
import { scopePart } from '../parts/scope.ts';
import type { ReportData } from '../report-data.ts';
import { formatNumber, formatTime, notes, plural, titleOf } from '../report-words.ts';
import { drawContents } from './contents.ts';
import { drawCover, drawRun } from './cover.ts';
import { createFlow, type Flow } from './flow.ts';
import type { FontFiles } from './font-files.ts';
import { createPaper, type Paper, page } from './paper.ts';
import { drawBlocks } from './part.ts';
import { drawExclusions, drawFindings, drawHosts, drawPackages, drawRules, heading } from './sections.ts';
import { rule, styles } from './styles.ts';
import type { Line } from './typesetting.ts';

/** After so many pages it is time to let bytes go. */
const PAGES_AT_ONCE = 20;

/**
 * A report as PDF: contents with page numbers, an outline, selectable text. The same data gives the same bytes. The
 * fonts' glyphs that are used are embedded; a character that none of them has is written as its code point (see encode.ts). Bytes go to `write`
 * whenever the event loop turns: let it turn at each yield, and once after the end.
 */
export function* renderPdf(data: ReportData, fonts: FontFiles, write: (chunk: Uint8Array) => void): Generator<void> {
  const paper = createPaper(
    { title: visibleText(`${data.run.name} – ${titleOf(data)}`), subject: data.run.arn, createdAt: data.createdAt },
    fonts,
    (each) => furniture(each, data),
    write,
  );
  const flow = createFlow(paper);
  paper.newPage();
  drawCover(flow, data);
  for (const part of [scopePart(data), prioritiesPart(data), changesPart(data)]) yield* drawPart(flow, part);
  const contents = drawContents(flow, data);
  heading(flow, 'The run', 'run');
  drawRun(flow, data);
  yield* drawPart(flow, provenancePart(data));
  heading(flow, 'Hosts', 'hosts');
  drawHosts(flow, data);
  heading(flow, 'Rules packages', 'packages');
  drawPackages(flow, data);
  heading(flow, 'Exclusions', 'exclusions');
  drawExclusions(flow, data);
  heading(flow, 'Findings', 'findings');
  yield* drain(paper, drawFindings(flow, data));
  if (data.rules) {
    heading(flow, 'Rules checked', 'rules');
    yield* drain(paper, drawRules(flow, data, data.rules));
  }
  const controls = controlsPart(data);
  if (controls) yield* drawPart(flow, controls);
  yield* drawPart(flow, evidencePart(data));
  heading(flow, 'How to read this report', 'notes');
  for (const note of notes(data)) {
    flow.paragraph(note, styles.body);
    flow.space(5);
  }
  const missing = missingText(paper.typesetting.missing());
  if (missing !== undefined) flow.paragraph(missing, styles.body);
  flow.end();
  contents.complete();
  paper.end();
}

/** Code points that are named; the others are counted. */
const NAMED = 12;

/** Which characters the fonts do not have, so that nobody has to find them. */
function missingText(missing: readonly (readonly [codePoint: number, count: number])[]): string | undefined {
  if (missing.length === 0) return undefined;
  const named = missing
    .slice(0, NAMED)
    .map(([codePoint]) => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`)
    .join(', ');
  const left = missing.length > NAMED ? ` and ${formatNumber(missing.length - NAMED)} more` : '';
  return `The fonts of this PDF do not have ${plural(missing.length, 'character')} of this report, which ${missing.length === 1 ? 'is' : 'are'} written as ${missing.length === 1 ? 'its code point' : 'their code points'}: ${named}${left}. The HTML report shows them in the reader's own fonts.`;
}

function* drawPart(flow: Flow, { name, title, blocks }: Part): Generator<void> {
  heading(flow, title, name);
  yield* drain(flow.paper, drawBlocks(flow, blocks));
}

function* drain(paper: Paper, drawing: Generator<void>): Generator<void> {
  let written = paper.page();
  for (const _ of drawing) {
    if (paper.page() - written < PAGES_AT_ONCE) continue;
    written = paper.page();
    yield;
  }
}

/** What every page has: whose report it is, of when, and where in it. */
function furniture(paper: Paper, data: ReportData): void {
  const { drawing, typesetting } = paper;
  const style = styles.furniture;
  const atRight = (line: Line, right: number, y: number): void => drawing.line(line, right - line.width, y);
  const made = typesetting.fit(formatTime(data.createdAt), style);
  const room = page.right - page.left - made.width - 20;
  drawing.line(typesetting.fit(`${titleOf(data)} · ${data.run.name}`, style, room), page.left, 40);
  atRight(made, page.right, 40);
  drawing.rectangle(page.left, 47, page.right - page.left, 0.5, rule);
  drawing.rectangle(page.left, 798, page.right - page.left, 0.5, rule);
  drawing.line(typesetting.fit(data.run.arn, style, 400), page.left, 811);
  const reserved = typesetting.fit('0000', style).width;
  atRight(typesetting.fit(`Page ${paper.page()} of `, style), page.right - reserved, 811);
  paper.placeTotal(page.right - reserved, 811, style);
}
