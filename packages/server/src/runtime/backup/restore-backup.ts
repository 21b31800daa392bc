import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import { createSqlitePresence } from '../../store/database/sqlite-presence.ts';
import { requireKnownVersion } from '../../store/migrate.ts';
import { isStoreEmpty } from '../../store/move/is-store-empty.ts';
import { type MoveProgress, moveStore } from '../../store/move/move-store.ts';
import { requireSound } from '../../store/move/snapshot-sqlite.ts';
import { CliError } from '../cli-error.ts';
import { RESTORING, storeFileOf } from '../data-directory.ts';
import { AUDIT, type BackupManifest, KEY, STORE } from './manifest.ts';
import { readBackup } from './read-backup.ts';
import { syncDirectory } from './sync-directory.ts';

export interface RestoreTarget {
  /** The data directory. */
  readonly path: string;
  /** Where the store is restored into a PostgreSQL database. */
  readonly url?: string | undefined;
}

export interface RestoreOptions {
  /** Replaces a store that holds something; what is replaced is kept under another name. */
  readonly overwrite: boolean;
  /** In milliseconds since the epoch: names what is replaced. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** Bytes of the backup that were read. */
  readonly onRead: (done: number) => void;
  readonly onMove: (progress: MoveProgress) => void;
}

export interface Restored {
  readonly manifest: BackupManifest;
  /** Files that were there before, under their new names. */
  readonly replaced: readonly string[];
  /** False where neither the backup nor the data directory has one. */
  readonly hasKey: boolean;
}

/** The directory that the backup is unpacked into, below the data directory: one disk, so that files can be renamed. */
const UNPACKED = 'restoring';

/**
 * Restores a backup that was read to its end and found whole. A directory in which files are being replaced says so, and
 * servers refuse it. Throws {@link CliError}.
 */
export async function restoreBackup(file: string, target: RestoreTarget, options: RestoreOptions): Promise<Restored> {
  const { path, url } = target;
  makeDirectory(path);
  const presence = url === undefined ? createSqlitePresence(storeFileOf(path)) : undefined;
  if (presence && !(await presence.alone())) {
    throw new CliError(`A server runs on the store in ${path}. Stop it first.`);
  }
  const unpacked = join(path, UNPACKED);
  try {
    const anew = existsSync(join(path, RESTORING));
    if (url === undefined && !anew && !options.overwrite) requireEmpty(path);
    rmSync(unpacked, { recursive: true, force: true });
    mkdirSync(unpacked, { mode: 0o700 });
    const manifest = await readBackup(file, { into: unpacked, signal: options.signal, onProgress: options.onRead });
    const store = join(unpacked, STORE);
    requireSound(store);
    requireKnownVersion(versionOf(store));
    const replacesKey = requireKey(path, unpacked, options.overwrite || anew);
    if (url === undefined) {
      return { manifest, replaced: replace(path, unpacked, options.now), hasKey: existsSync(join(path, KEY)) };
    }
    if (replacesKey) {
      throw new CliError(
        `${join(path, KEY)} is the key of another store. Give a data directory of its own with --data-dir.`,
      );
    }
    // First: without it no server could use the database, and a new key would be of no use.
    putKeyAndTrail(path, unpacked, undefined);
    const tables = await moveStore(store, url, {
      onProgress: options.onMove,
      signal: options.signal,
    });
    const different = tables.filter(({ same }) => !same).map(({ table }) => table);
    if (different.length > 0) {
      throw new CliError(
        `What the database holds of ${different.join(', ')} is not what the backup holds. Servers refuse this database. ` +
          'Find out what changes rows in it, and restore again.',
      );
    }
    return { manifest, replaced: [], hasKey: existsSync(join(path, KEY)) };
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
    await presence?.release();
  }
}

function requireEmpty(path: string): void {
  const file = storeFileOf(path);
  if (!existsSync(file) || isStoreEmpty(file)) return;
  throw new CliError(
    `The store in ${path} is not empty, and nothing was restored. Give another --data-dir, or --overwrite: ` +
      'the store that is there is then kept beside it, under another name.',
  );
}

function versionOf(store: string): number {
  const database = new DatabaseSync(store, { readOnly: true });
  try {
    return Number(database.prepare('select version from schema_version').get()?.version);
  } finally {
    database.close();
  }
}

/** Whether the key of the backup takes the place of another. Throws where it may not. */
function requireKey(path: string, unpacked: string, overwrite: boolean): boolean {
  const [own, other] = [join(path, KEY), join(unpacked, KEY)];
  if (!existsSync(own) || !existsSync(other)) return false;
  if (readFileSync(own, 'utf8').trim() === readFileSync(other, 'utf8').trim()) return false;
  if (overwrite) return true;
  throw new CliError(
    `${own} is another key than the one in the backup, and nothing was restored. Give another --data-dir, or --overwrite: ` +
      'the key that is there is then kept beside it, under another name.',
  );
}

/** Gives the new names of the files that were there. */
function replace(path: string, unpacked: string, now: number): string[] {
  const suffix = `replaced-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  const marker = join(path, RESTORING);
  const file = storeFileOf(path);
  writeFileSync(marker, '', { mode: 0o600, flush: true });
  syncDirectory(path);
  const replaced: string[] = [];
  // The log belongs to the file of its name: both go together.
  for (const part of ['', '-wal']) {
    if (!existsSync(file + part)) continue;
    const aside = `${file}.${suffix}${part}`;
    renameSync(file + part, aside);
    replaced.push(aside);
  }
  rmSync(`${file}-shm`, { force: true });
  putKeyAndTrail(path, unpacked, suffix, replaced);
  renameSync(join(unpacked, STORE), file);
  syncDirectory(path);
  rmSync(marker);
  syncDirectory(path);
  return replaced;
}

/** Files of the trail that are there stay: they have at least what the backup has. */
function putKeyAndTrail(path: string, unpacked: string, suffix: string | undefined, replaced: string[] = []): void {
  const [own, other] = [join(path, KEY), join(unpacked, KEY)];
  if (existsSync(other)) {
    if (existsSync(own) && suffix !== undefined && readFileSync(own, 'utf8') !== readFileSync(other, 'utf8')) {
      renameSync(own, `${own}.${suffix}`);
      replaced.push(`${own}.${suffix}`);
    }
    if (!existsSync(own)) renameSync(other, own);
    chmodSync(own, 0o600);
  }
  const trail = join(unpacked, AUDIT);
  if (!existsSync(trail)) return;
  makeDirectory(join(path, AUDIT));
  for (const name of readdirSync(trail)) {
    if (!existsSync(join(path, AUDIT, name))) renameSync(join(trail, name), join(path, AUDIT, name));
  }
  syncDirectory(join(path, AUDIT));
}
