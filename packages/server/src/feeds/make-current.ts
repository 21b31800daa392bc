import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type BuildIndex, buildFromParts, type IndexOrder, openEarlier } from './build-from-parts.ts';
import { FeedFault } from './feed-fault.ts';
import { type CurrentState, type FeedPart, type FeedState, originOf } from './feed-state.ts';
import { type FeedsDirectory, parseCurrent, readCurrent, replaceFile, syncDirectory } from './feeds-directory.ts';
import { generationsIn } from './generations.ts';
import { removeDatabase } from './remove-database.ts';
import { isIntact } from './take-feed.ts';

export interface MakingOptions {
  /** Builds an index; in this thread unless it is given. */
  readonly build?: BuildIndex | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * Makes these feeds the ones that are served: builds the index of their parts beside the one that there is, and swaps in
 * one step. Where that fails, or the process dies, the old one goes on. Throws {@link FeedFault} for a damaged part.
 */
export async function makeCurrent(
  directory: FeedsDirectory,
  before: CurrentState,
  feeds: readonly FeedState[],
  { build = buildFromParts, onProgress }: MakingOptions = {},
): Promise<CurrentState> {
  const sorted = [...feeds].sort((a, b) => (a.name < b.name ? -1 : 1));
  const built = await indexOf(directory, before, sorted, (order) => build(order, onProgress));
  const current: CurrentState = { version: 1, ...built, feeds: sorted };
  replaceFile(directory.current, `${JSON.stringify(current, undefined, 1)}\n`);
  tidy(directory, before, current);
  return current;
}

/**
 * Serves what another server made, whose parts and index are in their places: `text` is its current.json. Throws
 * {@link FeedFault}.
 */
export function serveShared(directory: FeedsDirectory, text: string): void {
  const before = readCurrent(directory);
  const current = parseCurrent(directory, text);
  replaceFile(directory.current, text);
  tidy(directory, before, current);
}

/**
 * Serves of each feed what is newer: what is here, or what another server has (`theirs`, its current.json `text`), whose
 * parts and index are in their places. Throws {@link FeedFault}.
 */
export async function mergeCurrent(directory: FeedsDirectory, theirs: CurrentState, text: string): Promise<void> {
  const before = readCurrent(directory);
  const merged = new Map(theirs.feeds.map((feed) => [feed.name, feed]));
  const newer = before.feeds.filter(({ name, part }) => {
    const other = merged.get(name)?.part;
    return part !== undefined && (other === undefined || other.updatedAt < part.updatedAt);
  });
  if (newer.length === 0) return serveShared(directory, text);
  for (const feed of newer) merged.set(feed.name, feed);
  await makeCurrent(directory, before, [...merged.values()]);
}

const partsOf = (feeds: readonly FeedState[]): readonly (readonly [string, FeedPart])[] =>
  feeds.flatMap(({ name, part }) => (part ? [[name, part] as const] : []));

const sameBut = (dates: boolean, a: CurrentState, feeds: readonly FeedState[]): boolean =>
  JSON.stringify(partsOf(a.feeds).map(([name, part]) => [name, part.file, part.digest, dates && part.updatedAt])) ===
  JSON.stringify(partsOf(feeds).map(([name, part]) => [name, part.file, part.digest, dates && part.updatedAt]));

async function indexOf(
  directory: FeedsDirectory,
  before: CurrentState,
  feeds: readonly FeedState[],
  build: (order: IndexOrder) => Promise<string>,
): Promise<Pick<CurrentState, 'index' | 'digest'>> {
  const { index, digest } = before;
  // One of another version of Assay is made again: nobody can read it.
  const there = index !== undefined && digest !== undefined && isReadable(join(directory.index, index));
  if (there && sameBut(true, before, feeds)) return { index, digest };
  if (!there && partsOf(feeds).length === 0) return {};
  const draft = join(directory.work, 'index.sqlite');
  const staging = join(directory.work, 'staging.sqlite');
  for (const file of [draft, staging]) removeDatabase(file);
  // Where only dates are new, the rows are what they were.
  const redated = there && sameBut(false, before, feeds) ? digest : undefined;
  if (redated !== undefined) copyFileSync(join(directory.index, index ?? ''), draft);
  for (const [name, part] of partsOf(feeds)) {
    if (await isIntact(directory, part)) continue;
    throw new FeedFault(`what was kept of ${name} is damaged: update or remove it`);
  }
  const parts = partsOf(feeds).map(([name, part]) => {
    return { origin: originOf(name, part), file: join(directory.parts, part.file) };
  });
  let made: string;
  try {
    const earlier = there ? { earlier: join(directory.index, index) } : {};
    made = redated ?? (await build({ draft, staging, parts, ...earlier }));
    if (redated !== undefined) redate(draft, parts);
  } finally {
    rmSync(staging, { force: true });
  }
  const handle = await open(draft, 'r');
  await handle.sync();
  await handle.close();
  const latest = Math.max(0, ...parts.map(({ origin }) => origin.updatedAt));
  let file = `${made.slice(0, 16)}-${latest.toString(36)}.sqlite`;
  while (file === index) file = `${file.slice(0, -'.sqlite'.length)}x.sqlite`;
  renameSync(draft, join(directory.index, file));
  syncDirectory(directory.index);
  return { index: file, digest: made };
}

function isReadable(file: string): boolean {
  if (!existsSync(file)) return false;
  const earlier = openEarlier(file);
  earlier?.close();
  return earlier !== undefined;
}

function redate(draft: string, parts: IndexOrder['parts']): void {
  const database = new DatabaseSync(draft);
  try {
    const dates = new Map(parts.map(({ origin }) => [origin.name, origin.updatedAt]));
    const rows = database.prepare('SELECT id, feed FROM ecosystem').all();
    const update = database.prepare('UPDATE ecosystem SET updated_at = ? WHERE id = ?');
    for (const row of rows) {
      const names = String(row.feed).split(', ');
      update.run(Math.min(...names.map((name) => dates.get(name) ?? 0)), Number(row.id));
    }
    const origins = parts.map(({ origin }) => origin);
    database.prepare("UPDATE meta SET value = ? WHERE key = 'feeds'").run(JSON.stringify(origins));
  } finally {
    database.close();
  }
}

/** Indexes that are kept, the newest ones: runs can be judged again by what was known some updates ago. */
const KEPT_INDEXES = 7;

/**
 * Deletes what is kept no more. The index before stays for those who have read its name and not yet opened it, and for
 * runs that began with it.
 */
function tidy(directory: FeedsDirectory, before: CurrentState, current: CurrentState): void {
  const kept = generationsIn(directory).slice(0, KEPT_INDEXES);
  const indexes = new Set([before.index, current.index, ...kept.map(({ name }) => name)]);
  const parts = new Set(partsOf(current.feeds).flatMap(([, { file, ledger }]) => [file, ledger?.file]));
  for (const file of readdirSync(directory.index)) if (!indexes.has(file)) remove(join(directory.index, file));
  for (const file of readdirSync(directory.parts)) if (!parts.has(file)) remove(join(directory.parts, file));
  for (const file of readdirSync(directory.work)) remove(join(directory.work, file));
}

const remove = (path: string): void => rmSync(path, { force: true, recursive: true });
