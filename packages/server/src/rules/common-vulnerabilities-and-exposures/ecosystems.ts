import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { apk, apkLegacy } from '../../domain/versions/apk.ts';
import { dpkg } from '../../domain/versions/dpkg.ts';
import { rpm } from '../../domain/versions/rpm.ts';
import type { VersionOrder } from '../../domain/versions/version-order.ts';
import type { BuildLine, Release } from './release.ts';

type Os = EvidenceData<'osRelease'>;

/** apk-tools 3, and where it calls a version invalid that the security database has, apk-tools 2. */
const apkOrder: VersionOrder = {
  isValid: (version) => apk.isValid(version) || apkLegacy.isValid(version),
  compare: (a, b) => (apk.isValid(a) && apk.isValid(b) ? apk : apkLegacy).compare(a, b),
};

const apt = (packages: readonly string[]): string =>
  `apt-get update && apt-get install --only-upgrade ${packages.join(' ')}`;
const dnf = (packages: readonly string[]): string => `dnf upgrade --refresh ${packages.join(' ')}`;
const yum = (packages: readonly string[]): string => `yum update ${packages.join(' ')}`;
const tdnf = (packages: readonly string[]): string => `tdnf --refresh upgrade ${packages.join(' ')}`;
const apkUpgrade = (packages: readonly string[]): string => `apk update && apk upgrade ${packages.join(' ')}`;
const zypper = (packages: readonly string[]): string => `zypper refresh && zypper update ${packages.join(' ')}`;

/** The release that a host runs, or why there are no advisories that it could be compared with. */
export function releaseOf(os: Os): Release | { readonly reason: string } {
  const id = os.id.toLowerCase();
  const refusal = refusals[id];
  if (refusal) return { reason: refusal };
  const read = Object.hasOwn(distributions, id) ? distributions[id] : undefined;
  if (!read) return { reason: `No advisories are read for the distribution "${oneLine(os.id, 64)}"` };
  // openEuler's service pack is in its pretty name alone: `openEuler 24.03 (LTS-SP1)`.
  const version = id === 'openeuler' ? (os.prettyName ?? os.versionId) : os.versionId;
  if (version === undefined) {
    return {
      reason: `${read.name} without a VERSION_ID in os-release (a rolling or testing release) has no advisories`,
    };
  }
  const release = read.of(version);
  return (
    release ?? {
      reason: `"${oneLine(version, 64)}" is not a version of ${read.name} that advisories are published for`,
    }
  );
}

interface Distribution {
  readonly name: string;
  readonly of: (versionId: string) => Release | undefined;
}

const suseVendor = /^(?:SUSE|openSUSE)\b/i;
const suseRelease = {
  manager: 'rpm',
  order: rpm,
  names: 'SOURCE_WITH_BINARIES',
  vendor: suseVendor,
  upgrade: zypper,
} as const;
const exactly = (ecosystem: string) => ({ ecosystem, holds: (other: string): boolean => other === ecosystem });
const deb = { manager: 'dpkg', order: dpkg, names: 'SOURCE', upgrade: apt } as const;

const apkRelease = { manager: 'apk', order: apkOrder, names: 'SOURCE', upgrade: apkUpgrade } as const;
const rpmRelease = { manager: 'rpm', order: rpm, names: 'SOURCE', epochs: 'LEFT_OUT', upgrade: tdnf } as const;

/** Distributions without releases: VERSION_ID is a date. */
const rolling = (name: string): Distribution => ({
  name,
  of: () => ({ ...apkRelease, name, key: name.toLowerCase(), ...exactly(name) }),
});

/** CBL-Mariner 2.0 and what it is called from 3.0 on. */
const azureLinux: Distribution = {
  name: 'Azure Linux',
  of: (versionId) => {
    const [, major] = /^([23])\.0(?:\.\d+)?$/.exec(versionId) ?? [];
    if (major === undefined) return undefined;
    const name = major === '2' ? 'CBL-Mariner 2.0' : `Azure Linux ${major}.0`;
    const vendor = /^Microsoft\b/i;
    return { ...rpmRelease, name, key: `azurelinux:${major}`, ...exactly(`Azure Linux:${major}`), vendor };
  },
};

const suse: Distribution = {
  name: 'SUSE Linux Enterprise',
  of: (versionId) => {
    const [, major, minor] = /^(\d{2})(?:\.(\d))?$/.exec(versionId) ?? [];
    if (major === undefined) return undefined;
    // From 16 on a release is named with its minor version, the first one too.
    const servicePack = minor === undefined || minor === '0' ? major : `${major} SP${minor}`;
    const version = Number(major) < 16 ? servicePack : `${major}.${minor ?? '0'}`;
    return {
      name: `SUSE Linux Enterprise ${version}`,
      key: `sles:${major}${(minor === undefined || minor === '0') && Number(major) < 16 ? '' : `.${minor ?? '0'}`}`,
      manager: 'rpm',
      order: rpm,
      names: 'SOURCE_WITH_BINARIES',
      // What is installed comes from the modules, each an ecosystem; LTSS is the same release for longer.
      ecosystem: `SUSE:* ${version}`,
      holds: (ecosystem) => isSuse(ecosystem) && ecosystem.replace(/-[A-Z]+$/, '').endsWith(` ${version}`),
      vendor: suseVendor,
      upgrade: zypper,
    };
  },
};

