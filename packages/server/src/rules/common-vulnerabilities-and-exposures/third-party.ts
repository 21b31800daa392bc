import type { InstalledPackage } from './kernel.ts';
import { isVendor } from './maintainers.ts';
import { otherReleaseOf } from './other-release.ts';
import type { Release } from './release.ts';
import { type Repository, whoseRepository } from './repositories.ts';
import { markOf, unknownMarkOf } from './version-marks.ts';
import { enumerate } from './wording.ts';

/** What a host's data base says as a whole. */
export interface Origins {
  /** True when its rpm packages name who built them at all. */
  readonly vendors: boolean;
  /**
   * Whether dpkg packages name their maintainers, as every package of Debian does: NOT_READ where not even its most essential
   * ones do, so that the absence says nothing of a package.
   */
  readonly maintainers: 'NAMED' | 'NOT_READ' | 'UNKNOWN';
  /** Absent where it is not known from where packages come. */
  readonly repositories?: readonly Repository[];
  /** Of Debian and Ubuntu: `bookworm`. */
  readonly codename?: string;
}

/**
 * Whose a package is. The host's own word comes first (apt's lists, the vendor and the signer of an rpm package, the
 * maintainer), then what its version looks like. UNKNOWN is compared as the distribution's: nothing says that it is not. Of
 * UNCERTAIN nothing says that it is, and something is missing that the distribution's packages have: it is not assessed.
 */
export type Provenance =
  | { readonly of: 'DISTRIBUTION' | 'UNKNOWN' }
  | { readonly of: 'THIRD_PARTY' | 'UNCERTAIN'; readonly why: string };

const theirs = (why: string): Provenance => ({ of: 'THIRD_PARTY', why });
const uncertain = (why: string): Provenance => ({ of: 'UNCERTAIN', why });
const unknown: Provenance = { of: 'UNKNOWN' };

export function provenanceOf(release: Release, each: InstalledPackage, origins: Origins): Provenance {
  switch (release.manager) {
    case 'rpm':
      return ofRpm(release, each, origins);
    case 'apk':
      return ofApk(each);
    case 'dpkg':
      return ofDpkg(release, each, origins);
  }
}

/** Each of Alpine's packages has a revision; what `apk add --virtual` makes has a dot before its name, and no software. */
function ofApk({ name, version, vendor }: InstalledPackage): Provenance {
  if (isVendor(vendor)) return theirs(`maintained by "${vendor}"`);
  const known = name.startsWith('.') || /-r\d+$/.test(version);
  return known ? unknown : uncertain("has a version without a revision of Alpine's");
}

function ofRpm(release: Release, { vendor, signer, version }: InstalledPackage, { vendors }: Origins): Provenance {
  if (!release.vendor) return ofOtherRelease(release, [version]) ?? unknown;
  if (vendor !== undefined && !release.vendor.test(vendor)) return theirs(`built by "${vendor}"`);
  // A key that the host does not know is only a number, which says nothing.
  const named = signer !== undefined && !/^[0-9a-f]{8,40}$/i.test(signer);
  if (named && !release.vendor.test(signer)) return theirs(`signed by "${signer}"`);
  const other = ofOtherRelease(release, [version]);
  if (other) return other;
  if (vendor !== undefined || named) return { of: 'DISTRIBUTION' };
  return vendors ? theirs('names no vendor, as packages built locally do') : unknown;
}

function ofDpkg(release: Release, each: InstalledPackage, origins: Origins): Provenance {
  const distribution = release.key.startsWith('ubuntu:') ? 'ubuntu' : 'debian';
  const { repositories } = origins;
  const whose = (places: readonly number[] | undefined) =>
    (places ?? []).flatMap((place) => {
      const repository = repositories?.[place];
      return repository
        ? [{ name: repository.name, ...whoseRepository(repository, distribution, origins.codename) }]
        : [];
    });
  const offering = whose(each.repositories);
  if (offering.some(({ of }) => of === 'DISTRIBUTION')) return { of: 'DISTRIBUTION' };
  const foreign = offering.filter(({ of }) => of === 'THIRD_PARTY');
  if (foreign.length > 0) return theirs(fromThe(foreign));
  const { vendor, maintainer, version, sourceVersion = '' } = each;
  if (vendor !== undefined && !vendor.toLowerCase().includes(distribution)) return theirs(`of the origin "${vendor}"`);
  const mark = markOf([version, sourceVersion], distribution);
  if (mark !== undefined) return theirs(mark);
  const others = whose(each.otherVersionsIn);
  if (others.length > 0 && others.every(({ of }) => of === 'THIRD_PARTY')) return theirs(fromThe(others));
  const other = ofOtherRelease(release, [version, sourceVersion]);
  if (other) return other;
  const odd = unknownMarkOf([version, sourceVersion]);
  if (odd !== undefined)
    return uncertain(`has "${odd}" in its version, which is no mark of ${whoseMarks[distribution]}`);
  if (isOfDistribution(maintainer, distribution)) return unknown;
  return byMaintainer(
    each,
    distribution,
    offering.length + others.length === 0 && knowsAll(origins, distribution),
    origins.maintainers,
  );
}

