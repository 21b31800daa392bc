import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { FeedFault } from '../../feeds/feed-fault.ts';
import { type FeedsDirectory, feedsDirectory, makeFeedsDirectory } from '../../feeds/feeds-directory.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';

export interface FeedsOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export const withFeedsOptions = (command: Command): Command =>
  command
    .option('--data-dir <dir>', 'where they are kept, in feeds/ (default: $ASSAY_DATA_DIR or .assay)')
    .option('--json', 'print JSON');

/** Works on the feeds of a data directory; what is wrong with them is the person's to mend. */
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
): Promise<T> =>
  withFeeds(options, async (directory) => {
    makeFeedsDirectory(directory);
    const lock = join(directory.path, 'lock');
    takeLock(lock);
    try {
      return await work(directory);
    } finally {
      rmSync(lock, { force: true });
    }
  });

function takeLock(lock: string, again = true): void {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(lock, 'utf8'));
    if (isAlive(owner) || !again)
      throw new CliError(`Process ${owner} is changing the feeds; try again when it has ended.`);
    // Its owner was killed: what it had not finished is in nobody's way.
    rmSync(lock, { force: true });
    takeLock(lock, false);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
