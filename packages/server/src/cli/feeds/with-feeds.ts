import type { Command } from 'commander';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { type FeedsDirectory, feedsDirectory } from '../../feeds/feeds-directory.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';
import { changeFeeds } from '../../runtime/feeds-lock.ts';

export interface FeedsOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export const withFeedsOptions = (command: Command): Command =>
  command
    .option('--data-dir <dir>', 'where they are kept, in feeds/ (default: $ASSAY_DATA_DIR or .assay)')
    .option('--json', 'print JSON');

/** Works on the feeds of a data directory; what is wrong with them is the person's to correct. */
async function withFeeds<T>(options: FeedsOptions, work: (directory: FeedsDirectory) => Promise<T> | T): Promise<T> {
  try {
    return await work(feedsDirectory(dataDirectoryPath(options.dataDir)));
  } catch (error) {
    if (error instanceof FeedFault) throw new CliError(`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`);
    throw error;
  }
}

/** As {@link withFeeds}, while nobody else changes them. */
export const changingFeeds = <T>(
  options: FeedsOptions,
  work: (directory: FeedsDirectory) => Promise<T> | T,
): Promise<T> => withFeeds(options, (directory) => changeFeeds(directory, () => work(directory)));
