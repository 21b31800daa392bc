import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import xz from 'xz-decompress';

/** Unpacks a file of real data to another path. */
export async function unpackXz(file: string, to: string): Promise<void> {
  const packed = ReadableStream.from(createReadStream(file)) as ReadableStream<Uint8Array>;
  await pipeline(Readable.from(new xz.XzReadableStream(packed)), createWriteStream(to));
}
