import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { type Host, type Refusal, refusalOf, refuse } from '../host.ts';
import { locate } from './locate.ts';

const CHUNK = 65_536;

/** An open regular file, to be closed by who asked for it. */
export type OpenedFile = { readonly ok: true; readonly handle: FileHandle; readonly size: number } | Refusal;

/**
 * Opens a regular file for reading. A FIFO, device, socket or directory is refused without being opened, and what takes a
 * file's place in between cannot make the agent wait.
 */
export async function openRegularFile(host: Host, path: string): Promise<OpenedFile> {
  const location = await locate(host, path);
  if (!location.ok) return location;
  try {
    const { onDisk } = location.value;
    const before = await lstat(onDisk);
    if (!before.isFile()) return refuse('UNREADABLE', `${typeName(before)}, not a regular file`);
    const handle = await open(onDisk, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stats = await handle.stat();
    if (stats.isFile()) return { ok: true, handle, size: stats.size };
    await handle.close();
    return refuse('UNREADABLE', `${typeName(stats)}, not a regular file`);
  } catch (error) {
    return refusalOf(error);
  }
}

/**
 * The bytes of an open file from its beginning; by reading, not by size: files of /proc say 0. `expected` bytes, where
 * the caller has room for them, are asked for at once.
 */
export async function* chunksOf(handle: FileHandle, expected = 0): AsyncGenerator<Buffer> {
  for (let next = Math.max(CHUNK, expected); ; next = CHUNK) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(next), 0, next, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function typeName(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  return 'a device';
}
