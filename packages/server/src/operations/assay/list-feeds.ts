import { ecosystemsFor } from '../../engine/judging/rules-package-catalog.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { feedsStatus } from '../../feeds/feeds-status.ts';
import { conflict } from './errors.ts';
import type { AssayOperation } from './operation.ts';

/** Feeds are the server's: every account sees the same. */
export const listFeeds: AssayOperation<'ListFeeds', 'feeds' | 'feedsUpdater' | 'now' | 'store'> =
  ({ feeds: directory, feedsUpdater, now, store }) =>
  async () => {
    const wanted = ecosystemsFor(await store.agents.operatingSystems(), { siblings: true });
    const { digest, feeds } = statusOf(() => feedsStatus(directory, now(), wanted));
    return {
      updating: feedsUpdater.running(),
      ...(digest === undefined ? {} : { digest }),
      feeds: feeds.map(({ name, kind, source, needed, part, old, error }) => ({
        name,
        needed,
        ...(kind === undefined ? {} : { kind }),
        ...(source === undefined ? {} : { source }),
        records: part?.records ?? 0,
        ...(part === undefined
          ? {}
          : {
              size: part.bytes,
              refused: { ...part.refused },
              examples: [...part.examples],
              updatedAt: part.updatedAt / 1000,
              ...(part.newestAt === undefined ? {} : { newestAt: part.newestAt / 1000 }),
              digest: part.digest,
            }),
        old,
        ...(error === undefined ? {} : { error: error.message, errorAt: error.at / 1000 }),
      })),
    };
  };

/** What is wrong with the feeds' files is said, as the command says it. */
function statusOf<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FeedFault) throw conflict(error.message);
    throw error;
  }
}
