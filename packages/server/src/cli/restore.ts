import { statSync } from 'node:fs';
import { Command } from 'commander';
import { type BackupManifest, KEY } from '../runtime/backup/manifest.ts';
import { readBackup } from '../runtime/backup/read-backup.ts';
import { type Restored, restoreBackup } from '../runtime/backup/restore-backup.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { databaseUrlOf, explainDatabaseError, shownDatabaseUrl } from '../runtime/database-url.ts';
import { NewerStoreError } from '../store/migrate.ts';
import { MoveError } from '../store/move/move-error.ts';
import { onStop } from './on-stop.ts';
import { type StoreOptions, withStoreOptions } from './options/store-options.ts';
import { nextSteps } from './terminal/next-step.ts';
import { createProgressBar } from './terminal/progress-bar.ts';

interface Options extends StoreOptions {
  readonly overwrite?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

export const restoreCommand = (): Command =>
  withStoreOptions(new Command('restore'))
    .description('Restore a backup into a data directory, or into an empty PostgreSQL database')
    .argument('<file>', 'a backup, as assay backup writes it, of either kind of store')
    .option('--overwrite', 'replace a store that is not empty; it is kept beside the new one, under another name')
    .option('--check', 'only say whether the backup is whole')
    .option('--json', 'print JSON: the manifest of the backup, and what was kept')
    .addHelpText(
      'after',
      '\nStop the server first. The backup is read to its end and compared with its digests before anything is changed.\n' +
        'A restore that does not finish leaves a data directory or a database that servers refuse, or what was there: run\n' +
        'it again. Exit status: 0 everything is restored, 2 it is not.',
    )
    .action(async (file: string, options: Options) => {
      const path = dataDirectoryPath(options.dataDir);
      const url = databaseUrlOf(options.databaseUrl);
      if (options.overwrite && url !== undefined) {
        throw new CliError(
          'A database is not overwritten. Make another one with createdb, restore into that, and use it.',
        );
      }
      const text = await restored(file, path, url, options);
      process.stdout.write(text);
    });

async function restored(file: string, path: string, url: string | undefined, options: Options): Promise<string> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const listenNoMore = onStop(() => stopping.abort());
  const progress = createProgressBar();
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const onRead = (done: number): void => progress.show(done, total, () => 'reading the backup');
  try {
    if (options.check) {
      const manifest = await readBackup(file, { signal, onProgress: onRead });
      progress.clear();
      return options.json ? json({ manifest }) : `${file} is whole: ${what(manifest)}\n`;
    }
    const done = await restoreBackup(
      file,
      { path, url },
      {
        overwrite: options.overwrite === true,
        now: Date.now(),
        signal,
        onRead,
        onMove: (move) => progress.show(move.done, move.total, () => `${move.step} ${move.table}`),
      },
    );
    progress.clear();
    if (options.json) return json({ manifest: done.manifest, replaced: done.replaced, hasKey: done.hasKey });
    return describe(file, url === undefined ? path : shownDatabaseUrl(url), path, done);
  } catch (error) {
    progress.clear();
    if (signal.aborted) throw new CliError('Nothing was restored: it was interrupted.');
    if (error instanceof MoveError || error instanceof NewerStoreError) throw new CliError(error.message);
    throw url === undefined ? error : explainDatabaseError(error, url);
  } finally {
    progress.clear();
    listenNoMore();
  }
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

const what = ({ createdAt, from, assay, files }: BackupManifest): string =>
  `a store of ${createdAt}, from ${from}, by Assay ${assay}, ${files.some(({ name }) => name === KEY) ? 'with' : 'without'} its master key`;

function describe(file: string, place: string, path: string, { manifest, replaced, hasKey }: Restored): string {
  const lines = [
    `Restored ${file} into ${place}: ${what(manifest)}`,
    ...replaced.map((name) => `  Kept what was there: ${name}`),
    ...(hasKey ? [] : [`  Put the master key of this store into ${path}/${KEY} (chmod 600) before you start a server`]),
    nextSteps('  Then take the advisories again: assay feeds update'),
  ];
  return `${lines.join('\n')}\n`;
}
