import { type FileHandle, open } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { FeedFault } from '../feed-fault.ts';

const MIB = 1024 ** 2;
const MAX_ENTRIES = 2_000_000;
const MAX_ENTRY = 32 * MIB;
/** Of all entries together to the file: what overlapping entries would go beyond. */
const MAX_RATIO = 300;
const LOCAL_HEADER = 30;
/** Read at once: entries mostly follow one another. */
const WINDOW = 4 * MIB;

export type ZipEntry = { readonly name: string } & ({ readonly bytes: Buffer } | { readonly fault: string });

/**
 * The files of a zip archive on disk, in its order, checked against their CRC. An entry that is broken is named; an
 * archive that is cut short, encrypted, or larger inside than advisories can be throws {@link FeedFault}.
 */
export async function* zipEntries(path: string): AsyncGenerator<ZipEntry> {
  const zip = await openZip(path);
  const handle = await open(path);
  try {
    if (zip.entryCount > MAX_ENTRIES) throw new FeedFault(`it has more than ${MAX_ENTRIES} entries`);
    const limit = Math.max(zip.fileSize * MAX_RATIO, 64 * MIB);
    const read = windowedReader(handle, zip.fileSize);
    let total = 0;
    for await (const entry of entriesOf(zip)) {
      if (entry.fileName.endsWith('/')) continue;
      total += entry.uncompressedSize;
      if (total > limit) throw new FeedFault(`it unpacks to more than ${MAX_RATIO} times its size`);
      yield await unpack(entry, read);
    }
  } finally {
    await handle.close();
    zip.close();
  }
}

type Read = (position: number, length: number) => Promise<Buffer>;

async function unpack(entry: Entry, read: Read): Promise<ZipEntry> {
  const name = entry.fileName.slice(0, 200);
  if (entry.uncompressedSize > MAX_ENTRY || entry.compressedSize > MAX_ENTRY) {
    return { name, fault: `is larger than ${MAX_ENTRY} bytes` };
  }
  if (entry.isEncrypted()) return { name, fault: 'is encrypted' };
  try {
    const header = await read(entry.relativeOffsetOfLocalHeader, LOCAL_HEADER);
    if (header.readUInt32LE(0) !== 0x04034b50) return { name, fault: 'has no local header' };
    const begin = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
    const bytes = inflate(await read(begin, entry.compressedSize), entry);
    if (bytes.length !== entry.uncompressedSize) return { name, fault: 'has another size than it says' };
    if (crc32(bytes) !== entry.crc32) return { name, fault: 'does not have its checksum' };
    return { name, bytes };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name, fault: `cannot be unpacked (${error.message})` };
  }
}

function inflate(packed: Buffer, entry: Entry): Buffer {
  // A copy: what is read next overwrites the window.
  if (entry.compressionMethod === 0) return Buffer.from(packed);
  if (entry.compressionMethod !== 8) throw new FeedFault(`method ${entry.compressionMethod} is not known`);
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
}

function windowedReader(handle: FileHandle, fileSize: number): Read {
  let window = Buffer.alloc(WINDOW);
  let start = 0;
  let size = 0;
  return async (position, length) => {
    if (position + length > fileSize) throw new FeedFault('it reaches beyond the end of the file');
    if (position < start || position + length > start + size) {
      if (length > window.length) window = Buffer.alloc(length);
      const { bytesRead } = await handle.read(window, 0, window.length, position);
      [start, size] = [position, bytesRead];
      if (length > size) throw new FeedFault('the file was cut short');
    }
    return window.subarray(position - start, position - start + length);
  };
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw new FeedFault(`its zip is broken or cut short (${error instanceof Error ? error.message : String(error)})`);
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    if (error instanceof FeedFault) throw error;
    throw new FeedFault(`its zip is broken (${error instanceof Error ? error.message : String(error)})`);
  }
}
