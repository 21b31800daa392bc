import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import xz from 'xz-decompress';
import { openPromise } from 'yauzl';
import { arMembers, cpioMembers, type Member, tarMembers } from './archive-members.ts';
import { ContentFault } from './content-fault.ts';
import { rpmPayload } from './rpm-payload.ts';

/** A data stream in what somebody gave. */
export interface ContentFile {
  /** `ssg-debian12-ds.xml`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** As ComplianceAsCode names data streams; `-ds-1.2.xml` is the same in an older format. */
const DATA_STREAM = /(^|\/)[^/]*-ds\.xml$/;

/** In one file. A release of ComplianceAsCode has some 60. */
const MAX_STREAMS = 200;
/** Bytes of a package, unpacked: all data streams that are published together have less than 2 GiB. */
const MAX_PACKAGE = 4 * 1024 ** 3;

/** What files of each format begin with, in Latin-1. */
const magics = {
  xz: '\xfd7zXZ\0',
  gzip: '\x1f\x8b',
  zstd: '\x28\xb5\x2f\xfd',
  zip: 'PK\x03\x04',
  deb: '!<arch>\n',
  rpm: '\xed\xab\xee\xdb',
} as const;

/**
 * The data streams in a file: itself (`.xml`, also as `.xz`, `.gz` or `.zst`), those in a release of ComplianceAsCode
 * (`.zip`), and those in a package of a distribution (`.deb`, `.rpm`). Throws {@link ContentFault} for what is none of these.
 */
export async function* contentFiles(path: string): AsyncGenerator<ContentFile> {
  let count = 0;
  for await (const file of filesIn(path)) {
    if (++count > MAX_STREAMS) throw new ContentFault(`it has more than ${MAX_STREAMS} data streams`);
    yield { name: file.name, bytes: readable(file.bytes) };
  }
}

async function* filesIn(path: string): AsyncGenerator<ContentFile> {
  switch (kindOf(await beginningOf(path))) {
    case 'zip':
      return yield* filesOfZip(path);
    case 'deb':
      for await (const member of arMembers(createReadStream(path))) {
        if (member.name.startsWith('data.tar')) yield* dataStreams(tarMembers(atMost(unpacked(member.bytes))));
      }
      return;
    case 'rpm':
      return yield* dataStreams(cpioMembers(atMost(unpacked(rpmPayload(createReadStream(path))))));
    default:
      yield { name: basename(path).replace(/\.(xz|gz|zst)$/, ''), bytes: unpacked(createReadStream(path)) };
  }
}

async function* dataStreams(members: AsyncGenerator<Member>): AsyncGenerator<ContentFile> {
  for await (const { name, bytes } of members) if (DATA_STREAM.test(name)) yield { name: basename(name), bytes };
}

async function* filesOfZip(path: string): AsyncGenerator<ContentFile> {
  const zip = await openPromise(path).catch((error: Error) => {
    throw new ContentFault(`it is no zip archive, or damaged (${error.message})`);
  });
  try {
    for await (const entry of readable(zip.eachEntry())) {
      if (DATA_STREAM.test(entry.fileName)) {
        yield { name: basename(entry.fileName), bytes: await zip.openReadStreamPromise(entry) };
      }
    }
  } finally {
    zip.close();
  }
}

/** The bytes, unpacked by what they begin with; they are as they are where that is no compression. */
async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = packed[Symbol.asyncIterator]();
  const { done, value: first } = await source.next();
  if (done) return;
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield first;
    for (;;) {
      const next = await source.next();
      if (next.done) return;
      yield next.value;
    }
  }
  try {
    switch (kindOf(first)) {
      case 'xz':
        return yield* new xz.XzReadableStream(ReadableStream.from(whole()) as ReadableStream<Uint8Array>);
      case 'gzip':
        return yield* Readable.from(whole()).compose(createGunzip());
      case 'zstd':
        return yield* Readable.from(whole()).compose(createZstdDecompress());
      default:
        return yield* whole();
    }
  } catch (error) {
    if (error instanceof ContentFault) throw error;
    const { message } = error as Error;
    // The library has a number for it alone.
    throw new ContentFault(
      message.endsWith('error code 4')
        ? 'to unpack it would take too much memory'
        : `it cannot be unpacked (${message})`,
    );
  }
}

/** As it is given; what cannot be read is a fault of the file. */
async function* readable<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    if (error instanceof ContentFault) throw error;
    throw new ContentFault(`it is damaged (${(error as Error).message.slice(0, 200)})`);
  }
}

async function* atMost(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > MAX_PACKAGE) throw new ContentFault(`it has more than ${MAX_PACKAGE / 1024 ** 3} GiB when unpacked`);
    yield piece;
  }
}

const kindOf = (bytes: Uint8Array): keyof typeof magics | undefined => {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return (Object.keys(magics) as (keyof typeof magics)[]).find((kind) => start.startsWith(magics[kind]));
};

async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
