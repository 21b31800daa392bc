import { maskOf, oneOf } from './dictionary-column.ts';
import { withinRange } from './number-column.ts';
import type { Test } from './selection.ts';
import { matchesPattern } from './wildcard-test.ts';

/** A condition on one column of a block. */
export interface BlockCondition {
  readonly kind: number;
  readonly test: Test;
  /** What a block's column must overlap for any of its rows to match. */
  readonly from?: number;
  readonly to?: number;
  readonly mask?: number;
  /** Its column is much larger than others. */
  readonly late?: boolean;
}

/** Either end may be left out; null is within no range. */
export const range = (kind: number, from: number | undefined, to: number | undefined): BlockCondition => ({
  kind,
  test: withinRange(from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY),
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

export const anyOf = (kind: number, values: readonly (string | number)[]): BlockCondition => {
  const texts = values.map(String);
  return { kind, test: oneOf(texts), mask: maskOf(texts) };
};

export const noneOf = (kind: number, values: readonly string[]): BlockCondition => ({
  kind,
  test: oneOf(values, false),
});

/** Such a column is large: it is read last, and only of blocks that have rows left. */
export const pattern = (kind: number, text: string): BlockCondition => ({
  kind,
  test: matchesPattern(text),
  late: true,
});
