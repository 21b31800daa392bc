import { openTexts, type TextColumn } from './text-column.ts';

/** Texts that patterns match: stored as texts are. */
export interface NameColumn extends Omit<TextColumn, 'type'> {
  readonly type: 'name';
  /** A mask a row: see {@link maskOfBytes}. */
  readonly masks: Int32Array;
}

export function openNames(data: Uint8Array): NameColumn {
  const texts = openTexts(data);
  const { bytes, starts } = texts;
  const masks = new Int32Array(starts.length - 1);
  for (let row = 0; row < masks.length; row++) {
    masks[row] = maskOfBytes(bytes, starts[row] as number, starts[row + 1] as number);
  }
  return { ...texts, type: 'name', masks };
}

/** Which of 32 bits the pairs of bytes set that follow each other: a text has all the bits of every text within it. */
export function maskOfBytes(bytes: Uint8Array, from: number, to: number): number {
  let mask = 0;
  for (let at = from + 1; at < to; at++) {
    const pair = ((bytes[at - 1] as number) << 8) | (bytes[at] as number);
    mask |= 1 << (Math.imul(pair, 0x9e3779b1) >>> 27);
  }
  return mask;
}
