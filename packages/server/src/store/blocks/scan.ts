import type { BlockCondition } from './block-filter.ts';
import type { Block } from './directory.ts';
import type { OpenColumn } from './open-column.ts';
import { selectRows } from './selection.ts';

/** What is left to test of a block, and the kinds of columns that it takes. */
export interface Outlook {
  readonly early: readonly Watched[];
  readonly late: readonly Watched[];
}

/** A condition, and how many rows of those that it was asked about it let through. */
export interface Watched {
  readonly condition: BlockCondition;
  seen: number;
  passed: number;
}

/** The column of a kind of the block at hand, if it is to be had. */
export type ColumnOf = (kind: number) => OpenColumn | undefined;

/** Tests blocks against conditions, those first that let the fewest rows through: most blocks need no other. */
export interface Scan {
  /** Undefined where no row of the block can fulfil all conditions. */
  readonly outlook: (block: Block) => Outlook | undefined;
  /**
   * Rows of a block from `start` on that fulfil conditions: a view that the next call overwrites. Undefined where a
   * column is needed that is not to be had.
   */
  readonly rowsOf: (
    watched: readonly Watched[],
    columnOf: ColumnOf,
    start: number,
    end: number,
  ) => Uint16Array | undefined;
  /** {@link rowsOf} of rows that are left of an earlier call. */
  readonly among: (watched: readonly Watched[], columnOf: ColumnOf, rows: Uint16Array) => Uint16Array | undefined;
}

/** Rows of the block that is being tested. One for all: nothing is awaited while it is in use. */
const scratch = new Uint16Array(0x10000);

export function createScan(conditions: readonly BlockCondition[]): Scan {
  const early = conditions.filter(({ late }) => !late).map(watched);
  const late = conditions.filter(({ late: one }) => one).map(watched);
  const narrow = (tested: readonly Watched[], columnOf: ColumnOf, count: number): Uint16Array | undefined => {
    let left = count;
    for (const one of tested) {
      if (left === 0) break;
      const column = columnOf(one.condition.kind);
      if (!column) return undefined;
      const passed = one.condition.test(column, scratch, left);
      one.seen += left;
      one.passed += passed;
      left = passed;
    }
    return scratch.subarray(0, left);
  };
  const open = (all: readonly Watched[], { summaries }: Block): readonly Watched[] | undefined => {
    let some = all;
    for (const one of all) {
      const summary = summaries[one.condition.kind];
      const glance = summary ? one.condition.glance(summary) : 'some';
      if (glance === 'none') return undefined;
      if (glance === 'all' || (!summary && one.condition.optional)) some = some.filter((other) => other !== one);
    }
    return some;
  };
  return {
    outlook: (block) => {
      sortByRate(early);
      const first = open(early, block);
      const second = first && open(late, block);
      return first && second && { early: first, late: second };
    },
    rowsOf: (tested, columnOf, start, end) => narrow(tested, columnOf, selectRows(scratch, start, end)),
    among: (tested, columnOf, rows) => {
      scratch.set(rows);
      return narrow(tested, columnOf, rows.length);
    },
  };
}

const watched = (condition: BlockCondition): Watched => ({ condition, seen: 0, passed: 0 });

/** One step towards the order: blocks are alike, and there are many of them. */
function sortByRate(all: Watched[]): void {
  for (let at = 1; at < all.length; at++) {
    const [before, one] = [all[at - 1], all[at]];
    if (before && one && rate(one) < rate(before)) [all[at - 1], all[at]] = [one, before];
  }
}

const rate = ({ seen, passed }: Watched): number => (passed + 1) / (seen + 2);
