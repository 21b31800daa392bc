/** An rpm header as its data base holds it, by tag: texts, and numbers of 32 bits. */
export type RpmTags = ReadonlyMap<number, string | number>;

/** Tags of rpm that are used. Source: rpmtag.h. */
export const rpmTags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  architecture: 1022,
  sourceRpm: 1044,
  modularityLabel: 5096,
} as const;

const WANTED: ReadonlySet<number> = new Set(Object.values(rpmTags));
/** As rpm bounds them: HEADER_TAGS_MAX and HEADER_DATA_MAX. */
const MAX_ENTRIES = 65_535;
const MAX_DATA = 256 * 1024 ** 2;
const INT32 = 4;
const STRING = 6;
const I18N_STRING = 9;

/**
 * Reads a header: the number of entries and the length of the data, big-endian, the entries (tag, type, offset, count),
 * then the data. Throws a RangeError where the bytes are not one.
 */
export function parseHeader(bytes: Buffer): RpmTags {
  if (bytes.length < 8) throw new RangeError('a header of less than 8 bytes');
  const entries = bytes.readUInt32BE(0);
  const length = bytes.readUInt32BE(4);
  const begin = 8 + entries * 16;
  if (entries > MAX_ENTRIES || length > MAX_DATA || begin + length > bytes.length) {
    throw new RangeError('a header that is longer than its bytes');
  }
  const data = bytes.subarray(begin, begin + length);
  const tags = new Map<number, string | number>();
  for (let entry = 0; entry < entries; entry++) {
    const at = 8 + entry * 16;
    const [tag, type, offset] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4), bytes.readUInt32BE(at + 8)];
    if (!WANTED.has(tag) || tags.has(tag)) continue;
    if (type === INT32) tags.set(tag, data.readUInt32BE(offset));
    else if (type === STRING || type === I18N_STRING) {
      const end = data.indexOf(0, offset);
      if (offset >= data.length || end < 0) throw new RangeError('a text that does not end within its header');
      tags.set(tag, data.toString('utf8', offset, end));
    }
  }
  return tags;
}
