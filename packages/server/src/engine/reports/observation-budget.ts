import type { Observation } from '../../domain/rules-package.ts';

/** Observations that are shown of one verdict, and characters of each of their texts. */
const MAX_OBSERVATIONS = 50;
const MAX_TEXT = 2000;
/** Characters of observations in the whole report: what keeps the memory that it takes within bounds. */
const MAX_TOTAL = 32 * 1024 * 1024;

export interface ObservationBudget {
  /** What is shown of a verdict's observations; where some are left out, the last one says how many. */
  readonly take: (observations: readonly Observation[]) => readonly Observation[];
  /** Observations that were left out. */
  readonly leftOut: () => number;
}

/** Bounds what a report shows of its evidence. Equal texts are kept once. */
export function observationBudget(total: number = MAX_TOTAL): ObservationBudget {
  const texts = new Map<string, string>();
  let room = total;
  let leftOut = 0;
  const keep = (text: string): string => {
    const clipped = text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
    const known = texts.get(clipped);
    if (known !== undefined) return known;
    room -= clipped.length;
    texts.set(clipped, clipped);
    return clipped;
  };
  return {
    take: (observations) => {
      const kept: Observation[] = [];
      for (const { source, observed, expected } of observations.slice(0, MAX_OBSERVATIONS)) {
        // What an object costs beside its texts.
        room -= 50;
        if (room < 0) break;
        kept.push({
          source: keep(source),
          observed: keep(observed),
          ...(expected === undefined ? {} : { expected: keep(expected) }),
        });
      }
      const left = observations.length - kept.length;
      if (left === 0) return kept;
      leftOut += left;
      return [...kept, { source: 'not shown', observed: `${left} further observations of this verdict` }];
    },
    leftOut: () => leftOut,
  };
}
