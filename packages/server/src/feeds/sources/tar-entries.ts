import { FeedFault } from '../feed-fault.ts';

const BLOCK = 512;
const MAX_ENTRIES = 1_000_000;

export type TarEntry = { readonly name: string } & ({ readonly bytes: Buffer } | { readonly fault: string });

/**
 * The regular files of a tar archive (POSIX ustar), one after another, each of at most `maxEntry` bytes: a larger one is
 * named and stepped over, and so is what is no file. Throws {@link FeedFault} where a header is broken or the archive ends
 * within a file.
 */
export async function* tarEntries(chunks: AsyncIterable<Uint8Array>, maxEntry: number): AsyncGenerator<TarEntry> {
  const source = bytesOf(chunks);
  for (let count = 0; ; count += 1) {
    const header = await source.take(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    if (count >= MAX_ENTRIES) throw new FeedFault(`it has more than ${MAX_ENTRIES} entries`);
    const { name, size, isFile } = readHeader(header);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (!isFile || size > maxEntry) {
      await source.skip(size + padding);
      if (isFile) yield { name, fault: `is larger than ${maxEntry} bytes` };
      continue;
    }
    const bytes = size === 0 ? Buffer.alloc(0) : await source.take(size);
    if (bytes === undefined) throw new FeedFault('its archive is cut short');
    await source.skip(padding);
    yield { name, bytes };
  }
}

function readHeader(header: Buffer): { readonly name: string; readonly size: number; readonly isFile: boolean } {
  const text = (from: number, length: number): string =>
    header
      .subarray(from, from + length)
      .toString('latin1')
      .replace(/\0.*$/s, '');
  const octal = (from: number, length: number): number => {
    const digits = text(from, length).trim();
    return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  };
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  const size = octal(124, 12);
  if (octal(148, 8) !== sum || Number.isNaN(size)) throw new FeedFault('its archive has a broken header');
  const prefix = text(345, 155);
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  // 0 and NUL are regular files; folders, links and names of other formats are none.
  return { name: name.slice(0, 200), size, isFile: header[156] === 0x30 || header[156] === 0 };
}

/** A byte stream that is read in pieces of given lengths. */
function bytesOf(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Uint8Array[] = [];
  let length = 0;
  const fill = async (wanted: number): Promise<boolean> => {
    while (length < wanted) {
      const { done, value } = await iterator.next();
      if (done) return false;
      held.push(value);
      length += value.length;
    }
    return true;
  };
  const cut = (wanted: number): Buffer => {
    const all =
      held.length === 1 && held[0]
        ? Buffer.from(held[0].buffer, held[0].byteOffset, held[0].length)
        : Buffer.concat(held);
    held = wanted < all.length ? [all.subarray(wanted)] : [];
    length -= wanted;
    return all.subarray(0, wanted);
  };
  return {
    /** Exactly so many bytes; undefined at the end. Throws where the stream ends within them. */
    take: async (wanted: number): Promise<Buffer | undefined> => {
      if (await fill(wanted)) return cut(wanted);
      if (length > 0) throw new FeedFault('its archive is cut short');
      return undefined;
    },
    skip: async (count: number): Promise<void> => {
      for (let left = count; left > 0; ) {
        if (length === 0 && !(await fill(1))) throw new FeedFault('its archive is cut short');
        const step = Math.min(left, length);
        cut(step);
        left -= step;
      }
    },
  };
}
