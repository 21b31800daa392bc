/** What the version of a dpkg package says of who built it, if it says anything. */
export function markOf(versions: readonly string[], distribution: 'debian' | 'ubuntu'): string | undefined {
  const marks = [...everywhere, ...(distribution === 'debian' ? onDebian : [])];
  for (const version of versions) {
    const mark = marks.find(([pattern]) => pattern.test(version));
    if (mark) return mark[1];
  }
  return undefined;
}

type Mark = readonly [pattern: RegExp, meaning: string];

/** What others write into the versions of their packages. */
const everywhere: readonly Mark[] = [
  [/[~+]bpo\d/, 'a backport (its version says bpo)'],
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
