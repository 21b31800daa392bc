import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Transform, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { makeDirectory } from '@assay/agent/make-directory.ts';
import { extract } from 'tar-stream';
import { isAuditFileName } from '../audit/file-names.ts';
import { CliError } from '../cli-error.ts';
import {
  AUDIT,
  type BackedUpFile,
  type BackupManifest,
  KEY,
  LONGEST_MANIFEST,
  MANIFEST,
  parseManifest,
  STORE,
} from './manifest.ts';

export interface ReadBackupOptions {
  /** Where its files are written, on the disk when this returns; without it they are only looked at. */
  readonly into?: string;
  readonly signal: AbortSignal;
  /** Bytes that were read. */
  readonly onProgress: (done: number) => void;
}

/** Reads a backup to its end and compares every file in it with its digest. Throws {@link CliError} for what is not one, or not whole. */
export async function readBackup(file: string, options: ReadBackupOptions): Promise<BackupManifest> {
  const found: BackedUpFile[] = [];
  let manifest: Buffer | undefined;
  let begun = false;
  const archive = extract();
  let done = 0;
  const counting = new Transform({
    transform: (chunk: Buffer, _, give) => {
      done += chunk.length;
      options.onProgress(done);
      give(null, chunk);
    },
  });
  const feeding = pipeline(createReadStream(file), counting, archive, { signal: options.signal });
  // It is waited for below, after what it feeds.
  feeding.catch(() => undefined);
  try {
    for await (const entry of archive) {
      const { name, size = 0, type } = entry.header;
      if (manifest !== undefined || type !== 'file' || !isKnown(name) || found.some((each) => each.name === name)) {
        throw notOne(file);
      }
      begun = true;
      if (name === MANIFEST) manifest = await bytesOf(entry, size, file);
      else found.push({ name, size, sha256: await take(entry, options.into && join(options.into, name)) });
    }
    await feeding;
  } catch (error) {
    options.signal.throwIfAborted();
    throw explained(error, file, begun);
  }
  if (manifest === undefined) throw begun ? cutShort(file) : notOne(file);
  const parsed = parseManifest(manifest);
  if (parsed === undefined) throw notOne(file);
  if (parsed === 'NEWER')
    throw new CliError(`${file} is a backup in a format that this Assay does not know. Restore it with a newer one.`);
  requireSame(parsed.files, found, file);
  return parsed;
}

const isKnown = (name: string): boolean =>
  name === MANIFEST ||
  name === STORE ||
  name === KEY ||
  (name.startsWith(AUDIT) && isAuditFileName(name.slice(AUDIT.length)));

async function bytesOf(entry: AsyncIterable<unknown>, size: number, file: string): Promise<Buffer> {
  if (size > LONGEST_MANIFEST) throw notOne(file);
  return buffer(entry);
}

/** Writes a file of the archive, if it is to be kept, and gives its digest. */
async function take(entry: AsyncIterable<unknown>, to: string | undefined): Promise<string> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform: (chunk: Buffer, _, give) => {
      hash.update(chunk);
      give(null, chunk);
    },
  });
  if (to !== undefined) makeDirectory(dirname(to));
  const target =
    to === undefined
      ? new Writable({ write: (_chunk, _encoding, done) => done() })
      : createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(entry, hashing, target);
  return hash.digest('hex');
}

function requireSame(named: readonly BackedUpFile[], found: readonly BackedUpFile[], file: string): void {
  const here = new Map(found.map((each) => [each.name, each]));
  for (const { name, size, sha256 } of named) {
    const own = here.get(name);
    if (own?.size === size && own.sha256 === sha256) continue;
    throw new CliError(
      `${file} is damaged: ${own ? `${name} in it is not what was written` : `${name} is missing`}. Nothing was restored; use another backup.`,
    );
  }
  if (named.length !== found.length || !here.has(STORE)) throw notOne(file);
}

function explained(error: unknown, file: string, begun: boolean): unknown {
  if (error instanceof CliError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
    return new CliError(`${file} cannot be read: ${message}`);
  }
  if (/header|unknown format/i.test(message)) return begun ? damaged(file) : notOne(file);
  if (/unexpected end of data|premature/i.test(message)) return begun ? cutShort(file) : notOne(file);
  return error;
}

const notOne = (file: string): CliError =>
  new CliError(`${file} is not a backup of Assay, as assay backup writes them. Nothing was restored.`);
const cutShort = (file: string): CliError =>
  new CliError(`${file} is cut short: its end is missing. Nothing was restored; use another backup.`);
const damaged = (file: string): CliError =>
  new CliError(`${file} is damaged in the middle. Nothing was restored; use another backup.`);
