import { readFileSync } from 'node:fs';
import type { Accuracy } from './measure-accuracy.ts';

/** The best numbers there have been, by the oracle's file. */
type Floor = Readonly<Record<string, { readonly both: number; readonly precision: number; readonly recall: number }>>;

const floor = JSON.parse(readFileSync(new URL('../../accuracy-floor.json', import.meta.url), 'utf8')) as Floor;

/** What is worse than it has been, or differs without an explanation; nothing when all is as good. */
export function belowFloor(measured: readonly Accuracy[], best: Floor = floor): string[] {
  const files = new Set(measured.map(({ oracle }) => oracle.file));
  return [
    ...Object.keys(best).flatMap((file) => (files.has(file) ? [] : [`${file}: not measured any more`])),
    ...measured.flatMap((each) => {
      const { file } = each.oracle;
      const before = best[file];
      if (!before) return [`${file}: no number is recorded in test/accuracy-floor.json`];
      const fallen = (['both', 'precision', 'recall'] as const).flatMap((name) =>
        each[name] < before[name] ? [`${file}: ${name} fell from ${before[name]} to ${each[name]}`] : [],
      );
      const { unexplained } = each;
      return [...fallen, ...unexplained.map((pair) => `${file}: ${pair} is not explained in oracles.ts`)];
    }),
  ];
}

/** The numbers as they are recorded: shares down to six digits, so that reading them back is not below them. */
export const floorOf = (measured: readonly Accuracy[]): Floor =>
  Object.fromEntries(
    measured.map(({ oracle, both, precision, recall }) => [
      oracle.file,
      { both, precision: down(precision), recall: down(recall) },
    ]),
  );

const down = (value: number): number => Math.floor(value * 1e6) / 1e6;
