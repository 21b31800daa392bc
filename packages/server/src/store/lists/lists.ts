import type { Handle } from '../database/dialect.ts';
import { type CompactionLimits, compactSegments } from '../segments/compact-segments.ts';
import { listsWithDelta } from '../segments/delta-store.ts';
import { findingLayout } from './finding-layout.ts';
import { runLayout } from './run-layout.ts';

/** Keeps the segments that lists are read from: see docs/decisions/2026-11-22-list-plans.md. */
export const createLists = ({ read, write, dialect }: Handle) => ({
  /** The lists, each of one scope, with at least so many changes that are not in their segments. */
  changed: (atLeast: number): Promise<{ readonly list: number; readonly scope: number }[]> =>
    listsWithDelta(read, atLeast),
  /** Takes the oldest changes of a list into its segments: call it in a transaction. Returns how many it took. */
  compact: async (list: number, scope: number, limits?: CompactionLimits): Promise<number> => {
    const layout = [runLayout, findingLayout].find((one) => one.list === list);
    if (!layout) throw new Error(`There is no list ${list}`);
    return compactSegments({ write, dialect }, layout, scope, limits);
  },
});
