import { deflateRawSync, inflateRawSync } from 'node:zlib';

const MIN_DEFLATED = 400;
const MAX_INFLATED = 512 * 1024 * 1024;

/** JSON, or lines of it, for a column: as text where it is short, deflated where that makes it smaller. */
export function pack(json: string | Buffer): string | Uint8Array {
  if (json.length >= MIN_DEFLATED) return deflateRawSync(json, { level: 9 });
  return typeof json === 'string' ? json : json.toString('utf8');
}

/** What {@link pack} was given, parsed. */
export const unpack = (column: unknown): unknown => JSON.parse(unpackText(column));

/** What {@link pack} was given. */
export function unpackText(column: unknown): string {
  if (typeof column === 'string') return column;
  if (!(column instanceof Uint8Array)) throw new Error('The index of advisories is damaged.');
  return inflateRawSync(column, { maxOutputLength: MAX_INFLATED }).toString('utf8');
}
