import type { FeedDefinition } from './default-feeds.ts';
import { FeedFault } from './feed-fault.ts';
import type { FeedPart, FeedState } from './feed-state.ts';
import { type FeedsDirectory, makeFeedsDirectory, readCurrent } from './feeds-directory.ts';
import type { FeedPorts } from './fetch/feed-ports.ts';
import type { Patience } from './fetch/fetch-to-file.ts';
import { makeCurrent } from './make-current.ts';
import { NothingWanted } from './parts/write-part.ts';
import { type FeedProgress, takeFeed } from './take-feed.ts';

export interface FeedOutcomeSummary {
  readonly name: string;
  /** `skipped`: it has nothing of the ecosystems that are wanted. */
  readonly outcome: 'updated' | 'unchanged' | 'skipped' | 'failed';
  /** What is served of it now: of an earlier time where it failed. */
  readonly part?: FeedPart;
  readonly error?: string;
}

export interface UpdateSummary {
  readonly digest?: string;
  readonly feeds: readonly FeedOutcomeSummary[];
}

/** A feed, and the ecosystems that are wanted of it; all where there are none. */
export interface WantedFeed extends FeedDefinition {
  readonly only?: readonly string[];
}

export interface UpdateOptions {
  /** What is wanted of feeds that do not say it themselves. */
  readonly only?: readonly string[];
  readonly patience?: Patience;
  readonly onProgress?: (progress: FeedProgress) => void;
}

/**
 * Asks every feed for what it has now, and serves it once all of it is whole. A feed that is down or broken is reported
 * and keeps what was had of it before. Feeds that are not asked for stay. One at a time: whoever calls holds the lock.
 */
export async function updateFeeds(
  ports: FeedPorts,
  directory: FeedsDirectory,
  feeds: readonly WantedFeed[],
  options: UpdateOptions = {},
): Promise<UpdateSummary> {
  const { only = [], patience, onProgress = () => undefined } = options;
  makeFeedsDirectory(directory);
  const before = readCurrent(directory);
  const states = new Map(before.feeds.map((state) => [state.name, state]));
  const outcomes: FeedOutcomeSummary[] = [];
  for (const feed of feeds) {
    const had = states.get(feed.name)?.part;
    try {
      const part = await takeFeed(ports, directory, feed, had, {
        only: [...(feed.only ?? only)].sort(),
        ...(patience && { patience }),
        onProgress,
      });
      states.set(feed.name, { name: feed.name, part });
      outcomes.push({ name: feed.name, outcome: part.file === had?.file ? 'unchanged' : 'updated', part });
    } catch (error) {
      if (error instanceof NothingWanted) {
        outcomes.push({ name: feed.name, outcome: 'skipped', ...(had && { part: had }) });
        continue;
      }
      const message = messageOf(error);
      const failed: FeedState = { name: feed.name, ...(had && { part: had }), error: { message, at: ports.now() } };
      states.set(feed.name, failed);
      outcomes.push({ name: feed.name, outcome: 'failed', error: message, ...(had && { part: had }) });
    }
  }
  const making = (share: number): void => onProgress({ feed: 'index', phase: 'index', done: share, total: 1 });
  making(0);
  const { digest } = await makeCurrent(directory, before, [...states.values()], {
    build: ports.buildIndex,
    onProgress: making,
  });
  return { ...(digest !== undefined && { digest }), feeds: outcomes };
}

/** A full disk or a file without permission is one feed's failure too; what is a fault of ours is thrown. */
function messageOf(error: unknown): string {
  if (error instanceof FeedFault) return error.message;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.message;
  throw error;
}
