// The thread that makes one report: started by report-thread.ts, with its order as workerData. It gives the report's bytes
// as messages, a chunk each, and null after the last; each message that it gets says that a chunk was taken. Before the last it
// gives the statement to be signed, a text, and gets the signature.
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { gatherReport, type ReportRequest } from '../../engine/reports/gather-report.ts';
import { renderHtml } from '../../engine/reports/html/render-html.ts';
import type { ReportData, ReportFormat } from '../../engine/reports/report-data.ts';
import type { StoreLocation } from '../../store/database/store-location.ts';
import { openReportReader } from '../../store/tables/report-reader.ts';
import { REPORT_CHUNK } from '../../store/tables/reports.ts';
import { type ReportStatement, signatureLine } from './report-signature.ts';
import { signedOutput } from './signed-output.ts';

export interface ReportOrder {
  readonly store: StoreLocation;
  readonly request: ReportRequest;
  readonly format: ReportFormat;
}

/** Characters that are encoded at once. */
const TEXT = 64 * 1024;

if (!parentPort) throw new Error('This is a thread of a server and no program');
const port = parentPort;
const order = workerData as ReportOrder;
let waiting: Uint8Array[] = [];
let size = 0;
let taken: Promise<unknown> = Promise.resolve();

const reader = await openReportReader(order.store);
const data = await gatherReport(reader, order.request);
await reader.close();
const output = signedOutput(order.format, write);
if (order.format === 'HTML') await writeHtml(data);
else await writePdf(data);
await endSigned(data);
await give(1);
port.postMessage(null);

async function writeHtml(report: ReportData): Promise<void> {
  let text = '';
  for (const piece of renderHtml(report)) {
    text += piece;
    if (text.length < TEXT) continue;
    output.write(Buffer.from(text));
    await give(REPORT_CHUNK);
    text = '';
  }
  output.write(Buffer.from(text));
}

async function writePdf(report: ReportData): Promise<void> {
  // Loaded here alone: fonts and all, it takes longer than an HTML report.
  const { renderPdf } = await import('../../engine/reports/pdf/render-pdf.ts');
  const { reportFonts } = await import('./report-fonts.ts');
  for (const _ of renderPdf(report, await reportFonts(), output.write)) {
    await nextTurn();
    await give(REPORT_CHUNK);
  }
  await nextTurn();
}

/** Has what was written signed by the thread that has the key, and writes the signature. */
async function endSigned({ run, type, createdAt, assay, signedWith = '' }: ReportData): Promise<void> {
  const { format } = order;
  const statement: ReportStatement = {
    ...{ run: run.arn, name: run.name, type, format, assay },
    askedAt: new Date(createdAt).toISOString(),
    key: signedWith,
    ...output.content(),
  };
  const text = JSON.stringify(statement);
  await taken;
  const answer = once(port, 'message');
  port.postMessage(text);
  const [signature] = (await answer) as [Uint8Array];
  output.end(signatureLine(format, text, signature));
}

function write(bytes: Uint8Array): void {
  waiting.push(bytes);
  size += bytes.length;
}

/** Gives what is waiting, in chunks, for as long as there are so many bytes; one that is not taken holds the next. */
async function give(least: number): Promise<void> {
  while (size >= least) {
    const chunk = new Uint8Array(Math.min(size, REPORT_CHUNK));
    const all = Buffer.concat(waiting);
    chunk.set(all.subarray(0, chunk.length));
    waiting = [all.subarray(chunk.length)];
    size -= chunk.length;
    await taken;
    taken = once(port, 'message');
    port.postMessage(chunk, [chunk.buffer]);
  }
}
