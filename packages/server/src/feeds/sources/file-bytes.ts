import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import xz from 'xz-decompress';
import { FeedFault } from '../feed-fault.ts';

const GIB = 1024 ** 3;
/** No feed is larger, unpacked. */
const MAX_BYTES = 16 * GIB;
/** gzip reaches 1,000 on nothing but zeros; advisories stay under 60. */
const MAX_RATIO = 400;
/** Documents that repeat each other shrink to a hundredth and less. */
const MAX_XZ_RATIO = 2000;

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

/** Zstandard, which archives of tar are packed with. */
export const isZstd = (head: Uint8Array): boolean =>
  head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
const isXz = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 6)).toString('latin1') === '\xfd7zXZ\0';
export const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b;

type Packing = 'gzip' | 'zstd' | 'xz';
const packingOf = (head: Uint8Array): Packing | undefined =>
  isGzip(head) ? 'gzip' : isZstd(head) ? 'zstd' : isXz(head) ? 'xz' : undefined;

/**
 * A file's bytes, unpacked when they are gzip, Zstandard or xz. Throws {@link FeedFault} where that is broken, cut short, or
 * a bomb.
 */
export async function* fileBytes(path: string, maxBytes = MAX_BYTES): AsyncGenerator<Uint8Array> {
  const packing = packingOf(await headOf(path, 6));
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  let bytes = 0;
  try {
    for await (const chunk of unpacked(file, packing)) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new FeedFault(`it is larger than ${maxBytes} bytes`);
      if (
        packing &&
        bytes > 64 * 1024 * 1024 &&
        bytes > file.bytesRead * (packing === 'xz' ? MAX_XZ_RATIO : MAX_RATIO)
      ) {
        throw new FeedFault('it unpacks to too many times its size');
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof FeedFault || !(error instanceof Error)) throw error;
    // The library of xz has no codes: what is no fault of the file system is one of the content.
    const isOfContent = 'code' in error ? /^(?:Z_|ZSTD_)/.test(String(error.code)) : packing === 'xz';
    if (!isOfContent) throw error;
    throw new FeedFault(`its ${packing} is broken or cut short (${error.message})`);
  } finally {
    file.destroy();
  }
}

/** Whether a file is an archive of tar, packed or not. Throws {@link FeedFault} as {@link fileBytes} does. */
export async function isTar(path: string): Promise<boolean> {
  let begin = Buffer.alloc(0);
  for await (const chunk of fileBytes(path)) {
    begin = Buffer.concat([begin, chunk]);
    if (begin.length >= 262) break;
  }
  return begin.subarray(257, 262).toString('latin1') === 'ustar';
}

const CHUNKS = { chunkSize: 256 * 1024 };

function unpacked(file: ReadStream, packing: Packing | undefined): AsyncIterable<Uint8Array> {
  switch (packing) {
    case 'gzip':
      return pipeline(file, createGunzip(CHUNKS), () => undefined);
    case 'zstd':
      return pipeline(file, createZstdDecompress(CHUNKS), () => undefined);
    case 'xz':
      return new xz.XzReadableStream(
        ReadableStream.from(file as AsyncIterable<Uint8Array>) as ReadableStream<Uint8Array>,
      );
    default:
      return file;
  }
}