const whoseMarks = { debian: "Debian's", ubuntu: "Ubuntu's" };

const ofOtherRelease = (release: Release, versions: readonly string[]): Provenance | undefined => {
  const other = versions.map((version) => otherReleaseOf(release, version)).find((each) => each !== undefined);
  return other === undefined ? undefined : theirs(`was built for ${other} (per its version string)`);
};

const fromThe = (repositories: readonly { readonly name: string; readonly why?: string }[]): string => {
  const texts = repositories.map(({ name, why }) => (why === undefined ? name : `${name}, ${why}`));
  return `from the repository ${enumerate([...new Set(texts)], 400)}`;
};

/** Whether the lists of the distribution itself are there, so that a name in none of them is not one of its. */
const knowsAll = ({ repositories = [], codename }: Origins, distribution: 'debian' | 'ubuntu'): boolean =>
  !repositories.some(({ unread }) => unread) &&
  repositories.some((each) => whoseRepository(each, distribution, codename).of === 'DISTRIBUTION');

/** What a maintainer tells who is not one that the distribution's packages name. */
function byMaintainer(
  { version, maintainer, sourceVersion = version }: InstalledPackage,
  distribution: 'debian' | 'ubuntu',
  inNoList: boolean,
  maintainers: Origins['maintainers'],
): Provenance {
  if (inNoList)
    return theirs("in none of apt's package lists: installed by hand, or from a repository that is not there any more");
  const whose = distribution === 'ubuntu' ? "Ubuntu's" : "Debian's";
  if (maintainer === undefined) {
    if (maintainers === 'NOT_READ') return unknown;
    if (maintainers === 'NAMED') return uncertain(`names no maintainer, as all of ${whose} packages do`);
    // Debian's own, made for it alone, have no revision, and a mark of Debian where it built or changed them again.
    return [version, sourceVersion].some((each) => /-|[+~](?:nmu|b|deb\d+u)\d/.test(each))
      ? unknown
      : uncertain(`names no maintainer, and its version has no revision of ${whose}`);
  }
  if (localAddress.test(maintainer)) return theirs(`maintained by "${maintainer}", as packages built locally are`);
  // Ubuntu's builders put Ubuntu's own address into what they build.
  if (distribution === 'ubuntu' || isVendor(maintainer)) return theirs(`maintained by "${maintainer}"`);
  if (sourceVersion.includes('-')) return unknown;
  // What is made for Debian alone has no revision; of others' it says that Debian did not package it.
  return theirs(`maintained by "${maintainer}", with a version that has no revision of Debian's`);
}

export function maintainersOf(packages: readonly InstalledPackage[]): Origins['maintainers'] {
  if (packages.some(({ maintainer }) => maintainer !== undefined)) return 'NAMED';
  return packages.some(({ name }) => essential.has(name)) ? 'NOT_READ' : 'UNKNOWN';
}

/** On every host of Debian or Ubuntu, and on every image of one. */
const essential = new Set(['dpkg', 'base-files', 'libc6', 'bash', 'coreutils']);

/** No address, or one that no mail reaches from elsewhere: `root@build-7`. */
const localAddress =
  /^[^@]*$|@(?:[\w-]+|(?:[\w-]+\.)+(?:local|localdomain|lan|internal|home|corp|test|invalid|example))>?\s*$/i;

const isOfDistribution = (maintainer: string | undefined, distribution: 'debian' | 'ubuntu'): boolean =>
  maintainer !== undefined &&
  (distribution === 'ubuntu'
    ? /@(?:[\w.-]+\.)?(?:ubuntu\.com|canonical\.com|launchpad\.net|debian\.org)\b/i
    : /@(?:[\w.-]+\.)?debian\.(?:org|net)\b/i
  ).test(maintainer);
