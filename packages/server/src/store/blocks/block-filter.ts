import { piecesOf } from '../../domain/wildcard.ts';
import { maskOf, oneOf } from './dictionary-column.ts';
import type { Summary } from './directory.ts';
import { hasTerm } from './has-term.ts';
import { withinRange } from './number-column.ts';
import { halves } from './read-directory.ts';
import type { Test } from './selection.ts';
import { mayHold } from './signature-column.ts';
import { maskOfTerms } from './terms-column.ts';
import { matchesPattern } from './wildcard-test.ts';

/** A condition on one column of a block. */
export interface BlockCondition {
  readonly kind: number;
  readonly test: Test;
  /** How many of a block's rows can pass by what is known of the column without reading it. */
  readonly glance: (summary: Summary) => 'none' | 'some' | 'all';
  /** Its column is much larger than others: it is read last, and only of blocks that have rows left. */
  readonly late?: boolean;
  /** Blocks that were made without the column are let through: other conditions say what this one hints at. */
  readonly optional?: boolean;
}

/** Either end may be left out; null is within no range. */
export const range = (
  kind: number,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): BlockCondition => ({
  kind,
  test: withinRange(from, to),
  glance: ({ min, max, nulls }) => {
    if (min === null || max === null || max < from || min > to || from > to) return 'none';
    return min >= from && max <= to && !nulls ? 'all' : 'some';
  },
});

/** None of a block whose column has no bit of the mask. */
function sharesBits(mask: number): BlockCondition['glance'] {
  const [low, high] = halves(mask);
  return (summary) => ((summary.low & low) === 0 && (summary.high & high) === 0 ? 'none' : 'some');
}

export const anyOf = (kind: number, values: readonly (string | number)[]): BlockCondition => {
  const texts = values.map(String);
  return {
    kind,
    test: oneOf(texts),
    glance: sharesBits(maskOf(texts)),
  };
};

export const noneOf = (kind: number, values: readonly string[]): BlockCondition => ({
  kind,
  test: oneOf(values, false),
  glance: () => 'some',
});

/** Rows with one of the terms of a column: a few more than have one of the texts, since texts may share a term. */
export const withTerm = (kind: number, terms: readonly number[]): BlockCondition => {
  return {
    kind,
    test: hasTerm(terms),
    glance: sharesBits(maskOfTerms(terms)),
  };
};

/** `signature` is the kind of the signature of the column. */
export function pattern(kind: number, signature: number, text: string): BlockCondition[] {
  const glance: BlockCondition['glance'] = () => 'some';
  const hint = mayHold(piecesOf(text).map((piece) => Buffer.from(piece)));
  const hints: BlockCondition[] = hint ? [{ kind: signature, test: hint, glance, optional: true }] : [];
  return [...hints, { kind, test: matchesPattern(text), glance, late: true }];
}
