import { ownBytes } from './own-bytes.ts';

/**
 * Texts of a block that hardly repeat, in UTF-8: at 0 how many rows, from 4 on where each begins and the last one ends,
 * counted from the first byte after these.
 */
export interface TextColumn {
  readonly type: 'text';
  readonly data: Uint8Array;
  readonly bytes: Buffer;
  /** One more than there are rows. */
  readonly starts: Uint32Array;
}

export function encodeTexts(values: readonly string[]): Uint8Array {
  const bytes = Buffer.from(values.join(''));
  const head = 8 + values.length * 4;
  const data = new Uint8Array(head + bytes.length);
  const starts = new Uint32Array(data.buffer, 4, values.length + 1);
  let at = 0;
  for (const [row, value] of values.entries()) {
    starts[row] = at;
    at += Buffer.byteLength(value);
  }
  starts[values.length] = at;
  new DataView(data.buffer).setUint32(0, values.length, true);
  data.set(bytes, head);
  return data;
}

export function openTexts(given: Uint8Array): TextColumn {
  const data = ownBytes(given);
  const rows = new DataView(data.buffer).getUint32(0, true);
  const head = 8 + rows * 4;
  return {
    type: 'text',
    data,
    starts: new Uint32Array(data.buffer, 4, rows + 1),
    bytes: Buffer.from(data.buffer, head),
  };
}

export const textAt = ({ bytes, starts }: Pick<TextColumn, 'bytes' | 'starts'>, row: number): string =>
  bytes.toString('utf8', starts[row], starts[row + 1]);

export function decodeTexts(data: Uint8Array): string[] {
  const texts = openTexts(data);
  return Array.from({ length: texts.starts.length - 1 }, (_, row) => textAt(texts, row));
}
