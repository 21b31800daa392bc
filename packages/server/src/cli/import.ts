import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { oneLine } from '@assay/model/safe-text.ts';
import { Command } from 'commander';
import { gunzipStream } from '../engine/history/import/gunzip-stream.ts';
import {
  type ImportSummary,
  importHistory,
  type LineNote,
  UnreadableError,
} from '../engine/history/import/import-history.ts';
import { kindNames } from '../engine/history/import/kinds.ts';
import { CliError } from '../runtime/cli-error.ts';
import { openStoreOf } from '../runtime/open-store.ts';
import { isUnavailable } from '../store/unavailable.ts';
import { dataDirectoryOf, type StoreOptions, withStoreOptions } from './options/store-options.ts';
import { eraseLine } from './terminal/guarded-output.ts';

interface ImportOptions extends StoreOptions {
  readonly json?: boolean;
}

export const importCommand = (): Command =>
  withStoreOptions(new Command('import'))
    .description(
      'Import history: NDJSON, one line {"kind": "assessmentRun", "item": {…}} as describe-* returned the item',
    )
    .argument('<file>', 'file to read, gzip or not; - for standard input')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `\nKinds: ${kindNames.join(', ')}.\n` +
        'Account and region are those of each item. A server may run on the same store.\n' +
        'Exit status: 0 all is in the store, 1 some lines were refused, 2 the file cannot be read.',
    )
    .action(async (file: string, options: ImportOptions) => {
      const source = await openSource(file);
      const store = await openStoreOf(dataDirectoryOf(options));
      const start = Date.now();
      const progress = createProgress(start);
      const finish = async (summary: ImportSummary): Promise<void> => {
        progress.clear();
        if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
        else process.stdout.write(describe(summary, Date.now() - start));
        if (summary.refused > 0) process.exitCode = 1;
        await store.analyze('ALL');
      };
      try {
        const deps = { transaction: store.transaction, isUnavailable, sleep: delay, onProgress: progress.show };
        const summary = await importHistory(deps, gunzipStream(source));
        await finish(summary);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        await finish(error.summary);
        throw new CliError(
          `${file} cannot be read beyond line ${error.summary.lines}: ${error.message}. What came before is in the store; importing the whole file again is safe.`,
        );
      } finally {
        await store.close();
      }
    });

/** Opened before the store is: a file that is not there makes no data directory. */
async function openSource(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') return process.stdin;
  try {
    const handle = await open(file);
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw new Error('it is a directory');
    }
    return handle.createReadStream();
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** One line on a terminal that is written over, five times a second at most. */
function createProgress(start: number) {
  let shown = 0;
  return {
    show: ({ lines, refused }: Readonly<ImportSummary>): void => {
      const now = Date.now();
      if (!process.stderr.isTTY || now - shown < 200) return;
      shown = now;
      const rate = Math.round((lines * 1000) / Math.max(now - start, 1));
      process.stderr.write(
        `${eraseLine(process.stderr)}${number(lines)} lines · ${number(rate)} a second · ${number(refused)} refused`,
      );
    },
    clear: (): void => {
      if (shown > 0) process.stderr.write(eraseLine(process.stderr));
    },
  };
}

function describe(summary: ImportSummary, milliseconds: number): string {
  const kinds = Object.entries(summary.addedByKind).map(
    ([kind, count]) => `  ${kind.padEnd(20)}${number(count)} added`,
  );
  return [
    `${number(summary.lines)} lines in ${(milliseconds / 1000).toFixed(1)} s: ${number(summary.added)} added, ${number(summary.unchanged)} there already, ${number(summary.refused)} refused`,
    ...kinds,
    ...notes('Refused', summary.refusals, summary.refused),
    ...notes('Imported without members that the API does not have', summary.unknownMembers, summary.withUnknownMembers),
    '',
  ].join('\n');
}

function notes(title: string, shown: readonly LineNote[], count: number): string[] {
  if (count === 0) return [];
  const more = count > shown.length ? [`  … and ${number(count - shown.length)} more`] : [];
  return [`${title}:`, ...shown.map(({ line, reason }) => `  line ${number(line)} ${oneLine(reason, 400)}`), ...more];
}

const number = (value: number): string => value.toLocaleString('en-US');
