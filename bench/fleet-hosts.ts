/** Hosts of a fleet, made of the real ones: few kinds, and no two hosts the same. */
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import {
  alpine,
  type DataHost,
  evidenceOf,
  otherHosts,
  packagesOf,
  workstation,
} from '../test/support/accuracy/data-host.ts';
import type { InstalledPackage } from '../test/support/accuracy/installed-packages.ts';

interface Kind {
  readonly host: DataHost;
  readonly packages: readonly InstalledPackage[];
}

export const KINDS = 20;
/** In how many packages of its kind a host differs, and in how many ways each can. */
const DIFFERENCES = 3;
const WAYS = 4;

/** The host of a number, of one kind after the other: as its kind is, with a name of its own. */
export function kindHost(index: number): HostEvidence {
  const { host, packages } = kindOf(index);
  return evidenceOf(host, packages, nameOf(index));
}

/** The same with three packages in other builds, and one that no other host has. */
export function fleetHost(index: number): HostEvidence {
  const kind = kindOf(index);
  const packages = [...kind.packages];
  for (let each = 0; each < DIFFERENCES; each++) {
    const at = spread(index * DIFFERENCES + each) % packages.length;
    const chosen = packages[at];
    if (chosen) packages[at] = otherBuild(chosen, spread(index + each) % WAYS);
  }
  packages.push({ name: `site-${index}`, version: '1.0-1' });
  return evidenceOf(kind.host, packages, nameOf(index));
}

const nameOf = (index: number): string => `host-${index}.example.org`;

function kindOf(index: number): Kind {
  kinds ??= makeKinds();
  const kind = kinds[index % KINDS];
  if (!kind) throw new Error('there are no kinds');
  return kind;
}

let kinds: readonly Kind[] | undefined;

/** Twelve of Debian, three of Alpine, and the five that there are no advisories of. */
function makeKinds(): readonly Kind[] {
  const [debian, small] = [packagesOf(workstation), packagesOf(alpine)];
  // Each kind lacks other packages: a workstation has all, a small server a third.
  const part = (packages: readonly InstalledPackage[], kind: number, share: number): InstalledPackage[] =>
    packages.filter((_, at) => spread(at * 31 + kind) % 100 < share);
  return [
    ...Array.from({ length: 12 }, (_, kind) => ({ host: workstation, packages: part(debian, kind, 100 - kind * 6) })),
    ...Array.from({ length: 3 }, (_, kind) => ({ host: alpine, packages: part(small, kind, 100 - kind * 20) })),
    ...Object.values(otherHosts).map((host) => ({ host, packages: packagesOf(host) })),
  ];
}

/** The same package as an earlier build of it: what a host looks like that was last updated at another time. */
function otherBuild(each: InstalledPackage, way: number): InstalledPackage {
  const earlier = (version: string): string => `${version}~${way}`;
  const { sourceName = each.name, sourceVersion = each.version } = each;
  return { ...each, sourceName, version: earlier(each.version), sourceVersion: earlier(sourceVersion) };
}

/** The same numbers every time, with no order to be seen in them. */
const spread = (value: number): number => (Math.imul(value + 1, 2_654_435_761) >>> 0) % 1_000_003;
