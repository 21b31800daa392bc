import { ecosystemsFor } from '../../engine/judging/rules-package-catalog.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import type { FeedPorts } from '../../feeds/fetch/feed-ports.ts';
import type { Patience } from '../../feeds/fetch/fetch-to-file.ts';
import { reasonsOutOfReach } from '../../feeds/fetch/reachable.ts';
import { isLarge } from '../../feeds/sources/feed-kind.ts';
import type { FeedProgress } from '../../feeds/take-feed.ts';
import { updateFeeds, type WantedFeed } from '../../feeds/update-feeds.ts';
import { wantedFeeds } from '../../feeds/wanted-feeds.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { feedPorts } from '../../runtime/feed-ports.ts';
import { changeFeeds } from '../../runtime/feeds-lock.ts';
import { chosenFeeds } from './chosen-feeds.ts';
import { hasAdvisories, isOfPackages } from './has-advisories.ts';

/** A publisher that does not begin to answer for so long is out of reach, in milliseconds. */
const REACH = 5000;
/** Somebody is watching: what does not come soon is left for the daily update. */
const WATCHED: Patience = { answer: 8000, idle: 8000, pauses: [1000], retryAfter: 5000, whole: 600_000 };

/** `there`: some were there already. `none`: nothing is published for this system, or it could not be had. */
export interface FirstAdvisories {
  readonly outcome: 'there' | 'taken' | 'none';
  /** What to tell, in one line. */
  readonly line?: string;
}

/**
 * Takes the advisories of one system with KEV and EPSS, where a data directory has none that this version reads. Never throws for what the
 * network or a publisher is like, and says in one line what to do where they cannot be had.
 */
export async function firstAdvisories(
  directory: FeedsDirectory,
  operatingSystem: string,
  onProgress: (progress: FeedProgress) => void,
  ports: FeedPorts = feedPorts(),
): Promise<FirstAdvisories> {
  try {
    if (hasAdvisories(directory)) return { outcome: 'there' };
    const ecosystems = ecosystemsFor([operatingSystem], { siblings: false });
    if (ecosystems.length === 0) return { outcome: 'none', line: `No advisories are read for ${operatingSystem}.` };
    // Somebody is waiting: the server's own update brings what takes minutes.
    const wanted = wantedFeeds(chosenFeeds(directory, ecosystems), ecosystems).filter(({ kind }) => !isLarge(kind));
    const first = wanted.find(isOfPackages);
    if (!first) {
      return { outcome: 'none', line: `No feed that is chosen has ${ecosystems[0]}: assay feeds status` };
    }
    onProgress({ feed: first.name, phase: 'ask', done: 0, address: first.source });
    const reasons = await reasonsOutOfReach(ports, wanted, REACH);
    const within = wanted.filter((_, index) => reasons[index] === undefined);
    if (!within.some(isOfPackages))
      return { outcome: 'none', line: outOfReach(first, reasons[wanted.indexOf(first)] ?? '') };
    const { feeds } = await changeFeeds(directory, () =>
      updateFeeds(ports, directory, within, { patience: WATCHED, onProgress }),
    );
    const taken = feeds.filter(({ outcome }) => outcome === 'updated' || outcome === 'unchanged');
    const failed = feeds.find((each) => each.outcome === 'failed' && within.some(isOfPackagesNamed(each.name)));
    if (!taken.some(({ name }) => within.some(isOfPackagesNamed(name)))) {
      return { outcome: 'none', line: outOfReach(first, failed?.error ?? 'it has nothing of this release') };
    }
    const records = taken.reduce((sum, { part }) => sum + (part?.records ?? 0), 0);
    const names = taken.map(({ name }) => name).join(', ');
    return {
      outcome: 'taken',
      line: `${names}: ${records.toLocaleString('en')} ${records === 1 ? 'record' : 'records'}.`,
    };
  } catch (error) {
    if (!(error instanceof FeedFault) && !(error instanceof CliError)) throw error;
    return { outcome: 'none', line: `${error.message.replace(/\.$/, '')}. Take them: assay feeds update` };
  }
}

const isOfPackagesNamed =
  (name: string) =>
  (feed: WantedFeed): boolean =>
    feed.name === name && isOfPackages(feed);

const outOfReach = ({ source }: WantedFeed, reason: string): string =>
  `none could be downloaded from ${URL.canParse(source) ? new URL(source).host : source} (${reason}). Set HTTPS_PROXY or ASSAY_FEEDS_MIRROR, or bring a file: assay feeds import (docs/feeds.md).`;
