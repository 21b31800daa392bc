import { existsSync } from 'node:fs';
import { type FeedsDirectory, readCurrent } from './feeds-directory.ts';
import { generationsIn, type KeptGeneration } from './generations.ts';

/** Which advisories are wanted: those that are served, those of a digest, or the newest of a time (milliseconds) or before. */
export type WantedGeneration = 'CURRENT' | { readonly digest: string | undefined } | { readonly before: number };

/** The index that is wanted, and all that are kept, newest first. */
export function chooseGeneration(
  directory: FeedsDirectory,
  wanted: WantedGeneration,
): { readonly chosen: KeptGeneration | undefined; readonly kept: readonly KeptGeneration[] } {
  const kept = existsSync(directory.index) ? generationsIn(directory) : [];
  const served = readCurrent(directory).index;
  const chosen = kept.find((each) =>
    wanted === 'CURRENT'
      ? each.name === served
      : 'digest' in wanted
        ? each.digest === wanted.digest
        : each.takenAt <= wanted.before,
  );
  return { chosen, kept };
}
