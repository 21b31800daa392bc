import { piecesOf } from '../../domain/wildcard.ts';
import { type Test, testOf } from './selection.ts';
import type { TextColumn } from './text-column.ts';

/**
 * Rows whose text matches a wildcard pattern, judged on bytes: UTF-8 keeps the pieces of a pattern whole. The text of a
 * block is searched as one for the piece that was seen least so far, and only rows that have it are looked at.
 */
export function matchesPattern(pattern: string): Test {
  const pieces = piecesOf(pattern).map((piece) => Buffer.from(piece));
  const [first = Buffer.alloc(0)] = pieces;
  const last = pieces.at(-1) ?? first;
  const exact = pieces.length === 1;
  const inner = pieces.slice(1, -1);
  /** How often each piece was found: a long one is rarer until it is known. */
  const searchable = pieces
    .filter(({ length }) => length > 0)
    .map((piece) => ({ piece, seen: 1 / piece.length, searched: 0 }));

  const matches = ({ bytes }: TextColumn, from: number, to: number): boolean => {
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

  return testOf('text', (texts, rows, count) => {
    const rarest = searchable.reduce<(typeof searchable)[number] | undefined>(
      (best, one) => (best === undefined || rate(one) < rate(best) ? one : best),
      undefined,
    );
    if (!rarest) return exact ? keepEmpty(texts, rows, count) : count;
    const { bytes, starts } = texts;
    let kept = 0;
    // Few rows, or a piece that most have: row by row.
    if (count * 8 < starts.length || (rarest.searched > 0 && rate(rarest) > 0.25)) {
      for (let at = 0; at < count; at++) {
        const row = rows[at] as number;
        if (matches(texts, starts[row] as number, starts[row + 1] as number)) rows[kept++] = row;
      }
      return kept;
    }
    let hits = 0;
    for (let at = 0, hit = bytes.indexOf(rarest.piece); at < count && hit >= 0; ) {
      const row = rows[at] as number;
      const to = starts[row + 1] as number;
      if (hit >= to) at++;
      else {
        const from = starts[row] as number;
        if (hit < from) hit = bytes.indexOf(rarest.piece, from);
        else {
          hits++;
          if (matches(texts, from, to)) rows[kept++] = row;
          at++;
          hit = bytes.indexOf(rarest.piece, to);
        }
      }
    }
    rarest.seen += hits;
    rarest.searched += count;
    return kept;
  });
}

const rate = ({ seen, searched }: { readonly seen: number; readonly searched: number }): number =>
  searched === 0 ? seen / 1000 : seen / searched;

function keepEmpty({ starts }: TextColumn, rows: Uint16Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number;
    if (starts[row] === starts[row + 1]) rows[kept++] = row;
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
