import { type FeedDefinition, isFeedName } from '../../feeds/default-feeds.ts';
import { expandSource } from '../../feeds/sources/expand-source.ts';
import { namedByContent } from './named-by-content.ts';

/** The feeds in files, folders and URLs, each under the name of the feed that it is a copy of. Throws FeedFault. */
export const feedsFrom = async (sources: readonly string[]): Promise<readonly FeedDefinition[]> =>
  unlike(await Promise.all(sources.flatMap(expandSource).map(namedByContent)));

/** Two sources of one name are two feeds. */
function unlike(feeds: readonly FeedDefinition[]): readonly FeedDefinition[] {
  const names = new Set<string>();
  return feeds.map((feed) => {
    let name = isFeedName(feed.name) ? feed.name : 'feed';
    for (let number = 2; names.has(name); number += 1) name = `${feed.name}-${number}`;
    names.add(name);
    return { ...feed, name };
  });
}
