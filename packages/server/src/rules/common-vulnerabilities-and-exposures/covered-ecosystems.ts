import type { Advisories } from '../../domain/advisories.ts';
import type { BuildLine, Release } from './release.ts';

/** Asked for each package of a host; advisories may have two hundred ecosystems. */
const known = new WeakMap<Advisories, WeakMap<Release | BuildLine, readonly string[]>>();

/** The ecosystems of a release, or of builds that count apart, that there are advisories of, in the order of their names. */
export function ecosystemsOf(advisories: Advisories, of: Release | BuildLine): readonly string[] {
  const ofAdvisories = known.get(advisories) ?? new WeakMap<Release | BuildLine, readonly string[]>();
  known.set(advisories, ofAdvisories);
  const found = ofAdvisories.get(of) ?? findEcosystems(advisories, of);
  ofAdvisories.set(of, found);
  return found;
}

function findEcosystems(advisories: Advisories, of: Release | BuildLine): readonly string[] {
  const covered = advisories.ecosystems().filter((ecosystem) => isCovered(advisories, ecosystem));
  const found = covered.filter(of.holds);
  const besides = 'besides' in of && found.length > 0 ? covered.filter(of.besides) : [];
  return [...found, ...besides].sort();
}

export function isCovered(advisories: Advisories, ecosystem: string): boolean {
  const coverage = advisories.coverage(ecosystem);
  return coverage !== undefined && coverage.cveRecords + coverage.advisories > 0;
}
