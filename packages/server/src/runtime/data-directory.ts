import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import type { StoreLocation } from '../store/database/store-location.ts';
import { CliError } from './cli-error.ts';

/** Where a server keeps all that must survive it. */
export interface DataDirectory {
  readonly path: string;
  readonly store: StoreLocation;
  /** 32 bytes, from a file that only its owner can read. */
  readonly masterKey: Buffer;
  /** The key was made just now: nothing is sealed with it yet. */
  readonly isKeyNew?: boolean;
}

/** The directory that `--data-dir` or ASSAY_DATA_DIR names, else `.assay` below the working directory. */
export function dataDirectoryPath(option: string | undefined): string {
  const path = resolve(option ?? process.env.ASSAY_DATA_DIR ?? '.assay');
  let above = path;
  while (!existsSync(above)) above = dirname(above);
  // What makes the directories below it, such as those of the feeds, would try for ever.
  if (above !== path && statfsSync(above).type === PROCFS) {
    throw new CliError(`The data directory ${path} cannot be made: ${above} holds no files. Give --data-dir.`);
  }
  return path;
}

/** The type of Linux's /proc, where no directory can be made. */
const PROCFS = 0x9fa0;

/** Where an embedded store is in a data directory. */
export const storeFileOf = (path: string): string => join(path, 'assay.db');

/** There from the moment that a restore begins to replace files until the last one is replaced. */
export const RESTORING = 'restore-unfinished';

/**
 * Makes the directory and its key on first use. The store is a file in it, unless there is a database for it. Throws
 * {@link CliError}, also when others could read the key.
 */
export function openDataDirectory(path: string, databaseUrl?: string): DataDirectory {
  try {
    makeDirectory(path);
    if (statSync(join(path, RESTORING), { throwIfNoEntry: false })) {
      throw new CliError(
        `A restore into ${path} did not finish, so that what is there is of two stores. Run assay restore again, with the same backup.`,
      );
    }
    const isKeyNew = !statSync(join(path, 'master.key'), { throwIfNoEntry: false });
    const key = masterKey(join(path, 'master.key'), databaseUrl === undefined ? storeFileOf(path) : undefined);
    accessSync(path, constants.W_OK | constants.X_OK);
    if (databaseUrl !== undefined) return { path, store: { url: databaseUrl }, masterKey: key, isKeyNew };
    const file = storeFileOf(path);
    // SQLite gives the files beside it the same mode, also where the directory was there and is open to others.
    if (!statSync(file, { throwIfNoEntry: false })) closeSync(openSync(file, 'a', 0o600));
    return { path, store: { file }, masterKey: key, isKeyNew };
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`The data directory ${path} cannot be used: ${(error as Error).message}. Give --data-dir.`);
  }
}

/** Makes the key where there is none, except beside a store that has something in it: that was sealed under another. */
function masterKey(file: string, storeFile: string | undefined): Buffer {
  if (!statSync(file, { throwIfNoEntry: false })) {
    if (storeFile !== undefined && (statSync(storeFile, { throwIfNoEntry: false })?.size ?? 0) > 0) {
      throw new CliError(
        `${file} is missing. The store ${storeFile} was set up with another master key than a new one would be, so none was made. ` +
          'Copy master.key from the backup of this store; then only its owner may read it (chmod 600).',
      );
    }
    // Written whole under another name first: a key that was cut short would lose every secret sealed with it.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    chmodSync(file, 0o600);
  }
  return readKey(file);
}

/** The key of a directory in which a server was; undefined where there is none. Throws {@link CliError}. */
export function existingMasterKey(path: string): Buffer | undefined {
  const file = join(path, 'master.key');
  try {
    return statSync(file, { throwIfNoEntry: false }) && readKey(file);
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

function readKey(file: string): Buffer {
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new CliError(`Others can read ${file}, which opens every secret of this store. Run: chmod 600 ${file}`);
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (key.length !== 32) throw new CliError(`${file} must hold 64 hexadecimal digits. Restore it from a backup.`);
  return key;
}
