import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A control group that holds a process and all that it starts to an amount of memory. */
export interface MemoryCeiling {
  /** Puts a process into it; what that starts from then on is in it too. */
  readonly take: (pid: number) => void;
  /** The most bytes that all of it had at once; undefined on kernels that do not say. */
  readonly peak: () => Promise<number | undefined>;
  /** Whether the kernel ended something in it for going beyond. */
  readonly exceeded: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** In bytes. What oscap needs for the largest profiles is 480 MiB. */
export const memoryCeiling = 512 * 1024 * 1024;

/** What the two versions of control groups call the same things. */
const hierarchies = [
  {
    root: '/sys/fs/cgroup',
    controllers: 'cgroup.subtree_control',
    most: 'memory.max',
    swap: ['memory.swap.max', '0'],
    peak: 'memory.peak',
    events: 'memory.events',
  },
  {
    root: '/sys/fs/cgroup/memory',
    controllers: undefined,
    most: 'memory.limit_in_bytes',
    swap: ['memory.memsw.limit_in_bytes', String(memoryCeiling)],
    peak: 'memory.max_usage_in_bytes',
    events: 'memory.oom_control',
  },
] as const;

/** Undefined where the host has no control groups with a memory controller, or the agent may not make a group. */
export async function openMemoryCeiling(base = '/'): Promise<MemoryCeiling | undefined> {
  for (const hierarchy of hierarchies) {
    const ceiling = await openIn(join(base, hierarchy.root), hierarchy);
    if (ceiling) return ceiling;
  }
  return undefined;
}

async function openIn(
  root: string,
  { controllers, most, swap: [swap, noSwap], peak, events }: (typeof hierarchies)[number],
): Promise<MemoryCeiling | undefined> {
  const path = join(root, `assay-oscap-${randomBytes(6).toString('hex')}`);
  try {
    // A folder that is no control group could be made as well, and would hold nothing.
    const has = await readFile(join(root, controllers ?? most), 'utf8');
    if (controllers !== undefined && !/\bmemory\b/.test(has)) return undefined;
    await mkdir(path);
  } catch {
    return undefined;
  }
  const read = (name: string): Promise<string> => readFile(join(path, name), 'utf8').catch(() => '');
  const close = async (): Promise<void> => {
    await writeFile(join(path, 'cgroup.kill'), '1').catch(() => undefined);
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        return await rmdir(path);
      } catch {
        for (const pid of (await read('cgroup.procs')).split('\n')) if (/^\d+$/.test(pid)) end(Number(pid));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  try {
    await writeFile(join(path, most), String(memoryCeiling));
    await writeFile(join(path, swap), noSwap).catch(() => undefined);
  } catch {
    await close();
    return undefined;
  }
  return {
    take: (pid) => {
      try {
        writeFileSync(join(path, 'cgroup.procs'), String(pid));
      } catch {
        // It has ended already, or goes on without a ceiling.
      }
    },
    peak: async () => {
      const bytes = Number.parseInt(await read(peak), 10);
      return Number.isSafeInteger(bytes) ? bytes : undefined;
    },
    exceeded: async () => /^oom_kill [1-9]/m.test(await read(events)),
    close,
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
