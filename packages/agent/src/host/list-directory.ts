import { opendir, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Host, refusalOf, refuse, type Seen } from '../host.ts';
import { locate } from './locate.ts';

/** The names in a directory by code unit (the C locale's order for ASCII); refused whole where they are too many. */
export async function listDirectory(host: Host, path: string, maxEntries = 10_000): Promise<Seen<string[]>> {
  const location = await locate(host, path);
  if (!location.ok) return location;
  try {
    const names: string[] = [];
    for await (const entry of await opendir(location.value.onDisk)) {
      if (names.push(entry.name) > maxEntries) return refuse('TOO_LARGE', `more than ${maxEntries} entries`);
    }
    return { ok: true, value: names.sort() };
  } catch (error) {
    return refusalOf(error);
  }
}

/** Where a symbolic link points, as text: `socket:[1234]`, `/usr/sbin/sshd`. */
export async function readLink(host: Host, path: string): Promise<Seen<string>> {
  const parent = await locate(host, dirname(path));
  if (!parent.ok) return parent;
  try {
    return { ok: true, value: await readlink(join(parent.value.onDisk, basename(path))) };
  } catch (error) {
    return refusalOf(error);
  }
}
