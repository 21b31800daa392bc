const MAGIC = 0x184d2204;
const WINDOW = 65_536;
/** The sizes of a block that a frame may say; what it says is the fourth and up. */
const BLOCK_SIZES = [0, 0, 0, 0, 65_536, 262_144, 1_048_576, 4_194_304];

/**
 * Unpacks an LZ4 frame (lz4_Frame_format.md, lz4_Block_format.md of the lz4 project), as apt keeps its lists in containers.
 * Checksums are not checked. Throws where the bytes are not of the format.
 */
export async function* unpackLz4(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const take = reader(chunks);
  const head = await take(6);
  if (head.readUInt32LE(0) !== MAGIC) throw new Error('no LZ4 frame');
  const flags = head[4] ?? 0;
  if (flags >> 6 !== 1) throw new Error('an LZ4 frame of another version');
  // A content size, a dictionary id, and the checksum of the header.
  await take((flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0) + 1);
  const largest = BLOCK_SIZES[((head[5] ?? 0) >> 4) & 7] ?? 0;
  if (largest === 0) throw new Error('an LZ4 frame without a size of blocks');
  // What was unpacked last stays in front of what is unpacked next.
  const output = Buffer.alloc(WINDOW + largest);
  let before = 0;
  for (;;) {
    const size = (await take(4)).readUInt32LE(0);
    if (size === 0) return;
    const length = size & 0x7fffffff;
    if (length > largest) throw new Error('an LZ4 block that is too long');
    const packed = await take(length);
    const end = size >>> 31 ? before + packed.copy(output, before) : unpackBlock(packed, output, before);
    if (flags & 0x10) await take(4);
    yield Buffer.from(output.subarray(before, end));
    const kept = Math.min(end, WINDOW);
    output.copyWithin(0, end - kept, end);
    before = kept;
  }
}

/** Reads as many bytes as it is asked for; throws where there are fewer. */
function reader(chunks: AsyncIterable<Buffer>): (count: number) => Promise<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  return async (count) => {
    const parts = [held];
    let length = held.length;
    while (length < count) {
      const next = await iterator.next();
      if (next.done) throw new Error('the LZ4 frame is cut short');
      parts.push(next.value);
      length += next.value.length;
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts, length);
    held = all.subarray(count);
    return all.subarray(0, count);
  };
}

/**
 * Sequences of literals and of copies from what came before, up to a window back. Writes from `start` on; gives where it
 * ended.
 */
function unpackBlock(packed: Buffer, output: Buffer, start: number): number {
  let to = start;
  let at = 0;
  const byte = (): number => {
    const value = packed[at++];
    if (value === undefined) throw new Error('an LZ4 block is cut short');
    return value;
  };
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      for (let more = 255; more === 255; ) {
        more = byte();
        length += more;
      }
    }
    return length;
  };
  while (at < packed.length) {
    const token = byte();
    const literals = lengthOf(token >> 4);
    if (at + literals > packed.length || to + literals > output.length) throw new Error('an LZ4 block is too long');
    packed.copy(output, to, at, at + literals);
    to += literals;
    at += literals;
    // The last sequence has no copy.
    if (at === packed.length) break;
    const offset = byte() | (byte() << 8);
    const length = lengthOf(token & 15) + 4;
    if (offset === 0 || offset > to || to + length > output.length) throw new Error('an LZ4 block copies from nowhere');
    const from = to - offset;
    if (offset >= length) {
      output.copyWithin(to, from, from + length);
      to += length;
    } else {
      // A copy that reaches into what it writes: byte by byte.
      for (let next = 0; next < length; next++) output[to + next] = output[from + next] ?? 0;
      to += length;
    }
  }
  return to;
}
