import { visibleText } from '@assay/model/safe-text.ts';
import type { Part } from '../parts/block.ts';
import { changesPart } from '../parts/changes.ts';
import { evidencePart } from '../parts/evidence.ts';
import { prioritiesPart } from '../parts/priorities.ts';
import { provenancePart } from '../parts/provenance.ts';
import { scopePart } from '../parts/scope.ts';
import type { ReportData } from '../report-data.ts';
import { formatTime, notes, titleOf } from '../report-words.ts';
import { drawContents } from './contents.ts';
import { drawCover, drawRun } from './cover.ts';
import { createFlow, type Flow } from './flow.ts';
import { createPaper, type Paper, page } from './paper.ts';
import { drawBlocks } from './part.ts';
import { drawExclusions, drawFindings, drawHosts, drawPackages, drawRules, heading } from './sections.ts';
import { rule, styles } from './styles.ts';

/** After so many pages it is time to let bytes go. */
const PAGES_AT_ONCE = 20;

/**
 * A report as PDF: contents with page numbers, an outline, selectable text. The same data gives the same bytes. Text is
 * set in the fonts that every reader has; what they lack is written as its code point (see encode.ts). Bytes go to `write`
 * whenever the event loop turns: let it turn at each yield, and once after the end.
 */
export function* renderPdf(data: ReportData, write: (chunk: Uint8Array) => void): Generator<void> {
  const paper = createPaper(
    { title: visibleText(`${data.run.name} – ${titleOf(data)}`), subject: data.run.arn, createdAt: data.createdAt },
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
  yield* drawPart(flow, evidencePart(data));
  heading(flow, 'How to read this report', 'notes');
  for (const note of notes(data)) {
    flow.paragraph(note, styles.body);
    flow.space(5);
  }
  flow.end();
  contents.complete();
  paper.end();
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
  const atRight = (text: string, right: number, y: number): void =>
    drawing.line({ text, style }, right - typesetting.width(text, style), y);
  const made = formatTime(data.createdAt);
  const room = page.right - page.left - typesetting.width(made, style) - 20;
  drawing.line(typesetting.fit(`${titleOf(data)} · ${data.run.name}`, style, room), page.left, 40);
  atRight(made, page.right, 40);
  drawing.rectangle(page.left, 47, page.right - page.left, 0.5, rule);
  drawing.rectangle(page.left, 798, page.right - page.left, 0.5, rule);
  drawing.line(typesetting.fit(data.run.arn, style, 400), page.left, 811);
  const reserved = typesetting.width('000', style);
  atRight(`Page ${paper.page()} of `, page.right - reserved, 811);
  paper.placeTotal(page.right - reserved, 811, style);
}
