import { rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { type FeedTally, feedTally } from '../../feeds/feed-tally.ts';
import type { FeedItem } from '../../feeds/imported-record.ts';
import { buildIndex, type IndexSource } from '../../feeds/index/build-index.ts';
import { expandSource } from '../../feeds/sources/expand-source.ts';
import { detectKind, type FeedKind } from '../../feeds/sources/feed-kind.ts';
import { readFeed } from '../../feeds/sources/read-feed.ts';
import { sha256Of } from '../../feeds/take-feed.ts';
import {
  type FixedAdvisorySource,
  fixedAdvisorySource,
  type OpenAdvisorySource,
} from '../../runtime/advisory-source.ts';
import { eraseLine } from '../terminal/guarded-output.ts';
import { type IndexCache, openIndexCache } from './index-cache.ts';

interface Feed {
  readonly name: string;
  readonly kind: FeedKind;
  readonly source: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** The file's, milliseconds since the epoch: what a folder holds has no publisher to ask. */
  readonly updatedAt: number;
}

/** The advisories of a folder. Their index is built once, and found again as long as the folder's content is the same. */
export async function folderAdvisories(
  feeds: string,
  temporary: string,
  progress: NodeJS.WriteStream,
): Promise<OpenAdvisorySource> {
  const found = await feedsIn(feeds, progress);
  if (found.length === 0) throw new FeedFault('nothing in it is a feed');
  const content = found.map((feed) => JSON.stringify(Object.values(feed))).join('\n');
  const cache = openIndexCache();
  const opened = openCached(cache, content) ?? (await built(found, { cache, content, temporary, progress }));
  for (const { name, unreadable } of opened.feeds) {
    if (!unreadable) continue;
    const [first = ''] = unreadable.examples;
    progress.write(`${name}: ${unreadable.count} records cannot be read (the first: ${first})\n`);
  }
  return opened;
}

function openCached(cache: IndexCache | undefined, content: string): FixedAdvisorySource | undefined {
  const kept = cache?.find(content);
  if (kept === undefined) return undefined;
  try {
    return fixedAdvisorySource(kept);
  } catch {
    // It can be built again.
    cache?.drop(content);
    return undefined;
  }
}

async function feedsIn(feeds: string, progress: NodeJS.WriteStream): Promise<readonly Feed[]> {
  const found: Feed[] = [];
  for (const { name, source } of expandSource(feeds)) {
    const kind = await detectKind(source).catch((error: unknown) => {
      if (!(error instanceof FeedFault)) throw error;
      progress.write(`${basename(source)} is left out: ${error.message}\n`);
      return undefined;
    });
    if (!kind) continue;
    const updatedAt = Math.floor(statSync(source).mtimeMs);
    found.push({ name, kind, source, digest: await sha256Of(source), updatedAt });
  }
  return found;
}

interface Built {
  readonly cache: IndexCache | undefined;
  readonly content: string;
  readonly temporary: string;
  readonly progress: NodeJS.WriteStream;
}

async function built(
  feeds: readonly Feed[],
  { cache, content, temporary, progress }: Built,
): Promise<FixedAdvisorySource> {
  const say = shower(progress);
  const sources = feeds.map(({ name, kind, source, digest, updatedAt }): IndexSource => {
    const tally = feedTally();
    return {
      // Asked for once the items have been read.
      get origin() {
        return { name, kind, updatedAt, digest, records: 0, ...tally.told() };
      },
      items: () => itemsOf(name, readFeed(kind, source), tally, (count) => say(name, count)),
    };
  });
  const draft = cache?.draft(content) ?? join(temporary, 'advisories.sqlite');
  const database = new DatabaseSync(draft);
  try {
    await buildIndex(database, join(temporary, 'staging.sqlite'), sources);
  } catch (error) {
    if (cache) rmSync(draft, { force: true });
    throw error;
  } finally {
    database.close();
    say.end();
  }
  return fixedAdvisorySource(cache?.keep(content) ?? draft);
}

/** How many records are read between two lines of progress. */
const STEP = 1000;

async function* itemsOf(
  feed: string,
  outcomes: ReturnType<typeof readFeed>,
  tally: FeedTally,
  onProgress: (count: number) => void,
): AsyncGenerator<FeedItem> {
  let count = 0;
  onProgress(count);
  for await (const outcome of outcomes) {
    tally.count(outcome);
    if (!('item' in outcome)) continue;
    yield outcome.item;
    if (++count % STEP === 0) onProgress(count);
  }
  if (count === 0) throw new FeedFault(`${feed} gives nothing that can be read`);
  onProgress(count);
}

/** On a terminal one line that is written over; elsewhere a line for each feed. */
function shower(stream: NodeJS.WriteStream) {
  let last = '';
  const say = (feed: string, count: number): void => {
    if (stream.isTTY) stream.write(`${eraseLine(stream)}  Reading ${feed}: ${count} records`);
    else if (feed !== last) stream.write(`Reading ${feed} …\n`);
    last = feed;
  };
  return Object.assign(say, {
    end: (): void => {
      if (stream.isTTY) stream.write(eraseLine(stream));
    },
  });
}
