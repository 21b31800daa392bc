import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { type Host, refusalOf, refuse, type Seen } from '../host.ts';
import { locate } from './locate.ts';

const CHUNK = 65_536;

/**
 * The bytes of a regular file of at most `maxBytes`; anything longer is refused whole. A FIFO, device, socket or
 * directory is refused without being opened, and what takes a file's place in between cannot make the agent wait.
 */
export async function readRegularFile(host: Host, path: string, maxBytes: number): Promise<Seen<Buffer>> {
  const location = await locate(host, path);
  if (!location.ok) return location;
  try {
    const { onDisk } = location.value;
    const before = await lstat(onDisk);
    if (!before.isFile()) return refuse('UNREADABLE', `${typeName(before)}, not a regular file`);
    const handle = await open(onDisk, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return refuse('UNREADABLE', `${typeName(stats)}, not a regular file`);
      if (stats.size > maxBytes) return tooLarge(maxBytes);
      const chunks: Buffer[] = [];
      let length = 0;
      // By reading, not by size: files of /proc say 0.
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
        if (bytesRead === 0) return { ok: true, value: Buffer.concat(chunks, length) };
        length += bytesRead;
        if (length > maxBytes) return tooLarge(maxBytes);
        chunks.push(buffer.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refusalOf(error);
  }
}

const tooLarge = (maxBytes: number) => refuse('TOO_LARGE', `longer than ${maxBytes} bytes`);

function typeName(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  return 'a device';
}
