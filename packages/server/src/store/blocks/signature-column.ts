import { ownBytes } from './own-bytes.ts';
import { type Test, testOf } from './selection.ts';

/**
 * Which sequences of four bytes stand in the texts of a block: a Bloom filter, two bits each. At 0 how many bits it has,
 * from 4 on the bits. It tells blocks that have no text with some piece in it, at a tenth of the size of the texts or so.
 */
export interface SignatureColumn {
  readonly type: 'signature';
  readonly data: Uint8Array;
  readonly bits: Uint32Array;
}

const LENGTH = 4;
const BITS_EACH = 8;

export function encodeSignature(texts: readonly string[]): Uint8Array {
  const seen = new Set<number>();
  let bytes = 0;
  for (const text of texts) {
    const own = Buffer.from(text);
    bytes += own.length;
    for (const sequence of sequencesOf(own)) seen.add(sequence);
  }
  // Where hardly any sequence repeats, it would be as large as the texts.
  const words = Math.max(1, Math.ceil(Math.min(seen.size * BITS_EACH, bytes) / 32));
  const data = new Uint8Array(4 + words * 4);
  new DataView(data.buffer).setUint32(0, words * 32, true);
  const bits = new Uint32Array(data.buffer, 4);
  for (const sequence of seen) {
    for (const place of placesOf(sequence, words * 32))
      bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
  }
  return data;
}

export function openSignature(given: Uint8Array): SignatureColumn {
  const data = ownBytes(given);
  return { type: 'signature', data, bits: new Uint32Array(data.buffer, 4) };
}

/**
 * All rows of a block or none: none where no text can have all of the pieces in it. Undefined where the pieces are too
 * short to tell.
 */
export function mayHold(pieces: readonly Uint8Array[]): Test | undefined {
  const sought = [...new Set(pieces.flatMap((piece) => [...sequencesOf(piece)]))];
  if (sought.length === 0) return undefined;
  return testOf('signature', ({ bits }, _rows, count) => {
    const length = bits.length * 32;
    for (const sequence of sought) {
      const [one, other] = placesOf(sequence, length);
      if (((bits[one >>> 5] ?? 0) & (1 << (one & 31))) === 0) return 0;
      if (((bits[other >>> 5] ?? 0) & (1 << (other & 31))) === 0) return 0;
    }
    return count;
  });
}

function* sequencesOf(bytes: Uint8Array): Generator<number> {
  let sequence = 0;
  for (let at = 0; at < bytes.length; at++) {
    sequence = (sequence << 8) | (bytes[at] ?? 0);
    if (at >= LENGTH - 1) yield sequence;
  }
}

/** Two places below `length`. They are stored: how they are found never changes. */
function placesOf(sequence: number, length: number): readonly [number, number] {
  return [below(mix(sequence, 0x9e3779b1), length), below(mix(sequence, 0x85ebca6b), length)];
}

function mix(sequence: number, factor: number): number {
  const state = Math.imul(sequence ^ (sequence >>> 15), factor);
  return Math.imul(state ^ (state >>> 13), 0xc2b2ae35) >>> 0;
}

const below = (hash: number, length: number): number => Math.floor((hash / 0x100000000) * length);
