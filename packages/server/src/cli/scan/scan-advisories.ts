import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { type FeedTally, feedTally } from '../../feeds/feed-tally.ts';
import { feedsDirectory } from '../../feeds/feeds-directory.ts';
import type { FeedItem } from '../../feeds/imported-record.ts';
import { buildIndex, type IndexSource } from '../../feeds/index/build-index.ts';
import { expandSource } from '../../feeds/sources/expand-source.ts';
import { detectKind } from '../../feeds/sources/feed-kind.ts';
import { readFeed } from '../../feeds/sources/read-feed.ts';
import { sha256Of } from '../../feeds/take-feed.ts';
import { fixedAdvisorySource, type OpenAdvisorySource, openAdvisorySource } from '../../runtime/advisory-source.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';
import { report } from '../../runtime/report.ts';
import { eraseLine } from '../terminal/guarded-output.ts';

export interface ScanAdvisoriesOptions {
  /** A folder of feeds, one of their files, or an index. */
  readonly feeds?: string;
  readonly dataDir?: string;
  /** A folder that is thrown away afterwards. */
  readonly temporary: string;
  readonly progress: NodeJS.WriteStream;
}

/**
 * The advisories that one scan is judged by: those that were given, else those of the data directory, which may have none.
 * Throws {@link CliError} where those that were given cannot be used.
 */
export async function scanAdvisories({
  feeds,
  dataDir,
  temporary,
  progress,
}: ScanAdvisoriesOptions): Promise<OpenAdvisorySource> {
  if (feeds === undefined) return openAdvisorySource(feedsDirectory(dataDirectoryPath(dataDir)), report);
  try {
    if (isIndex(feeds)) return fixedAdvisorySource(feeds);
    return fixedAdvisorySource(await indexOf(feeds, temporary, progress));
  } catch (error) {
    if (error instanceof FeedFault || (error as NodeJS.ErrnoException).code !== undefined) {
      throw new CliError(`--feeds ${feeds}: ${(error as Error).message}`);
    }
    throw error;
  }
}

const isIndex = (path: string): boolean => /\.sqlite$/.test(path) && statSync(path).isFile();

/** An index of everything in a folder, made for this scan alone. */
async function indexOf(feeds: string, temporary: string, progress: NodeJS.WriteStream): Promise<string> {
  const say = shower(progress);
  const sources: IndexSource[] = [];
  for (const { name, source } of expandSource(feeds)) {
    const kind = await detectKind(source).catch((error: unknown) => {
      if (!(error instanceof FeedFault)) throw error;
      progress.write(`${basename(source)} is left out: ${error.message}\n`);
      return undefined;
    });
    if (!kind) continue;
    // What a folder holds has no publisher to ask: it is as old as its file.
    const { mtimeMs } = statSync(source);
    const tally = feedTally();
    const digest = await sha256Of(source);
    sources.push({
      // Asked for once the items have been read.
      get origin() {
        return { name, kind, updatedAt: Math.floor(mtimeMs), digest, records: 0, ...tally.told() };
      },
      items: () => itemsOf(name, readFeed(kind, source), tally, (count) => say(name, count)),
    });
  }
  if (sources.length === 0) throw new FeedFault('nothing in it is a feed');
  const file = join(temporary, 'advisories.sqlite');
  const database = new DatabaseSync(file);
  try {
    await buildIndex(database, join(temporary, 'staging.sqlite'), sources);
  } finally {
    database.close();
    say.end();
  }
  for (const { origin } of sources) {
    const { name, unreadable } = origin;
    if (!unreadable) continue;
    const [first = ''] = unreadable.examples;
    progress.write(`${name}: ${unreadable.count} records cannot be read (the first: ${first})\n`);
  }
  return file;
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
