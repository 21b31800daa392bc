import type { Advisories } from '../../domain/advisories.ts';
import type { BuildLine, Release } from './release.ts';

/** Asked for each package of a host; advisories may have two hundred ecosystems. */
const known = new WeakMap<Advisories, WeakMap<Release | BuildLine, readonly string[]>>();

/** The ecosystems of a release, or of builds that count apart, that there are advisories of, in the order of their names. */
export function ecosystemsOf(advisories: Advisories, of: Release | BuildLine): readonly string[] {
  const ofAdvisories = known.get(advisories) ?? new WeakMap<Release | BuildLine, readonly string[]>();
  known.set(advisories, ofAdvisories);
  const found =
    ofAdvisories.get(of) ??
    advisories
      .ecosystems()
      .filter((ecosystem) => of.holds(ecosystem) && isCovered(advisories, ecosystem))
      .sort();
  ofAdvisories.set(of, found);
  return found;
}

export function isCovered(advisories: Advisories, ecosystem: string): boolean {
  const coverage = advisories.coverage(ecosystem);
  return coverage !== undefined && coverage.cveRecords + coverage.advisories > 0;
}
