import type { Segment } from './manifest.ts';
import type { OpenColumn } from './open-column.ts';
import type { SegmentCondition } from './segment-filter.ts';
import { selectRows } from './selection.ts';

/** What is left to test of a segment, and the kinds of columns that it takes. */
export interface ResidualFilter {
  readonly early: readonly TrackedCondition[];
  readonly late: readonly TrackedCondition[];
}

/** A condition, and how many rows of those that it was asked about it let through. */
export interface TrackedCondition {
  readonly condition: SegmentCondition;
  seen: number;
  passed: number;
}

/** The column of a kind of the segment at hand, if it is to be had. */
export type ColumnOf = (kind: number) => OpenColumn | undefined;

/** Tests segments against conditions, those first that let the fewest rows through: most segments need no other. */
export interface Scan {
  /** Undefined where no row of the segment can fulfil all conditions. */
  readonly residual: (segment: Segment) => ResidualFilter | undefined;
  /**
   * Rows of a segment from `start` on that fulfil conditions: a view that the next call overwrites. Undefined where a
   * column is needed that is not to be had.
   */
  readonly rowsOf: (
    tracked: readonly TrackedCondition[],
    columnOf: ColumnOf,
    start: number,
    end: number,
  ) => Uint16Array | undefined;
  /** {@link rowsOf} of rows that are left of an earlier call. */
  readonly among: (
    tracked: readonly TrackedCondition[],
    columnOf: ColumnOf,
    rows: Uint16Array,
  ) => Uint16Array | undefined;
}

/** Rows of the segment that is being tested. One for all: nothing is awaited while it is in use. */
const selected = new Uint16Array(0x10000);

export function createScan(conditions: readonly SegmentCondition[]): Scan {
  const early = conditions.filter(({ late }) => !late).map(tracked);
  const late = conditions.filter(({ late: one }) => one).map(tracked);
  const narrow = (tested: readonly TrackedCondition[], columnOf: ColumnOf, count: number): Uint16Array | undefined => {
    let left = count;
    for (const one of tested) {
      if (left === 0) break;
      const column = columnOf(one.condition.kind);
      if (!column) return undefined;
      const passed = one.condition.test(column, selected, left);
      one.seen += left;
      one.passed += passed;
      left = passed;
    }
    return selected.subarray(0, left);
  };
  const open = (all: readonly TrackedCondition[], { zoneMaps }: Segment): readonly TrackedCondition[] | undefined => {
    let some = all;
    for (const one of all) {
      const zoneMap = zoneMaps[one.condition.kind];
      const prune = zoneMap ? one.condition.prune(zoneMap) : 'some';
      if (prune === 'none') return undefined;
      if (prune === 'all' || (!zoneMap && one.condition.optional)) some = some.filter((other) => other !== one);
    }
    return some;
  };
  return {
    residual: (segment) => {
      sortByRate(early);
      const first = open(early, segment);
      const second = first && open(late, segment);
      return first && second && { early: first, late: second };
    },
    rowsOf: (tested, columnOf, start, end) => narrow(tested, columnOf, selectRows(selected, start, end)),
    among: (tested, columnOf, rows) => {
      selected.set(rows);
      return narrow(tested, columnOf, rows.length);
    },
  };
}

const tracked = (condition: SegmentCondition): TrackedCondition => ({ condition, seen: 0, passed: 0 });

/** One step towards the order: segments are alike, and there are many of them. */
function sortByRate(all: TrackedCondition[]): void {
  for (let at = 1; at < all.length; at++) {
    const [before, one] = [all[at - 1], all[at]];
    if (before && one && rate(one) < rate(before)) [all[at - 1], all[at]] = [one, before];
  }
}

const rate = ({ seen, passed }: TrackedCondition): number => (passed + 1) / (seen + 2);
