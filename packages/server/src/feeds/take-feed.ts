import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type LedgerEntry, ledgerDraft, withLines, writeLedger } from './changes/ledger.ts';
import { wholeList } from './changes/read-list.ts';
import { type Changes, hasChanges, listAt, takeChanges } from './changes/take-changes.ts';
import { changesAfterArchive, takeVexChanges, withVexChanges } from './changes/take-vex-changes.ts';
import type { FeedDefinition } from './default-feeds.ts';
import { FeedFault } from './feed-fault.ts';
import type { FeedPart } from './feed-state.ts';
import type { FeedsDirectory } from './feeds-directory.ts';
import type { FeedPorts } from './fetch/feed-ports.ts';
import { fetchExtras, isExtrasCatalog } from './fetch/fetch-extras.ts';
import { fetchPages } from './fetch/fetch-pages.ts';
import { fetchToFile, PATIENT, type Patience, type Validators } from './fetch/fetch-to-file.ts';
import { folderOf, isArchiveName, resolveArchive } from './fetch/resolve-archive.ts';
import { isRepository, resolveRepository } from './fetch/resolve-repository.ts';
import { instantOf } from './hostile-value.ts';
import type { FeedOutcome } from './imported-record.ts';
import { NothingWanted, READER, writePart } from './parts/write-part.ts';
import { isWebUrl, localPath } from './sources/expand-source.ts';
import { detectKind, type FeedKind } from './sources/feed-kind.ts';
import { readFeed } from './sources/read-feed.ts';

export interface FeedProgress {
  readonly feed: string;
  readonly phase: 'ask' | 'fetch' | 'read' | 'index';
  /** Bytes fetched, records read, or how much of the index is made, from 0 to 1. */
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
  const { only } = options;
  const same =
    had?.reader === READER &&
    had.source === feed.source &&
    (had.address ?? had.source) === address &&
    had.only.join() === only.join() &&
    (feed.kind ?? had.kind) === had.kind;
  const taking: Taking = { ports, directory, feed, had, address, options };
  const known = same && (await isIntact(directory, had)) ? had : undefined;
  if (isArchiveName(address)) return takeDocuments(taking, known);
  const changes = known && (await changesOf(taking, known));
  if (changes && known?.ledger) {
    const { outcomes, carried, list } = changes;
    if (!outcomes) return { ...known, updatedAt: ports.now() };
    const written = await partOf(taking, known.kind, outcomes, { wholeAt: known.ledger.wholeAt, carried, list });
    return { ...written, digest: written.sha256 };
  }
  const local = await localCopy({ ...taking, had: known });
  try {
    const updatedAt = ports.now();
    if (local === undefined && known) return { ...renewed(known, updatedAt), updatedAt };
    if (local === undefined) throw new FeedFault('the server says it has not changed, but it was never here');
    const digest = await sha256Of(local.path);
    const { etag, lastModified } = local.validators;
    const validators = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
    if (known?.digest === digest) {
      const { etag: _, lastModified: __, ...rest } = known;
      return { ...renewed(rest, updatedAt), ...validators, updatedAt };
    }
    const kind = feed.kind ?? (await detectKind(local.path));
    const list = kind === 'osv' ? await listOf(taking) : undefined;
    const written = await partOf(taking, kind, readFeed(kind, local.path), { wholeAt: updatedAt, list });
    return { ...written, ...validators, updatedAt, digest };
  } finally {
    if (local?.temporary) await rm(local.path, { force: true });
  }
}

/** Takes an archive of documents with what changed since, or what changed since the part was made. */
async function takeDocuments(taking: Taking, known: FeedPart | undefined): Promise<FeedPart> {
  const { ports, directory, feed, address, options } = taking;
  const reading = { ports, directory, patience: options.patience ?? PATIENT, folder: folderOf(address) };
  options.onProgress({ feed: feed.name, phase: 'ask', done: 0, address });
  const update = known && (await takeVexChanges(reading, known));
  if (update && known?.ledger) {
    const { outcomes, carried, until } = update;
    if (!outcomes) return { ...known, updatedAt: ports.now() };
    const { wholeAt } = known.ledger;
    const written = await partOf(taking, known.kind, outcomes, { wholeAt, carried, list: undefined, until });
    return { ...written, digest: written.sha256 };
  }
  // Asked for whatever it was before: what changed since is not known.
  const local = await localCopy({ ...taking, had: undefined });
  if (!local) throw new FeedFault('the server says it has not changed, but it was not asked so');
  try {
    const archived = archivedAt(local);
    const changes = await changesAfterArchive(reading, archived);
    const origin = { wholeAt: ports.now(), list: undefined, ...(changes.until && { until: changes.until }) };
    const all = withVexChanges(readFeed('csaf-vex', local.path), changes);
    const written = await partOf(taking, 'csaf-vex', all, origin);
    return { ...written, digest: written.sha256 };
  } finally {
    await rm(local.path, { force: true });
  }
}

/** The day that an archive has in its name, else when the server says that it was changed. */
function archivedAt({ url = '', validators: { lastModified = '' } }: LocalCopy): string {
  const day = instantOf(/(\d{4}-\d\d-\d\d)\.tar\.zst$/.exec(url)?.[1]);
  const changed = Date.parse(lastModified);
  return day ?? instantOf(Number.isNaN(changed) ? undefined : new Date(changed).toISOString()) ?? '';
}

