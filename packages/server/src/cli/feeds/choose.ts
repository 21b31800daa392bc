import { statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { isFeedName } from '../../feeds/default-feeds.ts';
import { readDefinitions, writeDefinitions } from '../../feeds/feed-definitions.ts';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { removeFeed } from '../../feeds/remove-feed.ts';
import { isWebUrl, localPath } from '../../feeds/sources/expand-source.ts';
import { FEED_KINDS, type FeedKind } from '../../feeds/sources/feed-kind.ts';
import { nextSteps } from '../terminal/next-step.ts';
import { changingFeeds, type FeedsOptions, withFeedsOptions } from './with-feeds.ts';

interface AddOptions extends FeedsOptions {
  readonly kind?: FeedKind;
}

export const addFeedCommand = (): Command =>
  withFeedsOptions(new Command('add'))
    .description('Add a feed or change its source; run assay feeds update to download it')
    .argument('<name>', 'name of the feed on this server')
    .argument('<source>', 'an http(s) or file URL, or the path of a file')
    .addOption(new Option('--kind <kind>', 'format of the source (default: detected)').choices(FEED_KINDS))
    .action((name: string, source: string, options: AddOptions) =>
      changingFeeds(options, (directory) => {
        if (!isFeedName(name)) throw new FeedFault('a name is letters, digits, spaces, dots, dashes and underscores');
        const others = readDefinitions(directory).filter((feed) => feed.name !== name);
        const feed = { name, source: checked(source), ...(options.kind !== undefined && { kind: options.kind }) };
        writeDefinitions(directory, [...others, feed]);
        const next = nextSteps(`${name} is added. Download it: assay feeds update\n`);
        process.stdout.write(options.json ? `${JSON.stringify(feed)}\n` : next);
      }),
    );

export const removeFeedCommand = (): Command =>
  withFeedsOptions(new Command('remove'))
    .description('Remove a feed and stop using its advisories')
    .argument('<name>')
    .action((name: string, options: FeedsOptions) =>
      changingFeeds(options, async (directory) => {
        const feeds = readDefinitions(directory);
        const chosen = feeds.some((feed) => feed.name === name);
        if (chosen)
          writeDefinitions(
            directory,
            feeds.filter((feed) => feed.name !== name),
          );
        const served = await removeFeed(directory, name);
        if (!chosen && !served) throw new FeedFault(`there is no feed ${name}; assay feeds status lists the feeds`);
        process.stdout.write(options.json ? `${JSON.stringify({ name, removed: true })}\n` : `${name} is removed.\n`);
      }),
    );

/** A source that is of this machine is kept with its whole path. */
function checked(source: string): string {
  if (isWebUrl(source)) {
    if (!URL.canParse(source)) throw new FeedFault(`${source} is no URL`);
    return source;
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source) && !/^file:/i.test(source)) {
    throw new FeedFault(`${source} is no http, https or file URL`);
  }
  const path = localPath(source);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new FeedFault(`${path} is no file`);
  return path;
}
