import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { Store } from '../../store/store.ts';
import { SHARED_CHUNK } from '../../store/tables/shared-files.ts';
import type { KnowledgeState, SharedKind } from './shared-kind.ts';

type SharedFiles = Store['sharedFiles'];

/** Bytes as the store has them. */
export interface StoredFile {
  readonly sha256: string;
  readonly bytes: number;
}

export interface ManifestFile {
  /** In the directory of knowledge. */
  readonly path: string;
  readonly bytes: number;
  /** Compressed with zstd where it was not compressed already. */
  readonly stored: StoredFile & { readonly packed: boolean };
}

/** What a server shares, in a file of its own. */
export interface SharedManifest {
  readonly texts: KnowledgeState['texts'];
  readonly files: readonly ManifestFile[];
}

/** What the store keeps for a manifest: bytes by SHA-256. */
export const keptFiles = (files: readonly ManifestFile[], manifest: StoredFile): ReadonlyMap<string, number> =>
  new Map([...files.map(({ stored }) => stored), manifest].map(({ sha256, bytes }) => [sha256, bytes]));

export async function writeManifest(
  store: SharedFiles,
  { kind }: SharedKind,
  manifest: SharedManifest,
): Promise<StoredFile> {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  for (let position = 0; position < bytes.length; position += SHARED_CHUNK) {
    await store.put(kind, sha256, position, bytes.subarray(position, position + SHARED_CHUNK));
  }
  return { sha256, bytes: bytes.length };
}

/** Throws where it is not as it was written. */
export async function readManifest(store: SharedFiles, kind: SharedKind, file: StoredFile): Promise<SharedManifest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of checked(store, kind, file)) chunks.push(chunk);
  const manifest = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SharedManifest;
  const strange = manifest.files.find(({ path }) => !kind.isFile(path));
  if (strange) throw new Error(`a shared file would be written to ${JSON.stringify(strange.path)}`);
  return manifest;
}

/** Puts the files at these paths into the store, as far as they are not there; `known` names some that were there. */
export async function writeFiles(
  store: SharedFiles,
  kind: SharedKind,
  paths: readonly string[],
  known: readonly ManifestFile[],
): Promise<readonly ManifestFile[]> {
  const files: ManifestFile[] = [];
  const scratch = newScratch(kind.directory);
  try {
    for (const path of paths) {
      const { size: bytes } = statSync(join(kind.directory, path));
      const same = known.find((each) => each.path === path && each.bytes === bytes);
      if (same && (await isKept(store, kind, same.stored))) files.push(same);
      else files.push({ path, bytes, stored: await writeFile(store, kind, path, scratch) });
    }
    return files;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function writeFile(
  store: SharedFiles,
  kind: SharedKind,
  path: string,
  scratch: string,
): Promise<ManifestFile['stored']> {
  const packed = !/\.(?:zst|gz)$/.test(path);
  let file = join(kind.directory, path);
  if (packed) {
    const draft = join(scratch, 'packed');
    await pipeline(createReadStream(file), createZstdCompress(), createWriteStream(draft));
    file = draft;
  }
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: SHARED_CHUNK }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const stored = { sha256: hash.digest('hex'), bytes, packed };
  if (!(await isKept(store, kind, stored))) {
    const handle = await open(file);
    try {
      for (let position = 0; position < bytes; ) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(SHARED_CHUNK), 0, SHARED_CHUNK, position);
        if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
        await store.put(kind.kind, stored.sha256, position, buffer.subarray(0, bytesRead));
        position += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }
  return stored;
}

const isKept = (store: SharedFiles, kind: SharedKind, { sha256, bytes }: StoredFile): Promise<boolean> =>
  areKept(store, kind, new Map([[sha256, bytes]]));

/** Whether the store has all of these files: bytes by SHA-256. */
export async function areKept(
  store: SharedFiles,
  { kind }: SharedKind,
  files: ReadonlyMap<string, number>,
): Promise<boolean> {
  const sizes = await store.sizes(kind, [...files.keys()]);
  return [...files].every(([file, bytes]) => (sizes.get(file) ?? 0) === bytes);
}

/** Puts the files in their places that are not there. Throws where one is not as it was shared. */
export async function fetchFiles(store: SharedFiles, kind: SharedKind, files: readonly ManifestFile[]): Promise<void> {
  const scratch = newScratch(kind.directory);
  const draft = join(scratch, 'draft');
  try {
    for (const { path, bytes, stored } of files) {
      const place = join(kind.directory, path);
      if (statSync(place, { throwIfNoEntry: false })?.size === bytes) continue;
      const source = Readable.from(checked(store, kind, stored));
      const target = createWriteStream(draft, { mode: 0o600, flush: true });
      await (stored.packed ? pipeline(source, createZstdDecompress(), target) : pipeline(source, target));
      if (statSync(draft).size !== bytes) throw new Error(`the shared file ${path} is not as long as it was`);
      renameSync(draft, place);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const SCRATCH = '.sharing-';
/** Nothing is passed on for so long: milliseconds. */
const LEFT_BEHIND = 3_600_000;

/** One of each process, whose name is the same in every message. */
function newScratch(directory: string): string {
  const path = join(directory, `${SCRATCH}${process.pid}`);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  return path;
}

/** Removes what a process left behind that was killed. */
export function removeScratch(directory: string, now: number): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (name.startsWith(SCRATCH) && now - statSync(path).mtimeMs > LEFT_BEHIND) rmSync(path, { recursive: true });
  }
}

/** The bytes of a stored file; throws at their end where they are not those that were stored. */
async function* checked(store: SharedFiles, { kind }: SharedKind, file: StoredFile): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of store.read(kind, file.sha256, file.bytes)) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== file.sha256) throw new Error(`a shared file of the ${kind} is damaged`);
}
