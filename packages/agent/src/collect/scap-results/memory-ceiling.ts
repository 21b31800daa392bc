import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A control group that holds a process and all that it starts to an amount of memory. */
export interface MemoryCeiling {
  readonly mebibytes: number;
  /** Puts a process into it; what that starts from then on is in it too. */
  readonly take: (pid: number) => void;
  /** The most bytes that all of it had at once; undefined on kernels that do not say. */
  readonly peak: () => Promise<number | undefined>;
  /** Whether the kernel ended something in it for going beyond. */
  readonly exceeded: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

const ROOT = '/sys/fs/cgroup';
/** What oscap needs for the largest profiles is 480 MiB. */
const MEBIBYTES = 512;

/** Undefined where the host has no cgroup v2 with a memory controller, or the agent may not make a group in it. */
export async function openMemoryCeiling(root = ROOT): Promise<MemoryCeiling | undefined> {
  const path = join(root, `assay-oscap-${randomBytes(6).toString('hex')}`);
  try {
    const controllers = await readFile(join(root, 'cgroup.subtree_control'), 'utf8');
    if (!/\bmemory\b/.test(controllers)) return undefined;
    await mkdir(path);
  } catch {
    return undefined;
  }
  const close = async (): Promise<void> => {
    await writeFile(join(path, 'cgroup.kill'), '1').catch(() => undefined);
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        return await rmdir(path);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  try {
    await writeFile(join(path, 'memory.max'), String(MEBIBYTES * 1024 * 1024));
    await writeFile(join(path, 'memory.swap.max'), '0').catch(() => undefined);
  } catch {
    await close();
    return undefined;
  }
  const read = (name: string): Promise<string> => readFile(join(path, name), 'utf8').catch(() => '');
  return {
    mebibytes: MEBIBYTES,
    take: (pid) => {
      try {
        writeFileSync(join(path, 'cgroup.procs'), String(pid));
      } catch {
        // It has ended already, or goes on without a ceiling.
      }
    },
    peak: async () => {
      const peak = Number.parseInt(await read('memory.peak'), 10);
      return Number.isSafeInteger(peak) ? peak : undefined;
    },
    exceeded: async () => /^oom_kill [1-9]/m.test(await read('memory.events')),
    close,
  };
}
