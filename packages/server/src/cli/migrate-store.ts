import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath, storeFileOf } from '../runtime/data-directory.ts';
import { databaseUrlOf, explainDatabaseError, shownDatabaseUrl } from '../runtime/database-url.ts';
import { MoveError } from '../store/move/move-error.ts';
import { type MovedTable, type MoveProgress, moveStore } from '../store/move/move-store.ts';
import { isUnavailable } from '../store/unavailable.ts';
import { onStop } from './on-stop.ts';
import type { StoreOptions } from './options/store-options.ts';
import { createProgressBar } from './terminal/progress-bar.ts';
import { renderTable } from './terminal/table.ts';

interface Options extends StoreOptions {
  readonly json?: boolean;
}

export const migrateStoreCommand = (): Command =>
  new Command('migrate-store')
    .description('Move the store of a data directory into an empty PostgreSQL database, and compare every row')
    .option('--data-dir <dir>', "the server's: store, keys, advisories (default: $ASSAY_DATA_DIR or .assay)")
    .option('--database-url <url>', 'where to: postgres://user@host/database (default: $ASSAY_DATABASE_URL)')
    .option('--json', 'print what was moved as JSON')
    .addHelpText(
      'after',
      '\nStop the server first. The file stays as it is. A move that does not finish leaves a database that servers\n' +
        'refuse, or an empty one: run it again, it begins anew.\n' +
        'Exit status: 0 every row of the store is in the database, 2 it is not.',
    )
    .action(async (options: Options) => {
      const directory = dataDirectoryPath(options.dataDir);
      const file = storeFileOf(directory);
      if (!existsSync(file))
        throw new CliError(`There is no store in ${directory}. Name its directory with --data-dir.`);
      const url = databaseUrlOf(options.databaseUrl);
      if (url === undefined) {
        throw new CliError('Say where to: --database-url postgres://user@host/database, of an empty database.');
      }
      const start = Date.now();
      const tables = await moved(file, url);
      const seconds = (Date.now() - start) / 1000;
      const names = { from: file, to: shownDatabaseUrl(url) };
      process.stdout.write(
        options.json ? asJson({ ...names, seconds, tables }) : asText({ ...names, seconds, tables }),
      );
      const different = tables.filter(({ same }) => !same).map(({ table }) => table);
      if (different.length > 0) {
        throw new CliError(
          `What the database holds of ${different.join(', ')} is not what the file holds. Servers refuse this database; ` +
            'the file is as it was. Find out what changes rows in the database, and run the command again.',
        );
      }
      if (!options.json) process.stdout.write(whatNext(directory, file));
    });

async function moved(file: string, url: string): Promise<MovedTable[]> {
  const stopping = new AbortController();
  const listenNoMore = onStop(() => stopping.abort());
  const progress = createProgressBar();
  const start = Date.now();
  let begun = false;
  const onProgress = ({ step, table, done, total }: MoveProgress): void => {
    begun = true;
    const text = (): string => {
      if (step === 'indexing') return `indexing ${table}`;
      const rate = Math.round((done * 1000) / Math.max(Date.now() - start, 1));
      return `${step} ${table} · ${number(rate)} rows a second`;
    };
    progress.show(done, total, text, step === 'indexing');
  };
  try {
    return await moveStore(file, url, { onProgress, signal: stopping.signal });
  } catch (error) {
    progress.clear();
    if (stopping.signal.aborted)
      throw new CliError('Nothing was moved: it was interrupted. The database is left empty.');
    if (error instanceof MoveError) throw new CliError(error.message);
    if (begun && isUnavailable(error)) {
      const why = (error as Error).message;
      throw new CliError(
        `The database ${shownDatabaseUrl(url)} went away in the middle of it: ${why}. Run the command again: it begins anew.`,
      );
    }
    throw explainDatabaseError(error, url);
  } finally {
    progress.clear();
    listenNoMore();
  }
}

interface Moved {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly tables: readonly MovedTable[];
}

const rowsOf = (tables: readonly MovedTable[]): number => tables.reduce((sum, { source }) => sum + source.rows, 0);

const asJson = ({ tables, ...rest }: Moved): string =>
  `${JSON.stringify({ ...rest, rows: rowsOf(tables), same: tables.every(({ same }) => same), tables })}\n`;

const DIGITS = 16;

function asText({ from, to, seconds, tables }: Moved): string {
  const columns = [{ title: 'Table' }, { title: 'Rows' }, { title: 'SHA-256', width: DIGITS }, { title: '' }];
  const rows = tables.map(({ table, source, target, same }) => [
    table,
    number(source.rows),
    source.digest.slice(0, DIGITS),
    same ? 'same' : `different: ${number(target.rows)} rows, ${target.digest.slice(0, DIGITS)}`,
  ]);
  return `${renderTable(columns, rows, 80)}${number(rowsOf(tables))} rows in ${seconds.toFixed(1)} s from ${from} to ${to}\n`;
}

const whatNext = (directory: string, file: string): string => `
Every row of the file is in the database. Next:
  1. Start servers with --database-url, or with ASSAY_DATABASE_URL in their environment.
  2. Each needs the master key of this data directory: ${directory}/master.key
     Advisories (feeds) and the audit trail stay files of each server's own data directory.
  3. The file is as it was. A server that is started without --database-url goes on with it, apart from the others:
     put it away, and keep it until the first backup of the database:
     mv ${file} ${file}.moved
`;

const number = (value: number): string => value.toLocaleString('en-US');
