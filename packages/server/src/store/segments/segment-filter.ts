import { piecesOf } from '../../domain/wildcard.ts';
import { mayHold } from './bloom-column.ts';
import { maskOf, oneOf } from './dictionary-column.ts';
import { hasTerm } from './has-term.ts';
import type { ZoneMap } from './manifest.ts';
import { withinRange } from './number-column.ts';
import { maskOfTerms } from './postings-column.ts';
import { halves } from './read-manifest.ts';
import type { Test } from './selection.ts';
import { matchesPattern } from './wildcard-test.ts';

/** A condition on one column of a segment. */
export interface SegmentCondition {
  readonly kind: number;
  readonly test: Test;
  /** How many of a segment's rows can pass by what is known of the column without reading it. */
  readonly prune: (zoneMap: ZoneMap) => 'none' | 'some' | 'all';
  /** Its column is much larger than others: it is read last, and only of segments that have rows left. */
  readonly late?: boolean;
  /** Segments that were made without the column are let through: other conditions say what this one hints at. */
  readonly optional?: boolean;
}

/** Either end may be left out; null is within no range. */
export const range = (
  kind: number,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): SegmentCondition => ({
  kind,
  test: withinRange(from, to),
  prune: ({ min, max, nulls }) => {
    if (min === null || max === null || max < from || min > to || from > to) return 'none';
    return min >= from && max <= to && !nulls ? 'all' : 'some';
  },
});

/** None of a segment whose column has no bit of the mask. */
function sharesBits(mask: number): SegmentCondition['prune'] {
  const [low, high] = halves(mask);
  return (zoneMap) => ((zoneMap.low & low) === 0 && (zoneMap.high & high) === 0 ? 'none' : 'some');
}

export const anyOf = (kind: number, values: readonly (string | number)[]): SegmentCondition => {
  const texts = values.map(String);
  return {
    kind,
    test: oneOf(texts),
    prune: sharesBits(maskOf(texts)),
  };
};

export const noneOf = (kind: number, values: readonly string[]): SegmentCondition => ({
  kind,
  test: oneOf(values, false),
  prune: () => 'some',
});

/** Rows with one of the terms of a column: a few more than have one of the texts, since texts may share a term. */
export const withTerm = (kind: number, terms: readonly number[]): SegmentCondition => {
  return {
    kind,
    test: hasTerm(terms),
    prune: sharesBits(maskOfTerms(terms)),
  };
};

/** `bloom` is the kind of the bloom of the column. */
export function pattern(kind: number, bloom: number, text: string): SegmentCondition[] {
  const prune: SegmentCondition['prune'] = () => 'some';
  const hint = mayHold(piecesOf(text).map((piece) => Buffer.from(piece)));
  const hints: SegmentCondition[] = hint ? [{ kind: bloom, test: hint, prune, optional: true }] : [];
  return [...hints, { kind, test: matchesPattern(text), prune, late: true }];
}
