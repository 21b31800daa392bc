import { parseDefinitions, writeDefinitions } from './feed-definitions.ts';
import { type FeedsDirectory, readIfThere, replaceFile } from './feeds-directory.ts';

/**
 * Chooses the feeds that were chosen here or at another server (`theirs`: its file, undefined while it has the default
 * ones). Of one that both chose differently, theirs counts. Throws {@link FeedFault}.
 */
export function mergeDefinitions(directory: FeedsDirectory, theirs: string | undefined): void {
  if (theirs === undefined) return;
  const here = readIfThere(directory.definitions);
  if (here === undefined) {
    replaceFile(directory.definitions, theirs);
    return;
  }
  const feeds = [...parseDefinitions(directory, here), ...parseDefinitions(directory, theirs)];
  writeDefinitions(directory, [...new Map(feeds.map((feed) => [feed.name, feed])).values()]);
}
