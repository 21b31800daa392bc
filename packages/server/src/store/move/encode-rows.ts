import type { ColumnShape } from './table-shape.ts';

export type Value = null | number | string | Uint8Array;

/** A text that a PostgreSQL database cannot hold, or, where it may be no UTF-8, that must be looked at. */
export interface Unstorable {
  readonly column: string;
  readonly why: 'NUL' | 'no UTF-8';
  readonly row: readonly Value[];
}

/** The first bytes of what COPY reads and writes in binary format: its signature, no flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const CHUNK = 256 * 1024;
/** The bytes of a field beside those of a text or bytes: a length, and the longest number. */
const FIELD = 12;

/**
 * Rows in the binary format of PostgreSQL's COPY, from its header to its trailer, in pieces of some 256 KiB: the very
 * bytes that `copy (…) to stdout (format binary)` gives for the same rows, so that a digest of them is one of all that
 * they hold. A piece is only valid until the next one is asked for. See "Binary Format" on COPY's page of PostgreSQL's
 * documentation.
 */
export function* encodeRows(
  rows: Iterable<readonly Value[]>,
  columns: readonly ColumnShape[],
  onRow: () => void,
  onUnstorable: (found: Unstorable) => void,
): Generator<Uint8Array> {
  let buffer = Buffer.allocUnsafe(CHUNK);
  let used = HEADER.copy(buffer);
  for (const row of rows) {
    const most = row.reduce<number>((sum, value) => sum + FIELD + sizeOf(value), 2);
    if (used + most > buffer.length) {
      yield buffer.subarray(0, used);
      used = 0;
      if (most > buffer.length) buffer = Buffer.allocUnsafe(most);
    }
    used = buffer.writeInt16BE(row.length, used);
    for (const [at, column] of columns.entries()) {
      const value = row[at] ?? null;
      const why = typeof value === 'string' ? whyUnstorable(value) : undefined;
      if (why !== undefined) onUnstorable({ column: column.name, why, row });
      used = encodeValue(buffer, used, value, column);
    }
    onRow();
  }
  yield buffer.subarray(0, used);
  yield TRAILER;
}

const sizeOf = (value: Value): number =>
  // No unit of UTF-16 takes more than three bytes of UTF-8.
  typeof value === 'string' ? 3 * value.length : value instanceof Uint8Array ? value.length : 0;

/** SQLite gives what is no UTF-8 with this in its place; so does a text that was stored with it. */
const REPLACEMENT = '\ufffd';

function whyUnstorable(text: string): Unstorable['why'] | undefined {
  if (text.includes('\0')) return 'NUL';
  return text.includes(REPLACEMENT) ? 'no UTF-8' : undefined;
}

function encodeValue(buffer: Buffer, at: number, value: Value, { name, type }: ColumnShape): number {
  if (value === null) return buffer.writeInt32BE(-1, at);
  if (type === 'text' && typeof value === 'string') {
    const size = buffer.write(value, at + 4, 'utf8');
    buffer.writeInt32BE(size, at);
    return at + 4 + size;
  }
  if (type === 'bytes' && value instanceof Uint8Array) {
    buffer.set(value, buffer.writeInt32BE(value.length, at));
    return at + 4 + value.length;
  }
  if (type === 'double' && typeof value === 'number') return buffer.writeDoubleBE(value, buffer.writeInt32BE(8, at));
  if (type === 'integer' && Number.isSafeInteger(value)) {
    const integer = value as number;
    const high = Math.floor(integer / 2 ** 32);
    buffer.writeInt32BE(8, at);
    buffer.writeInt32BE(high, at + 4);
    return buffer.writeUInt32BE(integer - high * 2 ** 32, at + 8);
  }
  throw new TypeError(`The column ${name} holds a value that is not of its type, ${type}`);
}
