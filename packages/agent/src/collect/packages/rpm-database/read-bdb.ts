const HASH_MAGIC = 0x00061561;
const PAGE_HEADER = 26;
const HASH_PAGES: ReadonlySet<number> = new Set([2, 13]);
const OVERFLOW_PAGE = 7;
const INLINE = 1;
const OFF_PAGE = 3;
const MAX_HEADER = 64 * 1024 ** 2;

/**
 * The headers of a hash of Berkeley DB (Packages of RHEL up to 8 and its like). A header lies in a chain of overflow pages,
 * or within the hash's page where it is small. Source: dbinc/db_page.h of Berkeley DB.
 */
export function* readBdb(file: Buffer): Generator<Buffer> {
  const little = file.length >= 512 && file.readUInt32LE(12) === HASH_MAGIC;
  if (!little && (file.length < 512 || file.readUInt32BE(12) !== HASH_MAGIC)) {
    throw new RangeError('not a hash of Berkeley DB');
  }
  const u32 = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const u16 = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const size = u32(20);
  if (size < 512 || size > 65_536 || (size & (size - 1)) !== 0) throw new RangeError('pages of an odd size');
  const pages = Math.floor(file.length / size);
  const chain = (first: number, length: number): Buffer => {
    if (length > MAX_HEADER) throw new RangeError('a header that is too long');
    const parts: Buffer[] = [];
    let left = length;
    for (let page = first, steps = 0; left > 0; steps++) {
      const at = page * size;
      if (page === 0 || page >= pages || steps > pages || file[at + 25] !== OVERFLOW_PAGE) {
        throw new RangeError('a chain of pages that is broken');
      }
      const used = Math.min(u16(at + 22), size - PAGE_HEADER, left);
      if (used === 0) throw new RangeError('a page of a chain that is empty');
      parts.push(file.subarray(at + PAGE_HEADER, at + PAGE_HEADER + used));
      left -= used;
      page = u32(at + 16);
    }
    return Buffer.concat(parts, length);
  };
  for (let page = 1; page < pages; page++) {
    const at = page * size;
    if (!HASH_PAGES.has(file[at + 25] ?? 0)) continue;
    const entries = u16(at + 20);
    if (PAGE_HEADER + entries * 2 > size) throw new RangeError('more entries than a page has room for');
    // Keys and values take turns.
    for (let entry = 1; entry < entries; entry += 2) {
      const offset = u16(at + PAGE_HEADER + entry * 2);
      const before = u16(at + PAGE_HEADER + (entry - 1) * 2);
      if (offset + 12 > size && file[at + offset] === OFF_PAGE)
        throw new RangeError('an entry past the end of its page');
      if (file[at + offset] === OFF_PAGE) yield chain(u32(at + offset + 4), u32(at + offset + 8));
      // The entry of key 0 is a counter of four bytes.
      else if (file[at + offset] === INLINE && before > offset + 9) yield file.subarray(at + offset + 1, at + before);
    }
  }
}
