/** What the version of a dpkg package says of who built it, if it says anything. */
export function markOf(versions: readonly string[], distribution: 'debian' | 'ubuntu'): string | undefined {
  const marks = [...everywhere, ...(distribution === 'debian' ? onDebian : [])];
  for (const version of versions) {
    const mark = marks.find(([pattern]) => pattern.test(version));
    if (mark) return mark[1];
  }
  return undefined;
}

/**
 * A word in the revision of a dpkg package that neither Debian nor Ubuntu writes there, as `~acme` in `1.0-3~acme1`: whoever
 * rebuilds a package adds one, and keeps the maintainer.
 */
export function unknownMarkOf(versions: readonly string[]): string | undefined {
  for (const version of versions) {
    const revision = version.includes('-') ? version.slice(version.lastIndexOf('-') + 1) : '';
    for (const [mark, word = ''] of revision.matchAll(/[+~]([a-z]+)/gi))
      if (word.length > 1 && !ofDistributions.has(word.toLowerCase())) return mark;
  }
  return undefined;
}

/** Of the revisions in Debian's and Ubuntu's advisories since 2005, and of what their archives use besides. */
const ofDistributions = new Set(
  (
    'deb debu nmu exp experimental sarge etch etchnhalf lenny squeeze wheezy jessie sid volatile stage bootstrap build ' +
    'repack dfsg ds really rc pre alpha beta git svn cvs hg bzr ubuntu esm fips edge hwe realtime bluefield certified snap ' +
    'lts cloud dev rel reverted revert ' +
    'hardy lucid precise trusty utopic vivid wily'
  ).split(' '),
);

type Mark = readonly [pattern: RegExp, meaning: string];

/** What others write into the versions of their packages. */
const everywhere: readonly Mark[] = [
  [/[~+]bpo\d/, 'a backport (its version says bpo)'],
  [/[~+]fto\d/, 'a backport (its version says fto)'],
  [/[~+]rpt\d|[+~]rpi\d/, 'built by Raspberry Pi (per its version string)'],
  [/[~.+]ppa\d?|\dppa\d|~mt\d+$/, 'from a personal package archive (per its version string)'],
  [/\.pgdg/, 'from the PostgreSQL project (its version says pgdg)'],
  [/deb\.sury\.org|\+0~\d{8}\.\d|[+~]debian\d+~/, 'from deb.sury.org (per its version string)'],
  [/\+maria~/, 'from the MariaDB Foundation (per its version string)'],
  [/nodesource/, 'from NodeSource (per its version string)'],
  [/[+~-]pve\d*|[~+.]pmx/, 'from Proxmox (per its version string)'],
  [/[+~.-](?:local|custom|rebuil[dt]|patched|internal|checkinstall)/i, 'built locally (per its version string)'],
  [/[-~](?:debian|ubuntu)\.\d/, "from a vendor's own repository (its version names the distribution)"],
  [
    /[~+](?:stretch|buster|bullseye|bookworm|trixie|forky|xenial|bionic|focal|jammy|noble|oracular|plucky|questing|resolute)(?![a-z])/,
    "from a vendor's own repository (its version names the release)",
  ],
];
const onDebian: readonly Mark[] = [
  [/\dubuntu\d/, 'of Ubuntu (per its version string)'],
  [/[-+]dmo\d/, 'from deb-multimedia (its version says dmo)'],
];
