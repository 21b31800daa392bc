import type { InstalledPackage } from './kernel.ts';
import { isVendor } from './maintainers.ts';
import type { Release } from './release.ts';
import { type Repository, whoseRepository } from './repositories.ts';
import { markOf } from './version-marks.ts';
import { enumerate } from './wording.ts';

/** What a host's data base says as a whole. */
export interface Origins {
  /** True when its rpm packages name who built them at all. */
  readonly vendors: boolean;
  /** Absent where it is not known from where packages come. */
  readonly repositories?: readonly Repository[];
  /** Of Debian and Ubuntu: `bookworm`. */
  readonly codename?: string;
}

/**
 * Whose a package is. The host's own word comes first (apt's lists, the vendor and the signer of an rpm package, the
 * maintainer), then what its version looks like. UNKNOWN is compared as the distribution's: nothing says that it is not.
 */
export type Provenance =
  | { readonly of: 'DISTRIBUTION' | 'UNKNOWN' }
  | { readonly of: 'THIRD_PARTY'; readonly why: string };

const theirs = (why: string): Provenance => ({ of: 'THIRD_PARTY', why });
const unknown: Provenance = { of: 'UNKNOWN' };

export function provenanceOf(release: Release, each: InstalledPackage, origins: Origins): Provenance {
  switch (release.manager) {
    case 'rpm':
      return ofRpm(release, each, origins);
    case 'apk':
      return isVendor(each.vendor) ? theirs(`maintained by "${each.vendor}"`) : unknown;
    case 'dpkg':
      return ofDpkg(release, each, origins);
  }
}

function ofRpm(release: Release, { vendor, signer }: InstalledPackage, { vendors }: Origins): Provenance {
  if (!release.vendor) return unknown;
  if (vendor !== undefined && !release.vendor.test(vendor)) return theirs(`built by "${vendor}"`);
  // A key that the host does not know is only a number, which says nothing.
  const named = signer !== undefined && !/^[0-9a-f]{8,40}$/i.test(signer);
  if (named && !release.vendor.test(signer)) return theirs(`signed by "${signer}"`);
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
  if (isOfDistribution(maintainer, distribution)) return unknown;
  return byMaintainer(each, distribution, offering.length + others.length === 0 && knowsAll(origins, distribution));
}

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
): Provenance {
  if (inNoList)
    return theirs("in none of apt's package lists: installed by hand, or from a repository that is not there any more");
  if (maintainer === undefined) return unknown;
  // Ubuntu's builders put Ubuntu's own address into what they build.
  if (distribution === 'ubuntu' || isVendor(maintainer)) return theirs(`maintained by "${maintainer}"`);
  if (sourceVersion.includes('-')) return unknown;
  // What is made for Debian alone has no revision; of others' it says that Debian did not package it.
  return theirs(`maintained by "${maintainer}", with a version that has no revision of Debian's`);
}

const isOfDistribution = (maintainer: string | undefined, distribution: 'debian' | 'ubuntu'): boolean =>
  maintainer !== undefined &&
  (distribution === 'ubuntu'
    ? /@(?:[\w.-]+\.)?(?:ubuntu\.com|canonical\.com|launchpad\.net|debian\.org)\b/i
    : /@(?:[\w.-]+\.)?debian\.(?:org|net)\b/i
  ).test(maintainer);
