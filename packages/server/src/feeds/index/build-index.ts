import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { UnreadableRecords } from '../../domain/advisories.ts';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { EarlierIndex } from '../gaps/last-import.ts';
import { writeGaps } from '../gaps/write-gaps.ts';
import type { FeedItem } from '../imported-record.ts';
import type { EcosystemCounts } from './ecosystem-counts.ts';
import type { FeedOrigin } from './feed-origin.ts';
import { INDEX_TABLES, INDEX_VERSION } from './schema.ts';
import { stage } from './stage.ts';
import { writeAdvisoryLinks } from './write-advisory-links.ts';
import { writePackages } from './write-packages.ts';
import { writeRecords } from './write-records.ts';

export interface IndexSource {
  /** Read once all its items have been: what it says of them may be counted on the way. */
  readonly origin: FeedOrigin;
  readonly items: () => AsyncIterable<FeedItem> | Iterable<FeedItem>;
}

/** Rows that are put or written before others may run and progress is told: milliseconds of work. */
const BREATH = 2_000;

export interface IndexOptions {
  /** What was served before: what it had and the sources have no more is a gap. */
  readonly earlier?: EarlierIndex | undefined;
  /** Told now and then how much is done, from 0 to 1. Does not go down. */
  readonly onProgress?: (share: number) => void;
}

/** What reading the sources, writing the records, and writing the packages come to, of the whole. */
const [READ, RECORDS, PACKAGES] = [0.5, 0.65, 0.9];

/**
 * Fills an empty database with the index of all that the sources give. The same items give the same digest, whatever
 * their order, feeds and times. `staging` is the file of what is gathered, empty or new; `:memory:` for small ones.
 * Sorting blocks the thread for seconds where there is much: a server has it done in a thread of its own.
 */
export async function buildIndex(
  database: DatabaseSync,
  staging: string,
  sources: readonly IndexSource[],
  { earlier, onProgress = () => undefined }: IndexOptions = {},
): Promise<{ readonly digest: string }> {
  // A row of some kilobytes has a page of its own where less than four fit on one: small pages take twice the room.
  database.exec(
    'PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000; PRAGMA temp_store = FILE',
  );
  database.prepare('ATTACH ? AS staging').run(staging);
  database.exec(
    'PRAGMA staging.journal_mode = OFF; PRAGMA staging.synchronous = OFF; PRAGMA staging.cache_size = -4000',
  );
  database.exec(INDEX_TABLES);
  const staged = stage(database);
  const feedsOf = new Map<string, FeedOrigin[]>();
  const repositories = new Map<string, Set<string>>();
  // Ordered by name, so that what two feeds of scores differ in is settled the same way every time.
  const origins: FeedOrigin[] = [];
  const expected = sources.reduce((sum, { origin }) => sum + origin.records, 0);
  let gathered = 0;
  const breathe = async (share: number): Promise<void> => {
    onProgress(share);
    await yieldToEventLoop();
  };
  for (const source of [...sources].sort(byName)) {
    const ecosystems = new Map<string, Set<string>>();
    database.exec('BEGIN');
    for await (const item of source.items()) {
      staged.put(item, ecosystems, source.origin);
      gathered += 1;
      if (gathered % BREATH === 0) await breathe(READ * Math.min(1, gathered / Math.max(1, expected)));
    }
    database.exec('COMMIT');
    const { origin } = source;
    origins.push(origin);
    for (const [ecosystem, parts] of ecosystems) {
      feedsOf.set(ecosystem, [...(feedsOf.get(ecosystem) ?? []), origin]);
      repositories.set(ecosystem, new Set([...(repositories.get(ecosystem) ?? []), ...parts]));
    }
  }
  const hash = createHash('sha256').update(`assay advisories ${INDEX_VERSION}\n`);
  database.exec('BEGIN');
  staged.dropUnfounded();
  const between = (from: number, to: number, rows: number) => (row: number) =>
    row % BREATH === 0 ? breathe(from + (to - from) * Math.min(1, row / rows)) : undefined;
  await writeRecords(database, hash, between(READ, RECORDS, rowsOf(database, 'record')));
  const ecosystems = await writePackages(database, hash, between(RECORDS, PACKAGES, rowsOf(database, 'entry')));
  writeEcosystems(database, ecosystems, feedsOf, repositories);
  writeAdvisoryLinks(database);
  staged.writeFacts(hash);
  writeGaps(database, hash, earlier);
  const digest = hash.digest('hex');
  const meta = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  meta.run('version', INDEX_VERSION);
  meta.run('digest', digest);
  meta.run('feeds', JSON.stringify(origins));
  database.exec('COMMIT');
  database.exec('DETACH staging');
  return { digest };
}

const rowsOf = (database: DatabaseSync, table: 'record' | 'entry'): number =>
  Number(database.prepare(`SELECT max(rowid) AS rows FROM staging.${table}`).get()?.rows ?? 0);

const byName = (a: IndexSource, b: IndexSource): number => (a.origin.name < b.origin.name ? -1 : 1);

/** The coverage of each ecosystem: of several feeds, the oldest date, and a digest over all. */
function writeEcosystems(
  database: DatabaseSync,
  ecosystems: ReadonlyMap<string, EcosystemCounts>,
  feedsOf: ReadonlyMap<string, readonly FeedOrigin[]>,
  repositories: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const insert = database.prepare('INSERT INTO ecosystem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const [name, { id, cveRecords, advisories }] of ecosystems) {
    const feeds = feedsOf.get(name) ?? [];
    const [only, ...others] = feeds;
    const digests = feeds.map(({ digest }) => digest).sort();
    const digest =
      only && others.length === 0 ? only.digest : createHash('sha256').update(digests.join()).digest('hex');
    const updatedAt = Math.min(...feeds.map(({ updatedAt }) => updatedAt));
    const parts = JSON.stringify([...(repositories.get(name) ?? [])].sort());
    const unreadable = JSON.stringify(unreadableIn(feeds));
    const names = feeds.map((feed) => feed.name).join(', ');
    insert.run(id, name, names, updatedAt, digest, cveRecords, advisories, parts, unreadable);
  }
}

const MAX_EXAMPLES = 20;

function unreadableIn(feeds: readonly FeedOrigin[]): UnreadableRecords {
  const all = feeds.flatMap(({ name, unreadable }) => (unreadable ? [{ name, ...unreadable }] : []));
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    examples: all.flatMap(({ name, examples }) => examples.map((each) => `${name}, ${each}`)).slice(0, MAX_EXAMPLES),
  };
}
