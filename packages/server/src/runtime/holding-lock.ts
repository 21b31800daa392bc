import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './cli-error.ts';

/** Does `work` while no other process does any under the lock of this directory. `what` names what is changed. */
export async function holdingLock<T>(directory: string, what: string, work: () => Promise<T> | T): Promise<T> {
  const lock = join(directory, 'lock');
  takeLock(lock, what);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string, what: string, again = true): void {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(lock, 'utf8'));
    if (isAlive(owner) || !again)
      throw new CliError(`Process ${owner} is changing the ${what}; try again when it has ended.`);
    // Its owner was killed: what it had not finished is in nobody's way.
    rmSync(lock, { force: true });
    takeLock(lock, what, false);
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
