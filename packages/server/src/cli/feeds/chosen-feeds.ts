import { type FeedDefinition, mirrored } from '../../feeds/default-feeds.ts';
import { readDefinitions } from '../../feeds/feed-definitions.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { CliError } from '../../runtime/cli-error.ts';

/**
 * The feeds of a data directory, from the mirror that `--feeds-mirror` or `ASSAY_FEEDS_MIRROR` names where one does. Throws
 * FeedFault for damaged definitions and {@link CliError} for what is not a URL.
 */
export function chosenFeeds(
  directory: FeedsDirectory,
  mirror = process.env.ASSAY_FEEDS_MIRROR,
): readonly FeedDefinition[] {
  const feeds = readDefinitions(directory);
  if (!mirror) return feeds;
  if (!/^https?:\/\//i.test(mirror) || !URL.canParse(mirror)) {
    throw new CliError(`The mirror of the feeds, ${mirror}, is not an http or https URL.`);
  }
  return mirrored(feeds, mirror);
}
