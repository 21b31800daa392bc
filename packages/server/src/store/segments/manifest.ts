import type { Position } from '../lists/position.ts';

/** The segments of a list, newest first, as they were when its version was this. */
export interface Manifest {
  readonly version: Version;
  readonly segments: readonly Segment[];
}

/**
 * Tells states of a list's segments apart: ids grow and are never used again, so two states with as many segments and the
 * same newest id have the same segments.
 */
export interface Version {
  readonly newest: number | null;
  readonly count: number;
}

export interface Segment {
  readonly id: number;
  /** How many rows. */
  readonly count: number;
  /** The place of its last row, the oldest. */
  readonly last: Position;
  /** By the kind of the column; a segment may lack columns that were thought of after it was made. */
  readonly zoneMaps: readonly (ZoneMap | undefined)[];
}

/** What is known of a column of a segment without reading it. */
export interface ZoneMap {
  /** Of a column of numbers: the least and the greatest, null where there is none. */
  readonly min: number | null;
  readonly max: number | null;
  /** Of a column of numbers: false only where surely none is null. */
  readonly nulls: boolean;
  /**
   * Of other columns: 48 bits, the low and the high 24 of them. Two columns without a common bit have no common text.
   * Beside each other, since a filter looks at them of every segment: an object less to reach them by.
   */
  readonly low: number;
  readonly high: number;
}
