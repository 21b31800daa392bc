import type { Advisories } from '../../domain/advisories.ts';
import type { BuildLine, Release } from './release.ts';

/** The ecosystems of a release that there are advisories of, in the order of their names. */
export const ecosystemsOf = (advisories: Advisories, release: Release): string[] =>
  advisories
    .ecosystems()
    .filter((ecosystem) => release.holds(ecosystem) && isCovered(advisories, ecosystem))
    .sort();

export function isCovered(advisories: Advisories, ecosystem: string): boolean {
  const coverage = advisories.coverage(ecosystem);
  return coverage !== undefined && coverage.cveRecords + coverage.advisories > 0;
}

/** The ecosystems of builds that count apart. */
export const linesOf = (advisories: Advisories, { holds }: BuildLine): string[] =>
  advisories
    .ecosystems()
    .filter((ecosystem) => holds(ecosystem) && isCovered(advisories, ecosystem))
    .sort();
