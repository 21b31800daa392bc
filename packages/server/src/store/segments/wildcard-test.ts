import { piecesOf } from '../../domain/wildcard.ts';
import { maskOfBytes, type NameColumn } from './name-column.ts';
import { type Test, testOf } from './selection.ts';

/**
 * Rows whose text matches a wildcard pattern, judged on bytes: UTF-8 keeps the pieces of a pattern whole. Only texts whose
 * mask has all that the pieces' have are looked at.
 */
export function matchesPattern(pattern: string): Test {
  const pieces = piecesOf(pattern).map((piece) => Buffer.from(piece));
  const [first = Buffer.alloc(0)] = pieces;
  const last = pieces.at(-1) ?? first;
  const exact = pieces.length === 1;
  const inner = pieces.slice(1, -1);
  const mask = pieces.reduce((all, piece) => all | maskOfBytes(piece, 0, piece.length), 0);

  const matches = (bytes: Buffer, from: number, to: number): boolean => {
    if (exact) return to - from === first.length && standsAt(bytes, first, from);
    if (to - from < first.length + last.length) return false;
    if (!standsAt(bytes, first, from) || !standsAt(bytes, last, to - last.length)) return false;
    let at = from + first.length;
    const end = to - last.length;
    for (const piece of inner) {
      at = find(bytes, piece, at, end);
      if (at < 0) return false;
      at += piece.length;
    }
    return true;
  };

  return testOf<NameColumn>('name', ({ bytes, starts, masks }, rows, count) => {
    if (!exact && pieces.every(({ length }) => length === 0)) return count;
    const likely = mask === 0 ? count : keepMasked(masks, mask, rows, count);
    let kept = 0;
    for (let at = 0; at < likely; at++) {
      const row = rows[at] as number;
      if (matches(bytes, starts[row] as number, starts[row + 1] as number)) rows[kept++] = row;
    }
    return kept;
  });
}

function keepMasked(masks: NameColumn['masks'], mask: number, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    rows[kept] = row;
    kept += ((masks[row] as number) & mask) === mask ? 1 : 0;
  }
  return kept;
}

function standsAt(bytes: Buffer, piece: Buffer, from: number): boolean {
  for (let at = 0; at < piece.length; at++) if (bytes[from + at] !== piece[at]) return false;
  return true;
}

/** Where the piece first stands as a whole between the two; -1 where it does not. */
function find(bytes: Buffer, piece: Buffer, from: number, to: number): number {
  const head = piece[0];
  if (head === undefined) return from;
  for (let at = from; at + piece.length <= to; at++) {
    if (bytes[at] === head && standsAt(bytes, piece, at)) return at;
  }
  return -1;
}
