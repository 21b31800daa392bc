import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import { DEFAULT_FEEDS, type FeedDefinition, isFeedName } from './default-feeds.ts';
import { FeedFault } from './feed-fault.ts';
import { type FeedsDirectory, readIfThere, replaceFile } from './feeds-directory.ts';
import { isFeedKind } from './sources/feed-kind.ts';

/** A list of feeds, each with a list of mirrors. */
const BOUNDS = { depth: 8, values: 100_000 };

/** The feeds that were chosen, else the default ones. Throws {@link FeedFault} where the file is not as we write it. */
export function readDefinitions(directory: FeedsDirectory): readonly FeedDefinition[] {
  const text = readIfThere(directory.definitions);
  return text === undefined ? DEFAULT_FEEDS : parseDefinitions(directory, text);
}

/** The feeds in the text of such a file. Throws {@link FeedFault} where it is not as we write it. */
export function parseDefinitions({ definitions }: FeedsDirectory, text: string): readonly FeedDefinition[] {
  try {
    const feeds = parseBoundedJson(text, BOUNDS) as FeedDefinition[];
    if (Array.isArray(feeds) && feeds.every(isDefinition)) return feeds;
  } catch {
    // Said below.
  }
  throw new FeedFault(`${definitions} is damaged: correct or delete it (without it, the default feeds are taken)`);
}

export function writeDefinitions({ definitions }: FeedsDirectory, feeds: readonly FeedDefinition[]): void {
  const sorted = [...feeds].sort((a, b) => (a.name < b.name ? -1 : 1));
  replaceFile(definitions, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

const isDefinition = (feed: FeedDefinition | null): boolean =>
  typeof feed?.name === 'string' &&
  isFeedName(feed.name) &&
  typeof feed.source === 'string' &&
  (feed.ecosystem === undefined || typeof feed.ecosystem === 'string') &&
  (feed.mirrors === undefined ||
    (Array.isArray(feed.mirrors) && feed.mirrors.every((each) => typeof each === 'string'))) &&
  (feed.kind === undefined || isFeedKind(feed.kind));