/** Micro has a numbering of its own, which crosses that of the server. */
const isSuse = (ecosystem: string): boolean => ecosystem.startsWith('SUSE:') && !/\bMicro\b/.test(ecosystem);

/** Those that are updated as a whole, with one ecosystem to a release. */
const suseMicro: Distribution = {
  name: 'SUSE Linux Micro',
  of: (versionId) => {
    if (!/^\d\.\d$/.test(versionId)) return undefined;
    const name = `SUSE Linux ${Number(versionId) < 6 ? 'Enterprise ' : ''}Micro ${versionId}`;
    const upgrade = () => 'transactional-update up';
    return {
      ...suseRelease,
      upgrade,
      name,
      key: `sl-micro:${versionId}`,
      ...exactly(`SUSE:${name.slice('SUSE '.length)}`),
    };
  },
};

const openSuse = (name: string, key: string, version: RegExp): Distribution => ({
  name,
  of: (versionId) => {
    if (!version.test(versionId)) return undefined;
    const ecosystem = exactly(`openSUSE:${name.slice('openSUSE '.length)} ${versionId}`);
    return { ...suseRelease, name: `${name} ${versionId}`, key: `${key}:${versionId}`, ...ecosystem };
  },
});

/** Those that rebuild the packages of Red Hat Enterprise Linux: one ecosystem a major version. */
const rebuild = (name: string, key: string, names: Release['names'], vendor: RegExp): Distribution => ({
  name,
  of: (versionId) => {
    const [, major] = /^(\d{1,2})(?:\.\d+)?$/.exec(versionId) ?? [];
    if (major === undefined) return undefined;
    const common = { name: `${name} ${major}`, key: `${key}:${major}`, manager: 'rpm', order: rpm, names } as const;
    return { ...common, ...exactly(`${name}:${major}`), vendor, upgrade: dnf };
  },
});

