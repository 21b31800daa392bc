import type { FeedKind } from './sources/feed-kind.ts';

/** A feed that is to be had somewhere. */
export interface FeedDefinition {
  readonly name: string;
  /** http(s) or file URL, or path of a file. */
  readonly source: string;
  /** Further addresses of the same, asked in this order where the first cannot be had. */
  readonly mirrors?: readonly string[];
  /** The ecosystem that all of it is of, or is below: `Debian`, `Alpine:v3.23`. */
  readonly ecosystem?: string;
  /** Found out from its first bytes where it is not said. */
  readonly kind?: FeedKind;
}

const OSV_BUCKET = 'https://osv-vulnerabilities.storage.googleapis.com';
const ECOSYSTEMS = [
  'AlmaLinux',
  'Alpine',
  'Azure Linux',
  'Chainguard',
  'Debian',
  'Red Hat',
  'Rocky Linux',
  'SUSE',
  'Ubuntu',
  'Wolfi',
  'openEuler',
  'openSUSE',
];

/** Releases of Alpine that are taken with everything; others are where a host has them. */
const ALPINE_RELEASES = ['3.20', '3.21', '3.22', '3.23', '3.24'];
export const ALPINE_SECDB = 'https://secdb.alpinelinux.org';
const AMAZON = 'https://cdn.amazonlinux.com';

/** The distribution's own database of a release of Alpine, by its version (`3.23`): OSV.dev's export lacks parts of it. */
const alpineFeeds = (release: string): readonly FeedDefinition[] =>
  ['main', 'community'].map((repository) => ({
    name: `alpine-${release}-${repository}`,
    ecosystem: `Alpine:v${release}`,
    kind: 'secdb',
    source: `${ALPINE_SECDB}/v${release}/${repository}.json`,
  }));

/** What the repositories of Amazon Linux say of themselves. */
const amazonFeeds: readonly FeedDefinition[] = [
  ['amazon-1-updates', '1', 'http://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list'],
  ['amazon-2-core', '2', `${AMAZON}/2/core/latest/x86_64/mirror.list`],
  ['amazon-2-extras', '2', `${AMAZON}/2/extras-catalog.json`],
  ['amazon-2023-core', '2023', `${AMAZON}/al2023/core/mirrors/latest/x86_64/mirror.list`],
  ['amazon-2023-livepatch', '2023', `${AMAZON}/al2023/kernel-livepatch/mirrors/latest/x86_64/mirror.list`],
].map(([name = '', release = '', source = '']) => {
  return { name, ecosystem: `Amazon Linux:${release}`, kind: 'updateinfo', source };
});

/** What Oracle announces of its rebuild of Red Hat's sources: no host is assessed by it, and it knows what siblings forget. */
const oracleFeeds = ['8', '9', '10'].flatMap((release) =>
  ['baseos/latest', 'appstream'].map((repository): FeedDefinition => {
    const source = `https://yum.oracle.com/repo/OracleLinux/OL${release}/${repository}/x86_64/repodata/repomd.xml`;
    const name = `oracle-${release}-${repository.split('/')[0]}`;
    return { name, ecosystem: `Oracle Linux:${release}`, kind: 'updateinfo', source };
  }),
);

/** What Photon says of each release; the second address is the one before Broadcom's. */
const photonFeeds = ['3.0', '4.0', '5.0'].map((release): FeedDefinition => {
  const path = `/photon/photon_cve_metadata/cve_data_photon${release}.json`;
  const [source, ...mirrors] = [`https://packages.broadcom.com${path}`, `https://packages.vmware.com${path}`] as const;
  return { name: `photon-${release}`, ecosystem: `Photon OS:${release}`, kind: 'photon', source, mirrors };
});

/** What Canonical says of each CVE beside OSV's records. */
const ubuntuVex: FeedDefinition = {
  name: 'ubuntu-vex',
  ecosystem: 'Ubuntu',
  kind: 'ubuntu-vex',
  source: 'https://security-metadata.canonical.com/vex/vex-all.tar.xz',
};

/** What Rocky Linux publishes: OSV has its security advisories alone. */
const rockyErrata: FeedDefinition = {
  name: 'rocky-errata',
  ecosystem: 'Rocky Linux',
  kind: 'rocky-errata',
  source: 'https://apollo.build.resf.org/api/v3/advisories/',
};

/** The name of the feed of what Red Hat says of each CVE. */
export const RED_HAT_VEX = 'redhat-vex';

/** An archive of all, the newest of which the text names; the second address is the one before. */
const redHatVex: FeedDefinition = {
  name: RED_HAT_VEX,
  ecosystem: 'Red Hat',
  kind: 'csaf-vex',
  source: 'https://security.access.redhat.com/data/csaf/v2/vex/archive_latest.txt',
  mirrors: ['https://access.redhat.com/security/data/csaf/v2/vex/archive_latest.txt'],
};

const CISA = 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json';
const CISA_COPY = 'https://raw.githubusercontent.com/cisagov/kev-data/develop/known_exploited_vulnerabilities.json';

/**
 * Where advisories come from unless somebody says otherwise: OSV.dev's public exports, Alpine, Amazon Linux, Oracle,
 * Photon, Canonical, Rocky Linux, Red Hat, CISA, FIRST and endoflife.date.
 */
export const DEFAULT_FEEDS: readonly FeedDefinition[] = [
  ...ECOSYSTEMS.map((name): FeedDefinition => {
    return { name, ecosystem: name, kind: 'osv', source: `${OSV_BUCKET}/${encodeURIComponent(name)}/all.zip` };
  }),
  ...ALPINE_RELEASES.flatMap(alpineFeeds),
  ...amazonFeeds,
  ...oracleFeeds,
  ...photonFeeds,
  ubuntuVex,
  rockyErrata,
  redHatVex,
  { name: 'kev', kind: 'kev', source: CISA, mirrors: [CISA_COPY] },
  { name: 'epss', kind: 'epss', source: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz' },
  { name: 'ends-of-life', kind: 'ends-of-life', source: 'https://endoflife.date/api/v1/products/full' },
];

/** The default feeds of releases that are not among them and that hosts have. */
export const furtherFeeds = (ecosystems: readonly string[]): readonly FeedDefinition[] =>
  ecosystems.flatMap((ecosystem) => {
    const release = /^Alpine:v(\d+\.\d+)$/.exec(ecosystem)?.[1];
    return release === undefined || ALPINE_RELEASES.includes(release) ? [] : alpineFeeds(release);
  });

const baseOf = (mirror: string): string => mirror.replace(/\/+$/, '');

/** Where a mirror has an address: under its host and path. */
export function onMirror(mirror: string, address: string): string {
  const { host, pathname } = new URL(address);
  return `${baseOf(mirror)}/${host}${pathname}`;
}

/**
 * The same feeds from a mirror, which is asked for the host and path of each address (`MIRROR/www.cisa.gov/…`) and, where
 * it does not have that, for the path alone. The publishers themselves are not asked.
 */
export const mirrored = (feeds: readonly FeedDefinition[], mirror: string): readonly FeedDefinition[] =>
  feeds.map((feed) => {
    const [source = feed.source, ...mirrors] = [feed.source, ...(feed.mirrors ?? [])].flatMap((address) => {
      if (!/^https?:/i.test(address)) return [address];
      return [onMirror(mirror, address), `${baseOf(mirror)}${new URL(address).pathname}`];
    });
    return { ...feed, source, mirrors };
  });

/** Names are shown, and typed: letters, digits and a few signs, at most 100. */
export const isFeedName = (name: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9._ -]{0,98}[A-Za-z0-9]$|^[A-Za-z0-9]$/.test(name);
