const FILE_MAGIC = 0x506d7052; // RpmP
const SLOT_MAGIC = 0x746f6c53; // Slot
const BLOB_MAGIC = 0x53626c42; // BlbS
const PAGE = 4096;
const SLOT = 16;
const BLOCK = 16;
const MAX_PAGES = 2048;

/** The headers of rpm's own data base (Packages.db of SUSE). Source: lib/backend/ndb/rpmpkg.c of rpm. */
export function* readNdb(file: Buffer): Generator<Buffer> {
  if (file.length < PAGE || file.readUInt32LE(0) !== FILE_MAGIC) throw new RangeError('not a data base of rpm (ndb)');
  const pages = file.readUInt32LE(12);
  if (pages > MAX_PAGES || pages * PAGE > file.length) throw new RangeError('more slots than the file has room for');
  // The header of the file takes the room of two slots.
  for (let at = 2 * SLOT; at < pages * PAGE; at += SLOT) {
    if (file.readUInt32LE(at) !== SLOT_MAGIC) throw new RangeError('a slot that is damaged');
    const block = file.readUInt32LE(at + 8);
    if (block === 0) continue;
    const start = block * BLOCK;
    if (start + BLOCK > file.length || file.readUInt32LE(start) !== BLOB_MAGIC) {
      throw new RangeError('a header that is not where its slot says');
    }
    const length = file.readUInt32LE(start + 12);
    if (start + BLOCK + length > file.length) throw new RangeError('a header that is cut short');
    yield file.subarray(start + BLOCK, start + BLOCK + length);
  }
}
