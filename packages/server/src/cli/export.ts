import { createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  countRows,
  type ExportOptions,
  type ExportSummary,
  exportHistory,
} from '../engine/history/export/export-history.ts';
import { type KindName, kindNames } from '../engine/history/import/kinds.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { openStoreOf } from '../runtime/open-store.ts';
import { type ExportReader, openExportReader } from '../store/tables/export-reader.ts';
import { onStop } from './on-stop.ts';
import { dataDirectoryOf, hasStore, type StoreOptions, withStoreOptions } from './options/store-options.ts';
import { intoStandardOutput } from './terminal/into-standard-output.ts';
import { createProgressBar } from './terminal/progress-bar.ts';

interface Options extends StoreOptions {
  readonly kind?: KindName[];
  readonly account?: string;
  readonly region?: string;
  readonly gzip?: boolean;
}

export const exportCommand = (): Command =>
  withStoreOptions(new Command('export'))
    .description('Export all history as NDJSON, one line {"kind": "assessmentRun", "item": {…}}, as import reads it')
    .argument('[file]', 'file to write; - for standard output', '-')
    .addOption(new Option('--kind <kind...>', 'only these kinds').choices(kindNames))
    .option('--account <id>', 'only of this account', twelveDigits)
    .option('--region <region>', 'only of this region')
    .option('--gzip', 'compress')
    .addHelpText(
      'after',
      '\nParents stand before their children. A server may run on the same store: the export is of one moment.\n' +
        'Not in it: hosts and what they sent, keys and policies, exclusions previews, reports. Runs in progress are\n' +
        'written as they are, without their findings so far.\n' +
        'Exit status: 0 all is written, 2 it could not be.',
    )
    .action(async (file: string, options: Options) => {
      const reader = await openReader(options);
      try {
        const { kind: kinds, account, region } = options;
        await write(reader, { kinds, account, region }, file, options.gzip === true);
      } finally {
        await reader.close();
      }
    });

/** A directory without a store is not made one. */
async function openReader(options: StoreOptions): Promise<ExportReader> {
  if (!hasStore(options)) {
    const path = dataDirectoryPath(options.dataDir);
    throw new CliError(`There is no store in ${path}. Name its directory with --data-dir, or its --database-url.`);
  }
  const directory = dataDirectoryOf(options);
  // Brings a store of an older version to this one.
  await (await openStoreOf(directory)).close();
  return openExportReader(directory.store);
}

async function write(reader: ExportReader, options: ExportOptions, file: string, gzip: boolean): Promise<void> {
  const start = Date.now();
  const progress = createProgressBar();
  const total = process.stderr.isTTY ? await countRows(reader, options) : 0;
  let summary: Readonly<ExportSummary> = { rows: 0, lines: 0, linesByKind: {} };
  const pieces = exportHistory(reader, options, (now) => {
    summary = now;
    progress.show(now.rows, total, () => `${number(now.lines)} lines · ${rate(now.lines, start)} a second`);
  });
  try {
    await (file === '-' ? intoStandardOutput(pieces, gzip ? [createGzip()] : []) : intoFile(pieces, gzip, file));
  } finally {
    progress.clear();
  }
  process.stderr.write(describe(summary, Date.now() - start));
}

/** Under another name until it is whole, and on the disk: a file of this name is a whole export, the one before or this. */
async function intoFile(pieces: AsyncIterable<string>, gzip: boolean, file: string): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  const stopping = new AbortController();
  const listenNoMore = onStop(() => stopping.abort());
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a directory');
    // Findings are nobody else's business.
    const target = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
    await pour(pieces, gzip, target, { signal: stopping.signal });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    if (stopping.signal.aborted) throw new CliError(`${file} is not written: it was interrupted`);
    throw new CliError(`${file} cannot be written: ${(error as Error).message}`);
  } finally {
    listenNoMore();
  }
}

const pour = (
  pieces: AsyncIterable<string>,
  gzip: boolean,
  target: Writable,
  options: { readonly end?: boolean; readonly signal?: AbortSignal },
): Promise<void> => {
  const source = Readable.from(pieces, { highWaterMark: 1 });
  return gzip ? pipeline(source, createGzip(), target, options) : pipeline(source, target, options);
};

function describe({ lines, linesByKind }: Readonly<ExportSummary>, milliseconds: number): string {
  const kinds = Object.entries(linesByKind).map(([kind, count]) => `  ${kind.padEnd(24)}${number(count)}\n`);
  return `${number(lines)} lines in ${(milliseconds / 1000).toFixed(1)} s\n${kinds.join('')}`;
}

function twelveDigits(text: string): string {
  if (!/^[0-9]{12}$/.test(text)) throw new InvalidArgumentError('An account has twelve digits.');
  return text;
}

const rate = (count: number, start: number): string =>
  number(Math.round((count * 1000) / Math.max(Date.now() - start, 1)));
const number = (value: number): string => value.toLocaleString('en-US');
