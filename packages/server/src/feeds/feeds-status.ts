import { dateOf } from '../domain/feed-reference.ts';
import { furtherFeeds } from './default-feeds.ts';
import { readDefinitions } from './feed-definitions.ts';
import { type FeedPart, OLD_AFTER, STALE_AFTER } from './feed-state.ts';
import { type FeedsDirectory, readCurrent } from './feeds-directory.ts';
import { wantedFeeds } from './wanted-feeds.ts';

/** What there is of a feed, and how its last update went. Times in milliseconds since the epoch. */
export interface FeedStatus {
  readonly name: string;
  readonly kind: string | undefined;
  readonly source: string | undefined;
  /** Whether the hosts are assessed by it: it may have something of an ecosystem that is wanted. */
  readonly needed: boolean;
  /** Undefined before its first update. */
  readonly part: FeedPart | undefined;
  /** Taken more than a week ago, or without anything of the last month. */
  readonly old: boolean;
  readonly error: { readonly message: string; readonly at: number } | undefined;
}

/**
 * The feeds of a data directory, chosen or taken: those that some ecosystems need first, then by name. Throws
 * {@link FeedFault}.
 */
export function feedsStatus(
  directory: FeedsDirectory,
  now: number,
  ecosystems: readonly string[] = [],
): { readonly digest: string | undefined; readonly feeds: readonly FeedStatus[] } {
  const definitions = new Map(readDefinitions(directory).map((feed) => [feed.name, feed]));
  const current = readCurrent(directory);
  const states = new Map(current.feeds.map((state) => [state.name, state]));
  const further = furtherFeeds(ecosystems);
  for (const feed of further) if (!definitions.has(feed.name)) definitions.set(feed.name, feed);
  const taken = [...states.values()].flatMap(({ name, part }) =>
    part && !definitions.has(name) ? [{ name, source: part.source, kind: part.kind }] : [],
  );
  const wanted = ecosystems.length === 0 ? [] : wantedFeeds([...definitions.values(), ...taken], ecosystems);
  const needed = new Set(wanted.map(({ name }) => name));
  const names = [...new Set([...definitions.keys(), ...states.keys()])].sort();
  const feeds = [...names.filter((name) => needed.has(name)), ...names.filter((name) => !needed.has(name))].map(
    (name) => {
      const [definition, part, error] = [definitions.get(name), states.get(name)?.part, states.get(name)?.error];
      return {
        name,
        kind: part?.kind ?? definition?.kind,
        source: part?.source ?? definition?.source,
        needed: needed.has(name),
        part,
        old: part !== undefined && (now - part.updatedAt > OLD_AFTER || now - dateOf(part) > STALE_AFTER),
        error,
      };
    },
  );
  return { digest: current.digest, feeds };
}
