import { changedLists } from '../blocks/list-changes.ts';
import { type SealLimits, sealBlocks } from '../blocks/seal-blocks.ts';
import type { Handle } from '../database/dialect.ts';
import { findingLayout } from './finding-layout.ts';
import { runLayout } from './run-layout.ts';

/** Keeps the blocks that lists are read from: see docs/decisions/2026-11-22-list-plans.md. */
export const createLists = ({ read, write, dialect }: Handle) => ({
  /** The lists, each of one scope, with at least so many changes that are not in their blocks. */
  changed: (atLeast: number): Promise<{ readonly list: number; readonly scope: number }[]> =>
    changedLists(read, atLeast),
  /** Takes the oldest changes of a list into its blocks: call it in a transaction. Returns how many it took. */
  seal: async (list: number, scope: number, limits?: SealLimits): Promise<number> => {
    const layout = [runLayout, findingLayout].find((one) => one.list === list);
    if (!layout) throw new Error(`There is no list ${list}`);
    return sealBlocks({ write, dialect }, layout, scope, limits);
  },
});
