import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeedDefinition } from './default-feeds.ts';
import { FeedFault } from './feed-fault.ts';
import type { FeedPart } from './feed-state.ts';
import type { FeedsDirectory } from './feeds-directory.ts';
import type { FeedPorts } from './fetch/feed-ports.ts';
import { fetchToFile, type Patience, type Validators } from './fetch/fetch-to-file.ts';
import { isRepository, resolveRepository } from './fetch/resolve-repository.ts';
import { NothingWanted, READER, writePart } from './parts/write-part.ts';
import { isWebUrl, localPath } from './sources/expand-source.ts';
import { detectKind } from './sources/feed-kind.ts';
import { readFeed } from './sources/read-feed.ts';

export interface FeedProgress {
  readonly feed: string;
  readonly phase: 'ask' | 'fetch' | 'read' | 'index';
  /** Bytes fetched, or records read. */
  readonly done: number;
  readonly total?: number;
  /** What is asked. */
  readonly address?: string;
}

export interface TakeOptions {
  readonly only: readonly string[];
  readonly patience?: Patience;
  readonly onProgress: (progress: FeedProgress) => void;
}

/**
 * Takes a feed as its publisher has it now: the part that there is, with its date renewed, where it has not changed, else
 * a new one. Its addresses are asked in order, until one has what can be read. Throws {@link FeedFault} where none has;
 * what there is stays as it is then.
 */
export async function takeFeed(
  ports: FeedPorts,
  directory: FeedsDirectory,
  feed: FeedDefinition,
  had: FeedPart | undefined,
  options: TakeOptions,
): Promise<FeedPart> {
  const faults = new Set<string>();
  const addresses = [feed.source, ...(feed.mirrors ?? [])];
  for (const address of addresses) {
    try {
      return await takeFrom({ ports, directory, feed, had, address, options });
    } catch (error) {
      // Another address has nothing else of the ecosystems.
      if (!(error instanceof FeedFault) || error instanceof NothingWanted || addresses.length === 1) throw error;
      faults.add(`${isWebUrl(address) ? new URL(address).host : address}: ${error.message}`);
    }
  }
  throw new FeedFault([...faults].join('; '));
}

interface Taking {
  readonly ports: FeedPorts;
  readonly directory: FeedsDirectory;
  readonly feed: FeedDefinition;
  readonly had: FeedPart | undefined;
  readonly address: string;
  readonly options: TakeOptions;
}

async function takeFrom({ ports, directory, feed, had, address, options }: Taking): Promise<FeedPart> {
  const { only, onProgress } = options;
  const same =
    had?.reader === READER &&
    had.source === feed.source &&
    (had.address ?? had.source) === address &&
    had.only.join() === only.join() &&
    (feed.kind ?? had.kind) === had.kind;
  const known = same && (await isIntact(directory, had)) ? had : undefined;
  const local = await localCopy({ ports, directory, feed, had: known, address, options });
  try {
    const updatedAt = ports.now();
    if (local === undefined && known) return { ...known, updatedAt };
    if (local === undefined) throw new FeedFault('the server says it has not changed, but it was never here');
    const digest = await sha256Of(local.path);
    const { etag, lastModified } = local.validators;
    const validators = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
    if (known?.digest === digest) {
      const { etag: _, lastModified: __, ...rest } = known;
      return { ...rest, ...validators, updatedAt };
    }
    const kind = feed.kind ?? (await detectKind(local.path));
    const draft = join(directory.work, `${fileNameOf(feed.name)}.part`);
    const written = await writePart(draft, readFeed(kind, local.path), {
      only,
      onProgress: (done) => onProgress({ feed: feed.name, phase: 'read', done }),
    });
    const file = `${fileNameOf(feed.name)}-${written.sha256.slice(0, 16)}.zst`;
    await rename(draft, join(directory.parts, file));
    const from = address === feed.source ? {} : { address };
    return { ...written, ...validators, kind, source: feed.source, ...from, only, updatedAt, digest, file };
  } finally {
    if (local?.temporary) await rm(local.path, { force: true });
  }
}

/** Whether a part is on disk as it was written. */
export async function isIntact(directory: FeedsDirectory, part: FeedPart): Promise<boolean> {
  const path = join(directory.parts, part.file);
  return existsSync(path) && (await stat(path)).size === part.bytes && (await sha256Of(path)) === part.sha256;
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** A feed's name as the beginning of a file's. */
export const fileNameOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9.-]/g, '_');

interface LocalCopy {
  readonly path: string;
  readonly temporary: boolean;
  readonly validators: Validators;
}

async function localCopy({ ports, directory, feed, had, address, options }: Taking): Promise<LocalCopy | undefined> {
  const { name } = feed;
  if (!isWebUrl(address)) {
    const path = localPath(address);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw new FeedFault(found ? 'it is not a file' : 'it is not there');
    return { path, temporary: false, validators: {} };
  }
  const path = join(directory.work, `${fileNameOf(name)}.download`);
  options.onProgress({ feed: name, phase: 'ask', done: 0, address });
  const repository = isRepository(address)
    ? await resolveRepository(ports, address, path, options.patience)
    : undefined;
  const fetched = await fetchToFile(ports, repository?.url ?? address, path, {
    ...(had && { known: had }),
    ...(options.patience && { patience: options.patience }),
    onProgress: (done, total) =>
      options.onProgress({ feed: name, phase: 'fetch', done, ...(total !== undefined && { total }) }),
  });
  if (fetched.changed && repository && (await sha256Of(path)) !== repository.sha256) {
    await rm(path, { force: true });
    throw new FeedFault('its updateinfo is not the one that the repository names');
  }
  if (fetched.changed) return { path, temporary: true, validators: fetched };
  await rm(path, { force: true });
  return undefined;
}
