import { lstat, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Host, refusalOf, refuse, type Seen } from '../host.ts';

/** As many as Linux follows. */
const MAX_LINKS = 40;

export interface Location {
  /** Without symbolic links, as seen from inside the host's root. */
  readonly path: string;
  /** Where that is for the agent. */
  readonly onDisk: string;
}

/**
 * Resolves a path's symbolic links as the host itself would: under a root other than `/`, an absolute link starts at
 * that root and `..` stops there, so that no link leads out.
 */
export async function locate(host: Host, path: string): Promise<Seen<Location>> {
  try {
    if (host.root === '/') {
      const real = await realpath(path);
      return { ok: true, value: { path: real, onDisk: real } };
    }
    return await walk(host.root, path);
  } catch (error) {
    return refusalOf(error);
  }
}

async function walk(root: string, path: string): Promise<Seen<Location>> {
  const pending = partsOf(path).reverse();
  let inside: string[] = [];
  let links = 0;
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part === '..') {
      inside.pop();
      continue;
    }
    const at = join(root, ...inside, part);
    if (!(await lstat(at)).isSymbolicLink()) {
      inside.push(part);
      continue;
    }
    if (++links > MAX_LINKS) return refuse('UNREADABLE', 'too many symbolic links');
    const target = await readlink(at);
    if (target.startsWith('/')) inside = [];
    pending.push(...partsOf(target).reverse());
  }
  return { ok: true, value: { path: `/${inside.join('/')}`, onDisk: join(root, ...inside) } };
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
