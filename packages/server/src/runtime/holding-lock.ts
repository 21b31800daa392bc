import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from './cli-error.ts';

/** How often, and how long after each time, a lock is tried that another process has: milliseconds. A server has it for moments. */
const TRIES = 10;
const PAUSE = 200;

/**
 * Does `work` while no other process does any under the lock of this directory. `what` names what is changed. Throws
 * {@link CliError} where another process has it for longer than moments.
 */
export async function holdingLock<T>(directory: string, what: string, work: () => Promise<T> | T): Promise<T> {
  const lock = join(directory, 'lock');
  for (let tries = 1; ; tries++) {
    const owner = takeLock(lock);
    if (owner === undefined) break;
    if (tries === TRIES) throw new CliError(`Process ${owner} is changing the ${what}; try again when it has ended.`);
    await delay(PAUSE);
  }
  held.add(lock);
  try {
    return await work();
  } finally {
    held.delete(lock);
    rmSync(lock, { force: true });
  }
}

/** Locks that this process has: in a container, the one that was killed had the same number. */
const held = new Set<string>();

/** Undefined when it is taken; else the process that has it. */
function takeLock(lock: string, again = true): number | undefined {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = ownerOf(lock);
    if (isAlive(owner) && (owner !== process.pid || held.has(lock))) return owner;
    if (!again) return owner;
    // Its owner was killed: what it had not finished is in nobody's way.
    rmSync(lock, { force: true });
    return takeLock(lock, false);
  }
}

/** 0 where it was given back in between. */
function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
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
