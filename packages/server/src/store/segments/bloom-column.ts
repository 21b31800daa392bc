import { ownBytes } from './own-bytes.ts';
import { type Test, testOf } from './selection.ts';

/**
 * Which sequences of one to four bytes stand in the texts of a segment: a Bloom filter, two bits each. At 0 how many
 * bits it has, from 4 on the bits. It tells segments where no text has some piece in it, at a tenth of the size of the
 * texts or so.
 */
export interface BloomColumn {
  readonly type: 'bloom';
  readonly data: Uint8Array;
  readonly bits: Uint32Array;
}

const LONGEST = 4;
const BITS_EACH = 8;

export function encodeBloom(texts: readonly string[]): Uint8Array {
  const seen = new Set<number>();
  let bytes = 0;
  for (const text of texts) {
    const own = Buffer.from(text);
    bytes += own.length;
    for (let length = 1; length <= LONGEST; length++) addSequences(own, length, seen);
  }
  // Where hardly any sequence repeats, it would be as large as the texts.
  const words = Math.max(1, Math.ceil(Math.min(seen.size * BITS_EACH, bytes) / 32));
  const data = new Uint8Array(4 + words * 4);
  new DataView(data.buffer).setUint32(0, words * 32, true);
  const bits = new Uint32Array(data.buffer, 4);
  for (const sequence of seen) {
    for (const place of placesOf(sequence, words * 32)) {
      bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
    }
  }
  return data;
}

export function openBloom(given: Uint8Array): BloomColumn {
  const data = ownBytes(given);
  return { type: 'bloom', data, bits: new Uint32Array(data.buffer, 4) };
}

/**
 * All rows of a segment or none: none where no text can have one of the pieces in it. Undefined where there is
 * nothing in them.
 */
export function mayHold(pieces: readonly Uint8Array[]): Test | undefined {
  const sought = new Set<number>();
  for (const piece of pieces) {
    if (piece.length > 0) addSequences(piece, Math.min(piece.length, LONGEST), sought);
  }
  if (sought.size === 0) return undefined;
  return testOf<BloomColumn>('bloom', ({ bits }, _rows, count) => {
    const length = bits.length * 32;
    for (const sequence of sought) {
      for (const place of placesOf(sequence, length)) {
        if (((bits[place >>> 5] ?? 0) & (1 << (place & 31))) === 0) return 0;
      }
    }
    return count;
  });
}

/** Sequences of one length as numbers that tell their lengths too. */
function addSequences(bytes: Uint8Array, length: number, to: Set<number>): void {
  const above = length === 4 ? 0 : length * 0x100000000;
  const kept = length === 4 ? -1 : (1 << (length * 8)) - 1;
  let sequence = 0;
  for (let at = 0; at < bytes.length; at++) {
    sequence = ((sequence << 8) | (bytes[at] ?? 0)) & kept;
    if (at >= length - 1) to.add(above + (sequence >>> 0));
  }
}

/** Two places below `length`. They are stored: how they are found never changes. */
function placesOf(sequence: number, length: number): readonly [number, number] {
  const own = (sequence ^ Math.imul(Math.floor(sequence / 0x100000000), 0x27d4eb2f)) >>> 0;
  return [below(mix(own, 0x9e3779b1), length), below(mix(own, 0x85ebca6b), length)];
}

function mix(sequence: number, factor: number): number {
  const state = Math.imul(sequence ^ (sequence >>> 15), factor);
  return Math.imul(state ^ (state >>> 13), 0xc2b2ae35) >>> 0;
}

const below = (hash: number, length: number): number => Math.floor((hash / 0x100000000) * length);