/** What is known to be as its publisher has it now was taken whole now. */
const renewed = <P extends Pick<FeedPart, 'ledger'>>(part: P, wholeAt: number): P =>
  part.ledger ? { ...part, ledger: { ...part.ledger, wholeAt } } : part;

function changesOf({ ports, directory, feed, address, options }: Taking, had: FeedPart): Promise<Changes | undefined> {
  const { name } = feed;
  if (had.kind !== 'osv' || !had.ledger || !hasChanges(address)) return Promise.resolve(undefined);
  options.onProgress({ feed: name, phase: 'ask', done: 0, address });
  return takeChanges({ ports, directory, had, address, patience: options.patience });
}

interface Origin {
  readonly wholeAt: number;
  readonly carried?: Changes['carried'];
  readonly list: Changes['list'];
  readonly until?: string;
}

/** The list of changes of what was taken whole: what the next update is held against. Without one that reads it anew. */
async function listOf({ ports, directory, address, options }: Taking): Promise<Changes['list']> {
  if (!hasChanges(address)) return undefined;
  const patience = { ...(options.patience ?? PATIENT), pauses: [] };
  return wholeList({ ports, directory, patience, url: listAt(address) }).catch((error: unknown) => {
    if (error instanceof FeedFault) return undefined;
    throw error;
  });
}

/** Whether a list names these records and no others, none of them newer than it was read: else it is read anew next time. */
const isSettled = (
  { lines, whole }: NonNullable<Changes['list']>,
  entries: ReadonlyMap<string, LedgerEntry>,
): boolean =>
  (!whole || entries.size === lines.size) &&
  [...lines].every(([id, { modified }]) => (entries.get(id)?.modified ?? modified) >= modified);

const seenOf = ({ size, top, at, etag }: NonNullable<Changes['list']>) => ({
  ...{ size, top, at },
  ...(etag === undefined ? {} : { etag }),
});

/** Writes a part, with its ledger where the feed can be updated by changes. */
async function partOf(
  { ports, directory, feed, address, options: { only, onProgress } }: Taking,
  kind: FeedKind,
  outcomes: AsyncIterable<FeedOutcome>,
  { wholeAt, carried, list, until }: Origin,
): Promise<Omit<FeedPart, 'digest'>> {
  const hasLists = kind === 'osv' ? hasChanges(address) : kind === 'csaf-vex' && isArchiveName(address);
  const ledger = hasLists ? ledgerDraft(carried) : undefined;
  async function* noted(): AsyncGenerator<FeedOutcome> {
    for await (const outcome of outcomes) {
      ledger?.add(outcome);
      yield outcome;
    }
  }
  const draft = join(directory.work, `${fileNameOf(feed.name)}.part`);
  const written = await writePart(draft, noted(), {
    only,
    onProgress: (done) => onProgress({ feed: feed.name, phase: 'read', done }),
  });
  const file = `${fileNameOf(feed.name)}-${written.sha256.slice(0, 16)}.zst`;
  await rename(draft, join(directory.parts, file));
  const entries = ledger?.entries();
  const from = address === feed.source ? {} : { address };
  const part = { ...written, kind, source: feed.source, ...from, only, updatedAt: ports.now(), file };
  if (!entries) return part;
  const ledgerDraftFile = join(directory.work, `${fileNameOf(feed.name)}.ledger`);
  const isListed = list && isSettled(list, entries);
  const lines = isListed ? withLines(entries, (id) => list.lines.get(id)?.bytes ?? carried?.get(id)?.listed) : entries;
  const sha256 = await writeLedger(ledgerDraftFile, lines);
  const ledgerFile = `${fileNameOf(feed.name)}-${sha256.slice(0, 16)}-ledger.zst`;
  await rename(ledgerDraftFile, join(directory.parts, ledgerFile));
  const seen = { ...(isListed ? { list: seenOf(list) } : {}), ...(until === undefined ? {} : { until }) };
  return { ...part, ledger: { file: ledgerFile, sha256, wholeAt, ...seen } };
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
  /** Where it was fetched from, where its address led elsewhere. */
  readonly url?: string;
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
  const fetch = feed.kind === 'rocky-errata' ? fetchPages : isExtrasCatalog(address) ? fetchExtras : fetchToFile;
  const archive = isArchiveName(address) ? await resolveArchive(ports, address, path, options.patience) : undefined;
  const fetched = await fetch(ports, repository?.url ?? archive ?? address, path, {
    ...(had && { known: had }),
    ...(options.patience && { patience: options.patience }),
    onProgress: (done, total) =>
      options.onProgress({ feed: name, phase: 'fetch', done, ...(total !== undefined && { total }) }),
  });
  if (fetched.changed && repository && (await sha256Of(path)) !== repository.sha256) {
    await rm(path, { force: true });
    throw new FeedFault('its updateinfo is not the one that the repository names');
  }
  if (fetched.changed) {
    return { path, temporary: true, validators: fetched, ...(archive === undefined ? {} : { url: archive }) };
  }
  await rm(path, { force: true });
  return undefined;
}
