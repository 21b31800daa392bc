import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FeedFault } from '../feed-fault.ts';

const GIB = 1024 ** 3;
/** No feed is larger, unpacked. */
const MAX_BYTES = 16 * GIB;
/** gzip reaches 1,000 on nothing but zeros; advisories stay under 60. */
const MAX_RATIO = 400;

/** The first bytes of a file: enough to know what it is. */
export async function headOf(path: string, length = 4096): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
export const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b;

/** A file's bytes, unpacked when they are gzip. Throws {@link FeedFault} where that is broken, cut short, or a bomb. */
export async function* fileBytes(path: string, maxBytes = MAX_BYTES): AsyncGenerator<Uint8Array> {
  const packed = isGzip(await headOf(path, 2));
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  let bytes = 0;
  try {
    const stream = packed ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => undefined) : file;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new FeedFault(`it is larger than ${maxBytes} bytes`);
      if (packed && bytes > 64 * 1024 * 1024 && bytes > file.bytesRead * MAX_RATIO) {
        throw new FeedFault(`it unpacks to more than ${MAX_RATIO} times its size`);
      }
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('Z_')) throw error;
    throw new FeedFault(`its gzip is broken or cut short (${error.message})`);
  } finally {
    file.destroy();
  }
}
