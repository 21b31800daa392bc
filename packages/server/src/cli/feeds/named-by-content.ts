import { DEFAULT_FEEDS, type FeedDefinition, RED_HAT_VEX } from '../../feeds/default-feeds.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { isWebUrl } from '../../feeds/sources/expand-source.ts';
import { detectKind, type FeedKind } from '../../feeds/sources/feed-kind.ts';
import { readFeed } from '../../feeds/sources/read-feed.ts';

/** Records that are looked at to tell of which ecosystem a file is. */
const LOOKED_AT = 50;

/** Those that there is one feed of. */
const NAMED_BY_KIND: ReadonlySet<FeedKind> = new Set(['kev', 'epss', 'debian-tracker', 'ubuntu-vex', 'rocky-errata']);

/**
 * A file under the name of the feed that it is a copy of, whatever it is called: scores, catalogues and trackers by their
 * kind, records by the one distribution that the first of them are of. What cannot be told keeps its name.
 */
export async function namedByContent(feed: FeedDefinition): Promise<FeedDefinition> {
  if (isWebUrl(feed.source)) return feed;
  try {
    const kind = await detectKind(feed.source);
    if (NAMED_BY_KIND.has(kind)) return { ...feed, kind, name: kind };
    if (kind === 'ends-of-life') return { ...feed, kind, name: await endsOfLifeName(feed.source) };
    if (kind === 'csaf-vex' && /\.tar\.zst$/.test(feed.source)) return { ...feed, kind, name: RED_HAT_VEX };
    if (kind !== 'osv' && kind !== 'secdb') return feed;
    const { ecosystems, repositories } = await beginningOf(feed.source, kind);
    const [ecosystem, ...others] = ecosystems;
    if (ecosystem === undefined) return feed;
    const [repository] = repositories;
    const branch = /^Alpine:v(\d+\.\d+)$/.exec(ecosystem)?.[1];
    if (kind === 'secdb') {
      return branch && others.length === 0 ? { ...feed, kind, name: `alpine-${branch}-${repository ?? 'main'}` } : feed;
    }
    const bases = new Set([...ecosystems].map((each) => each.split(':')[0]));
    const known = DEFAULT_FEEDS.find(({ name }) => bases.size === 1 && bases.has(name));
    return known ? { ...feed, kind, name: known.name } : feed;
  } catch (error) {
    // Said when it is taken.
    if (error instanceof FeedFault || (error as NodeJS.ErrnoException).code !== undefined) return feed;
    throw error;
  }
}

/** A list of distro-info-data, which is of one distribution and has no date, stands beside that of all. */
async function endsOfLifeName(path: string): Promise<string> {
  for await (const outcome of readFeed('ends-of-life', path)) {
    if (!('item' in outcome) || outcome.item.kind !== 'support') continue;
    return outcome.asOf === undefined ? `ends-of-life-${outcome.item.support.release.split(':')[0]}` : 'ends-of-life';
  }
  return 'ends-of-life';
}

async function beginningOf(path: string, kind: 'osv' | 'secdb') {
  const [ecosystems, repositories] = [new Set<string>(), new Set<string>()];
  let looked = 0;
  for await (const outcome of readFeed(kind, path)) {
    if (!('item' in outcome) || outcome.item.kind !== 'advisory') continue;
    for (const { ecosystem, repository } of outcome.item.advisory.entries) {
      ecosystems.add(ecosystem);
      if (repository !== undefined) repositories.add(repository);
    }
    if (++looked >= LOOKED_AT) break;
  }
  return { ecosystems, repositories };
}
