import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from './cli-error.ts';

/** Where a server keeps all that must survive it. */
export interface DataDirectory {
  readonly path: string;
  /** The embedded store. */
  readonly storeFile: string;
  /** 32 bytes, from a file that only its owner can read. */
  readonly masterKey: Buffer;
}

/** The directory that `--data-dir` or ASSAY_DATA_DIR names, else `.assay` below the working directory. */
export const dataDirectoryPath = (option: string | undefined): string =>
  resolve(option ?? process.env.ASSAY_DATA_DIR ?? '.assay');

/** Makes the directory and its key on first use. Throws {@link CliError} when others could read the key. */
export function openDataDirectory(path: string): DataDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return { path, storeFile: join(path, 'assay.db'), masterKey: masterKey(join(path, 'master.key')) };
}

function masterKey(file: string): Buffer {
  if (!statSync(file, { throwIfNoEntry: false })) {
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
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new CliError(`Others can read ${file}, which opens every secret of this store. Run: chmod 600 ${file}`);
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (key.length !== 32) throw new CliError(`${file} must hold 64 hexadecimal digits. Restore it from a backup.`);
  return key;
}
