import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { StoreLocation } from '../../store/database/store-location.ts';
import { snapshotStore } from '../../store/move/snapshot-store.ts';
import { auditDirectory, auditFiles } from '../audit/file-names.ts';
import {
  AUDIT,
  type BackedUpFile,
  type BackupManifest,
  FORMAT,
  VERSION as FORMAT_VERSION,
  KEY,
  MANIFEST,
  STORE,
} from './manifest.ts';
import { syncDirectory } from './sync-directory.ts';

export interface BackupSource {
  /** The data directory. */
  readonly path: string;
  readonly store: StoreLocation;
}

export interface WriteBackupOptions {
  readonly withKey: boolean;
  readonly withAudit: boolean;
  /** The Assay that writes it. */
  readonly assay: string;
  /** In milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly onProgress: (step: 'copying the store' | 'writing the backup', done: number, total: number) => void;
}

/**
 * Writes a backup, an archive of tar, of one moment of the store. It is under another name until it is whole and on the
 * disk: a file of this name is a whole backup, the one before or this.
 */
export async function writeBackup(
  source: BackupSource,
  file: string,
  options: WriteBackupOptions,
): Promise<BackupManifest> {
  const draft = `${file}.${process.pid}.part`;
  // Beside the backup: where that has room.
  const scratch = mkdtempSync(join(dirname(file), `.${basename(file)}-`));
  try {
    const copy = join(scratch, STORE);
    await snapshotStore(source.store, copy, {
      signal: options.signal,
      onProgress: (done, total) => options.onProgress('copying the store', done, total),
    });
    const archive = pack();
    const target = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
    const [, manifest] = await Promise.all([
      pipeline(archive, target, { signal: options.signal }),
      fill(archive, copy, source, options).catch((error: Error) => {
        archive.destroy(error);
        throw error;
      }),
    ]);
    renameSync(draft, file);
    syncDirectory(dirname(file));
    return manifest;
  } finally {
    rmSync(draft, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function fill(
  archive: Pack,
  copy: string,
  source: BackupSource,
  { withKey, withAudit, assay, now, onProgress }: WriteBackupOptions,
): Promise<BackupManifest> {
  const trail = withAudit ? auditFiles(auditDirectory(source.path)).map(({ path }) => path) : [];
  const parts = [
    { name: STORE, path: copy, size: statSync(copy).size },
    ...(withKey ? [{ name: KEY, path: join(source.path, KEY) }] : []),
    ...trail.map((path) => ({ name: `${AUDIT}${basename(path)}`, path })),
  ].map((part) => ({ ...part, size: statSync(part.path, { throwIfNoEntry: false })?.size ?? 0 }));
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const files: BackedUpFile[] = [];
  for (const { name, path } of parts) {
    // Those of the trail that grew too old meanwhile are gone.
    if (!existsSync(path)) continue;
    const size = name.startsWith(AUDIT) ? await wholeLines(path) : statSync(path).size;
    const entry = archive.entry({ name, size, mode: 0o600, mtime: new Date(now) });
    const hash = createHash('sha256');
    const hashing = new Transform({
      transform: (chunk: Buffer, _, give) => {
        hash.update(chunk);
        done += chunk.length;
        onProgress('writing the backup', done, total);
        give(null, chunk);
      },
    });
    const bytes = size === 0 ? Readable.from([]) : createReadStream(path, { end: size - 1 });
    await pipeline(bytes, hashing, entry);
    files.push({ name, size, sha256: hash.digest('hex') });
  }
  const from = 'file' in source.store ? 'SQLite' : 'PostgreSQL';
  const createdAt = new Date(now).toISOString();
  const manifest: BackupManifest = { format: FORMAT, version: FORMAT_VERSION, assay, createdAt, from, files };
  archive.entry({ name: MANIFEST, mode: 0o600, mtime: new Date(now) }, `${JSON.stringify(manifest, null, 2)}\n`);
  archive.finalize();
  return manifest;
}

const TAIL = 4 * 1024 * 1024;

/** The bytes of a file up to its last line that is whole: a server may be writing the next one. */
async function wholeLines(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL);
    const tail = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(tail, 0, tail.length, from);
    return from + tail.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
  } finally {
    await file.close();
  }
}