const distributions: Readonly<Record<string, Distribution>> = {
  debian: {
    name: 'Debian',
    of: (versionId) => {
      const [, major] = /^(\d{1,2})(?:\.\d+)?$/.exec(versionId) ?? [];
      if (major === undefined) return undefined;
      return { ...deb, name: `Debian ${major}`, key: `debian:${major}`, ...exactly(`Debian:${major}`) };
    },
  },
  ubuntu: {
    name: 'Ubuntu',
    of: (versionId) => {
      const [, year, month] = /^(\d{1,2})\.(04|06|10)$/.exec(versionId) ?? [];
      if (year === undefined) return undefined;
      const suffix = Number(year) % 2 === 0 && month !== '10' ? ':LTS' : '';
      const subscribers = `Ubuntu:Pro:${versionId}${suffix}`;
      const base = `Ubuntu:${versionId}${suffix}`;
      const ofVersion = new RegExp(`^Ubuntu:(?:.*:)?${versionId.replace('.', '\\.')}(?::|$)`);
      const names = { name: `Ubuntu ${versionId}`, key: `ubuntu:${versionId}` };
      const fips: BuildLine = {
        name: 'FIPS',
        holds: (ecosystem) => /^Ubuntu:Pro:FIPS\b/.test(ecosystem) && ecosystem.endsWith(`:${versionId}${suffix}`),
      };
      return {
        ...deb,
        ...names,
        ...exactly(base),
        // Kernels whose sources are named apart: their records stand in these ecosystems, in the ordinary one, or in both.
        besides: (ecosystem) => /\b(?:Realtime|BlueField)\b/i.test(ecosystem) && ofVersion.test(ecosystem),
        subscribers,
        // Certified builds branch off an ordinary one: `3.0.2-0ubuntu1.15+Fips1.3` has no fix of `0ubuntu1.17`.
        apart: ({ name, version }) => (/[.+~-]fips/i.test(version) || /-fips(?:-|$)/.test(name) ? fips : undefined),
      };
    },
  },
  alpine: {
    name: 'Alpine Linux',
    of: (versionId) => {
      const [, branch] = /^(\d+\.\d+)(?:\.\d+)?$/.exec(versionId) ?? [];
      if (branch === undefined) return undefined;
      const names = { name: `Alpine Linux ${branch}`, key: `alpine:${branch}` };
      return { ...apkRelease, ...names, ...exactly(`Alpine:v${branch}`) };
    },
  },
  almalinux: rebuild('AlmaLinux', 'almalinux', 'BINARY', /^AlmaLinux\b/i),
  rocky: rebuild('Rocky Linux', 'rocky', 'SOURCE', /^Rocky\b/i),
  rhel: {
    name: 'Red Hat Enterprise Linux',
    of: (versionId) => {
      const [, major, minor] = /^(\d{1,2})(?:\.(\d+))?$/.exec(versionId) ?? [];
      if (major === undefined) return undefined;
      const stream = new RegExp(`^Red Hat:enterprise_linux:${major}(?:\\.\\d+)?(?::|$)`);
      return {
        name: `Red Hat Enterprise Linux ${major}`,
        key: `rhel:${major}`,
        manager: 'rpm',
        order: rpm,
        names: 'BINARY_AND_SOURCE',
        version: { major, minor },
        ecosystem: `Red Hat:enterprise_linux:${major}::*`,
        holds: (ecosystem) => stream.test(ecosystem),
        extended: (version) => {
          // The build says of which minor release it is: `el9_2`. One that does not is of the host's own.
          const own = new RegExp(`\\.el${major}_(\\d+)(?:\\.|$)`).exec(version)?.[1] ?? minor;
          const extensions = new RegExp(`^Red Hat:rhel_(?:eus|e4s|aus|tus)[a-z_]*:${major}\\.${own}(?::|$)`);
          const lifeCycle = new RegExp(`^Red Hat:rhel_els:${major}(?:\\.\\d+)?(?::|$)`);
          return (ecosystem) => (own !== undefined && extensions.test(ecosystem)) || lifeCycle.test(ecosystem);
        },
        vendor: /^Red Hat\b/i,
        upgrade: Number(major) < 8 ? yum : dnf,
      };
    },
  },
  wolfi: rolling('Wolfi'),
  chainguard: rolling('Chainguard'),
  azurelinux: azureLinux,
  mariner: azureLinux,
  photon: {
    name: 'Photon OS',
    of: (versionId) => {
      if (!/^\d\.0$/.test(versionId)) return undefined;
      const names = { name: `Photon OS ${versionId}`, key: `photon:${versionId}` };
      return { ...rpmRelease, ...names, ...exactly(`Photon OS:${versionId}`), vendor: /^(?:VMware|Broadcom)\b/i };
    },
  },
  openeuler: {
    name: 'openEuler',
    of: (prettyName) => {
      const [, release, lts] = /^(?:openEuler )?(\d\d\.\d\d)(?: \(([A-Z]+(?:-[A-Z0-9]+)*)\))?$/i.exec(prettyName) ?? [];
      if (release === undefined) return undefined;
      const version = lts === undefined ? release : `${release}-${lts.toUpperCase()}`;
      const names = { name: `openEuler ${version}`, key: `openeuler:${version}` };
      return { ...rpmRelease, ...names, ...exactly(`openEuler:${version}`), vendor: /openeuler/i, upgrade: dnf };
    },
  },
  sles: suse,
  sles_sap: suse,
  sled: suse,
  'sle-micro': suseMicro,
  'sl-micro': suseMicro,
  'opensuse-leap': openSuse('openSUSE Leap', 'opensuse-leap', /^\d{2}\.\d$/),
  'opensuse-leap-micro': openSuse('openSUSE Leap Micro', 'opensuse-leap-micro', /^\d\.\d$/),
  'opensuse-tumbleweed': {
    name: 'openSUSE Tumbleweed',
    // A rolling release: its VERSION_ID is the day of the snapshot.
    of: () => ({
      ...suseRelease,
      name: 'openSUSE Tumbleweed',
      key: 'opensuse-tumbleweed',
      ...exactly('openSUSE:Tumbleweed'),
      upgrade: () => 'zypper refresh && zypper dist-upgrade',
    }),
  },
  amzn: {
    name: 'Amazon Linux',
    of: (versionId) => {
      const major = /^201[1-8]\.\d\d$/.test(versionId) ? '1' : /^(?:2|20\d\d)$/.exec(versionId)?.[0];
      if (major === undefined) return undefined;
      return {
        name: `Amazon Linux ${major}`,
        key: `amzn:${major}`,
        manager: 'rpm',
        order: rpm,
        names: 'BINARY',
        ...exactly(`Amazon Linux:${major}`),
        vendor: /^Amazon\b/i,
        upgrade: major.length === 4 ? dnf : yum,
      };
    },
  },
};

const refusals: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  ol: "Oracle Linux's advisories are not read, and those of other distributions do not apply to its packages",
  centos:
    "CentOS Linux has ended and CentOS Stream publishes no advisories; Red Hat's do not apply to their packages as they stand",
  fedora: "Fedora's advisories are not read",
  raspbian: 'Raspbian rebuilds the packages of Debian under versions of its own and publishes no advisories',
});
