import { dateOf } from '../domain/feed-reference.ts';
import { readDefinitions } from './feed-definitions.ts';
import { type FeedPart, OLD_AFTER, STALE_AFTER } from './feed-state.ts';
import { type FeedsDirectory, readCurrent } from './feeds-directory.ts';

/** What there is of a feed, and how its last update went. Times in milliseconds since the epoch. */
export interface FeedStatus {
  readonly name: string;
  readonly kind: string | undefined;
  readonly source: string | undefined;
  /** Undefined before its first update. */
  readonly part: FeedPart | undefined;
  /** Taken more than a week ago, or without anything of the last month. */
  readonly old: boolean;
  readonly error: { readonly message: string; readonly at: number } | undefined;
}

/** The feeds of a data directory, chosen or taken, by name. Throws {@link FeedFault}. */
export function feedsStatus(
  directory: FeedsDirectory,
  now: number,
): { readonly digest: string | undefined; readonly feeds: readonly FeedStatus[] } {
  const definitions = new Map(readDefinitions(directory).map((feed) => [feed.name, feed]));
  const current = readCurrent(directory);
  const states = new Map(current.feeds.map((state) => [state.name, state]));
  const feeds = [...new Set([...definitions.keys(), ...states.keys()])].sort().map((name) => {
    const [definition, part, error] = [definitions.get(name), states.get(name)?.part, states.get(name)?.error];
    return {
      name,
      kind: part?.kind ?? definition?.kind,
      source: part?.source ?? definition?.source,
      part,
      old: part !== undefined && (now - part.updatedAt > OLD_AFTER || now - dateOf(part) > STALE_AFTER),
      error,
    };
  });
  return { digest: current.digest, feeds };
}
