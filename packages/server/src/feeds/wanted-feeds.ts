import { DEFAULT_FEEDS, type FeedDefinition } from './default-feeds.ts';
import { isOfAll } from './sources/feed-kind.ts';
import type { WantedFeed } from './update-feeds.ts';

/**
 * Of some feeds those that may have something of the ecosystems, narrowed to them. Scores of CVEs are for all, and a feed
 * that somebody chose and of which nothing tells what it holds is taken whole.
 */
export function wantedFeeds(feeds: readonly FeedDefinition[], ecosystems: readonly string[]): WantedFeed[] {
  return feeds.flatMap((feed): WantedFeed[] => {
    const of = ecosystemOf(feed);
    if (of === undefined) return [feed];
    // The largest feed by far. As a sibling of others Red Hat's announcements do.
    if (feed.kind === 'csaf-vex' && !ecosystems.includes(of)) return [];
    const only = ecosystems.filter((wanted) => isWithin(wanted, of) || isWithin(of, wanted));
    return only.length === 0 ? [] : [{ ...feed, only }];
  });
}

/** The ecosystem that all of a feed is of, or begins with. */
function ecosystemOf({ name, kind, ecosystem }: FeedDefinition): string | undefined {
  if (isOfAll(kind)) return undefined;
  if (ecosystem !== undefined) return ecosystem;
  if (kind === 'debian-tracker') return 'Debian';
  return DEFAULT_FEEDS.find((feed) => feed.name.toLowerCase() === name.toLowerCase())?.ecosystem;
}

const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}:`);
