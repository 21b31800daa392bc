import { ownBytes } from './own-bytes.ts';

/**
 * Texts of a segment that hardly repeat, in UTF-8: at 0 how many rows, from 4 on where each begins and the last one ends,
 * counted from the first byte after these. Where all are of one length, the highest bit is set at 0, and this length is
 * at 4 in place of the beginnings.
 */
export interface TextColumn {
  readonly type: 'text';
  readonly data: Uint8Array;
  readonly bytes: Buffer;
  /** One more than there are rows. */
  readonly starts: Uint32Array;
}

const OF_ONE_LENGTH = 0x80000000;
/** Fewer texts have their beginnings with them, whatever their lengths. */
const WORTH_IT = 0x100;

export function encodeTexts(values: readonly string[]): Uint8Array {
  const bytes = Buffer.from(values.join(''));
  const lengths = values.map((value) => Buffer.byteLength(value));
  const [length = 0] = lengths;
  const same = values.length >= WORTH_IT && lengths.every((one) => one === length);
  const head = same ? 8 : 8 + values.length * 4;
  const data = new Uint8Array(head + bytes.length);
  const words = new Uint32Array(data.buffer, 0, head / 4);
  words[0] = (values.length | (same ? OF_ONE_LENGTH : 0)) >>> 0;
  if (same) words[1] = length;
  else words.set(startsOf(lengths), 1);
  data.set(bytes, head);
  return data;
}

export function openTexts(given: Uint8Array): TextColumn {
  const data = ownBytes(given);
  return { type: 'text', data, ...textsIn(data.buffer, 0) };
}

/** Encoded texts that stand from `at` on in a buffer, at a multiple of four. */
export function textsIn(buffer: ArrayBuffer, at: number): Pick<TextColumn, 'bytes' | 'starts'> {
  const view = new DataView(buffer, at);
  const rows = view.getUint32(0, true);
  if (rows < OF_ONE_LENGTH) {
    return { starts: new Uint32Array(buffer, at + 4, rows + 1), bytes: Buffer.from(buffer, at + 8 + rows * 4) };
  }
  const starts = multiplesOf(view.getUint32(4, true)).subarray(0, rows - OF_ONE_LENGTH + 1);
  return { starts, bytes: Buffer.from(buffer, at + 8) };
}

function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  for (const [row, length] of lengths.entries()) starts[row + 1] = (starts[row] ?? 0) + length;
  return starts;
}

/** As many as a segment may have rows, and one more: made once for all segments. */
const multiples = new Map<number, Uint32Array>();

function multiplesOf(length: number): Uint32Array {
  const known = multiples.get(length);
  if (known) return known;
  const made = Uint32Array.from({ length: 0x10000 }, (_, row) => row * length);
  // Lists have ids of one length; texts that happen to be of one are few.
  if (multiples.size < 8) multiples.set(length, made);
  return made;
}

export const textAt = ({ bytes, starts }: Pick<TextColumn, 'bytes' | 'starts'>, row: number): string =>
  bytes.toString('utf8', starts[row], starts[row + 1]);

export function decodeTexts(data: Uint8Array): string[] {
  const texts = openTexts(data);
  return Array.from({ length: texts.starts.length - 1 }, (_, row) => textAt(texts, row));
}
