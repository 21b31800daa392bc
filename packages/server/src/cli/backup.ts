import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { VERSION } from '../domain/version.ts';
import { type BackupManifest, KEY, STORE } from '../runtime/backup/manifest.ts';
import { writeBackup } from '../runtime/backup/write-backup.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath, storeFileOf } from '../runtime/data-directory.ts';
import { databaseUrlOf, explainDatabaseError } from '../runtime/database-url.ts';
import { MoveError } from '../store/move/move-error.ts';
import { onStop } from './on-stop.ts';
import { hasStore, type StoreOptions, withStoreOptions } from './options/store-options.ts';
import { nextSteps } from './terminal/next-step.ts';
import { createProgressBar } from './terminal/progress-bar.ts';

interface Options extends StoreOptions {
  readonly key: boolean;
  readonly audit: boolean;
  readonly json?: boolean;
}

export const backupCommand = (): Command =>
  withStoreOptions(new Command('backup'))
    .description('Write the store, the master key and the audit trail into one file; a server may run meanwhile')
    .argument('<file>', 'where to, such as assay.tar; one that is there is replaced when the new one is whole')
    .option('--no-key', 'leave the master key out: without it no server can use the backup')
    .option('--no-audit', 'leave the audit trail out')
    .option('--json', 'print what is in the backup as JSON')
    .addHelpText(
      'after',
      '\nThe backup is of one moment, an archive of tar that only you can read. Keep it as secret as the server.\n' +
        'Not in it: advisories (assay feeds update takes them again), TLS certificates, what agents keep on their hosts.\n' +
        'assay restore --check FILE says whether a backup is whole.\n' +
        'Exit status: 0 the backup is whole and on the disk, 2 there is none.',
    )
    .action(async (name: string, options: Options) => {
      const file = resolve(name);
      const manifest = await written(file, options);
      process.stdout.write(
        options.json ? `${JSON.stringify({ file, ...manifest })}\n` : describe(name, file, manifest, options),
      );
    });

async function written(file: string, options: Options): Promise<BackupManifest> {
  const path = dataDirectoryPath(options.dataDir);
  const url = databaseUrlOf(options.databaseUrl);
  if (!hasStore(options))
    throw new CliError(`There is no store in ${path}. Name its directory with --data-dir, or its --database-url.`);
  if (options.key && !existsSync(`${path}/${KEY}`)) {
    throw new CliError(
      `${path} has no ${KEY}, without which no server can use the backup. Give the --data-dir of a server of this store, ` +
        'or --no-key where the key is kept elsewhere.',
    );
  }
  if (!existsSync(dirname(file))) throw new CliError(`There is no directory ${dirname(file)}. Make it first.`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new CliError(`${file} is a directory. Give the name of a file in it.`);
  const stopping = new AbortController();
  const listenNoMore = onStop(() => stopping.abort());
  const progress = createProgressBar();
  try {
    return await writeBackup({ path, store: url === undefined ? { file: storeFileOf(path) } : { url } }, file, {
      withKey: options.key,
      withAudit: options.audit,
      assay: VERSION,
      now: Date.now(),
      signal: stopping.signal,
      onProgress: (step, done, total) => progress.show(done, total, () => step),
    });
  } catch (error) {
    progress.clear();
    if (stopping.signal.aborted) throw new CliError(`${file} is not written: it was interrupted.`);
    if (error instanceof MoveError) throw new CliError(error.message);
    throw url === undefined ? error : explainDatabaseError(error, url);
  } finally {
    progress.clear();
    listenNoMore();
  }
}

function describe(name: string, file: string, manifest: BackupManifest, { key, audit }: Options): string {
  const store = manifest.files.find((each) => each.name === STORE);
  const days = manifest.files.length - 1 - (key ? 1 : 0);
  const lines = [
    `${name}: ${megabytes(statSync(file).size)}, whole and on the disk`,
    `  Store        ${megabytes(store?.size ?? 0)}, as it was at ${manifest.createdAt}`,
    `  Master key   ${key ? 'in it: keep this file as secret as the server' : 'not in it: keep it elsewhere, or nobody can use this backup'}`,
    `  Audit trail  ${audit ? `${days} ${days === 1 ? 'file' : 'files'}` : 'not in it'}`,
    nextSteps('  Advisories   not in it: assay feeds update takes them again'),
  ];
  return `${lines.join('\n')}\n`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
