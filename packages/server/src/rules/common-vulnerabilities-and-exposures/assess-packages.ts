import { type VulnerabilityState, vulnerabilityStates } from '../../domain/rules-package.ts';
import type { Match } from './judge-package.ts';
import type { Matcher } from './matcher.ts';
import type { Inventory, Subject } from './packages.ts';
import type { Release } from './release.ts';

/** One installed package that a CVE affects. */
export interface AffectedPackage {
  readonly subject: Subject;
  readonly match: Match;
  readonly state: VulnerabilityState;
  /** Of REBOOT_NEEDED: the image to restart into. */
  readonly restartInto?: Subject;
}

export interface Assessment {
  /** The affected packages of each CVE, CVEs and packages in order. */
  readonly affected: ReadonlyMap<string, readonly AffectedPackage[]>;
  /** What could not be compared. */
  readonly unsure: readonly { readonly subject: Subject; readonly match: Match }[];
}

const matchesOf = (matcher: Matcher, release: Release, { subscribed, streams }: Inventory, { lookup }: Subject) =>
  matcher.match({ release, lookup, subscribed, ...(streams && { streams }) });

/** Matches every package of a host that advisories apply to. */
export function assessPackages(inventory: Inventory, release: Release, matcher: Matcher): Assessment {
  const found = new Map<string, AffectedPackage[]>();
  const unsure: { subject: Subject; match: Match }[] = [];
  for (const subject of inventory.subjects) {
    if (subject.aside) continue;
    for (const match of matchesOf(matcher, release, inventory, subject)) {
      if (match.outcome === 'NOT_ASSESSED') {
        unsure.push({ subject, match });
        continue;
      }
      const concerned = { subject, match, ...stateOf(subject, match, inventory, release, matcher) };
      const others = found.get(match.cve);
      if (others) others.push(concerned);
      else found.set(match.cve, [concerned]);
    }
  }
  return { affected: new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1))), unsure };
}

/** The state of a finding as a whole: of its packages', the one that asks most for an action. */
export const mostPressing = (concerned: readonly AffectedPackage[]): VulnerabilityState =>
  vulnerabilityStates.find((state) => concerned.some((each) => each.state === state)) ?? 'UNDETERMINED';

/** A kernel counts while it runs or may run; where a fixed one is installed beside it, what is missing is a restart. */
export function stateOf(
  subject: Subject,
  match: Match,
  inventory: Inventory,
  release: Release,
  matcher: Matcher,
): { readonly state: VulnerabilityState; readonly restartInto?: Subject } {
  if (subject.kernel === 'OTHER') return { state: 'INSTALLED_NOT_RUNNING' };
  if (subject.kernel === undefined || match.fixed === null) return { state: match.state };
  const { order } = release;
  const fixed = inventory.subjects
    .filter(
      (each) =>
        each !== subject && each.kernel !== undefined && !each.aside && each.lookup.name === subject.lookup.name,
    )
    .filter(({ lookup }) => order.compare(lookup.version, subject.lookup.version) > 0)
    .filter((each) => !matchesOf(matcher, release, inventory, each).some(({ cve }) => cve === match.cve))
    .sort((a, b) => order.compare(b.lookup.version, a.lookup.version))[0];
  return fixed ? { state: 'REBOOT_NEEDED', restartInto: fixed } : { state: match.state };
}
