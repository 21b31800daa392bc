import { type FeedDefinition, furtherFeeds, mirrored } from '../../feeds/default-feeds.ts';
import { readDefinitions } from '../../feeds/feed-definitions.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { CliError } from '../../runtime/cli-error.ts';

/**
 * The feeds of a data directory, with those that hosts of some ecosystems need besides, from the mirror that
 * `ASSAY_FEEDS_MIRROR` names, if it does. Throws FeedFault for damaged definitions and {@link CliError} for what is not a URL.
 */
export function chosenFeeds(
  directory: FeedsDirectory,
  ecosystems: readonly string[],
  mirror = process.env.ASSAY_FEEDS_MIRROR,
): readonly FeedDefinition[] {
  const chosen = readDefinitions(directory);
  const further = furtherFeeds(ecosystems).filter(({ name }) => !chosen.some((feed) => feed.name === name));
  const feeds = [...chosen, ...further];
  if (!mirror) return feeds;
  if (!/^https?:\/\//i.test(mirror) || !URL.canParse(mirror)) {
    throw new CliError(`The mirror of the feeds, ${mirror}, is not an http or https URL.`);
  }
  return mirrored(feeds, mirror);
}
