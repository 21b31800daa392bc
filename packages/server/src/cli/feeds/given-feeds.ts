import { isFeedFile, isWebUrl } from '../../feeds/sources/expand-source.ts';
import { updateFeeds } from '../../feeds/update-feeds.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { feedPorts } from '../../runtime/feed-ports.ts';
import { describeOutcome } from './describe-outcome.ts';
import { feedsFrom } from './feeds-from.ts';
import { feedProgress } from './progress.ts';
import { changingFeeds } from './with-feeds.ts';

/** What `--feeds` of a server names: a mirror of all publishers, or what is read at every start and every update. */
export type GivenFeeds = { readonly mirror: string } | { readonly from: string };

/** Throws {@link CliError} for a URL that is none. */
export function givenFeeds(source: string): GivenFeeds {
  if (!isWebUrl(source)) return { from: source };
  if (!URL.canParse(source)) throw new CliError(`--feeds ${source} is not a URL.`);
  return isFeedFile(new URL(source).pathname) ? { from: source } : { mirror: source };
}

/**
 * Reads a folder, a file or a URL of one into the advisories of a data directory. If a feed fails, a line says so, and its
 * previous copy stays in use. Throws {@link CliError} if the source is not there, or nothing can be used and there is no
 * previous copy of anything.
 */
export async function takeGivenFeeds(dataDir: string, from: string): Promise<void> {
  process.stderr.write(`Reading the advisories of ${from} …\n`);
  const progress = feedProgress(process.stderr);
  const { feeds } = await changingFeeds({ dataDir }, async (directory) =>
    updateFeeds(feedPorts(), directory, await feedsFrom([from]), { only: [], onProgress: progress.show }),
  ).finally(progress.clear);
  process.stderr.write(feeds.map((feed) => `  ${describeOutcome(feed)}`).join(''));
  if (feeds.every(({ part }) => part === undefined)) {
    throw new CliError(`--feeds ${from}: none of it can be used.`);
  }
}
