import type { Value } from './encode-rows.ts';
import type { ColumnShape } from './table-shape.ts';

/** Signature, flags and length of the extension: what comes before the first row. */
const HEADER = 19;

/**
 * Reads rows in the binary format of PostgreSQL's COPY, which encode-rows.ts writes. Give it what `copy … to stdout` sends,
 * in pieces that each hold whole rows, as PostgreSQL's messages do.
 */
export function createRowDecoder(columns: readonly ColumnShape[]): (chunk: Uint8Array) => Value[][] {
  let begun = false;
  return (chunk) => {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const rows: Value[][] = [];
    let at = begun ? 0 : HEADER;
    begun = true;
    while (at < buffer.length) {
      const fields = buffer.readInt16BE(at);
      at += 2;
      if (fields < 0) break;
      rows.push(
        columns.map((column) => {
          const size = buffer.readInt32BE(at);
          at += 4;
          if (size < 0) return null;
          at += size;
          return decodeValue(buffer.subarray(at - size, at), column);
        }),
      );
    }
    return rows;
  };
}

function decodeValue(bytes: Buffer, { name, type }: ColumnShape): Value {
  if (type === 'text') return bytes.toString('utf8');
  if (type === 'bytes') return bytes;
  if (type === 'double') return bytes.readDoubleBE();
  const value = Number(bytes.readBigInt64BE());
  if (!Number.isSafeInteger(value)) throw new TypeError(`The column ${name} holds a number beyond 2^53`);
  return value;
}
