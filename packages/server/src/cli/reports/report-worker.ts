// The thread that makes one report: started by report-thread.ts, with its order as workerData.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { gatherReport, type ReportRequest } from '../../engine/report/gather-report.ts';
import { renderHtml } from '../../engine/report/html/render-html.ts';
import type { ReportData, ReportFormat } from '../../engine/report/report-data.ts';
import { openReportReader } from '../../store/report-reader.ts';
import type { StoreLocation } from '../../store/store-location.ts';

export interface ReportOrder {
  readonly store: StoreLocation;
  readonly request: ReportRequest;
  readonly format: ReportFormat;
  /** Where the file shall be. */
  readonly path: string;
}

/** Bytes that are written at once. */
const CHUNK = 64 * 1024;

const order = workerData as ReportOrder;
const reader = await openReportReader(order.store);
const data = await gatherReport(reader, order.request);
await reader.close();
const draft = `${order.path}.part`;
const file = openSync(draft, 'w', 0o600);
if (order.format === 'HTML') writeHtml(data);
else await writePdf(data);
fsyncSync(file);
closeSync(file);
renameSync(draft, order.path);
syncDirectory(dirname(order.path));

function writeHtml(report: ReportData): void {
  let text = '';
  for (const piece of renderHtml(report)) {
    text += piece;
    if (text.length < CHUNK) continue;
    writeAll(Buffer.from(text));
    text = '';
  }
  writeAll(Buffer.from(text));
}

async function writePdf(report: ReportData): Promise<void> {
  // Loaded here alone: fonts and all, it takes longer than an HTML report.
  const { renderPdf } = await import('../../engine/report/pdf/render-pdf.ts');
  for (const _ of renderPdf(report, writeAll)) await nextTurn();
  await nextTurn();
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** The new name survives the power failing too. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
