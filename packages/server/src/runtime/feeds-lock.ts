import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FeedsDirectory, makeFeedsDirectory } from '../feeds/feeds-directory.ts';
import { CliError } from './cli-error.ts';

/** Changes the feeds of a data directory while nobody else does. Throws {@link CliError} where somebody does. */
export async function changeFeeds<T>(directory: FeedsDirectory, work: () => Promise<T> | T): Promise<T> {
  makeFeedsDirectory(directory);
  const lock = join(directory.path, 'lock');
  takeLock(lock);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

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
