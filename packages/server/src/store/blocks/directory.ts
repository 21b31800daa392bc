import type { Position } from '../lists/position.ts';

/** The blocks of a list, newest first, as they were when its version was this. */
export interface Directory {
  readonly version: Version;
  readonly blocks: readonly Block[];
}

/**
 * Tells states of a list's blocks apart: ids grow and are never used again, so two states with as many blocks and the
 * same newest id have the same blocks.
 */
export interface Version {
  readonly newest: number | null;
  readonly count: number;
}

export interface Block {
  readonly id: number;
  /** How many rows. */
  readonly count: number;
  /** The place of its last row, the oldest. */
  readonly last: Position;
  /** By the kind of the column; a block may lack columns that were thought of after it was made. */
  readonly summaries: readonly (Summary | undefined)[];
}

/** What is known of a column of a block without reading it. */
export interface Summary {
  /** Of a column of numbers: the least and the greatest, null where there is none. */
  readonly min: number | null;
  readonly max: number | null;
  /** Of a column of numbers: false only where surely none is null. */
  readonly nulls: boolean;
  /**
   * Of other columns: 48 bits, the low and the high 24 of them. Two columns without a common bit have no common text.
   * Beside each other, since a filter looks at them of every block: an object less to reach them by.
   */
  readonly low: number;
  readonly high: number;
}
