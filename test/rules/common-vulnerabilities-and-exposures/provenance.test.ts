import { describe, expect, test } from 'vitest';
import { debianCve, type HostOptions, hostOf, type InstalledPackage, judge, record } from './hosts.ts';

const cve = 'CVE-2024-0001';
const ubuntu: HostOptions = { os: { id: 'ubuntu', versionId: '22.04', versionCodename: 'jammy' } };
const bookworm: HostOptions = { os: { versionCodename: 'bookworm' } };
const alma9: HostOptions = { os: { id: 'almalinux', versionId: '9.4' } };
const ubuntuTeam = 'Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>';
const records = [
  debianCve(cve, 'tool'),
  record(`UBUNTU-${cve}`, [{ ecosystem: 'Ubuntu:22.04:LTS', name: 'tool' }]),
  record(`ALPINE-${cve}`, [{ ecosystem: 'Alpine:v3.22', name: 'tool', fixed: '9-r0' }]),
  record('ALSA-1', [{ ecosystem: 'AlmaLinux:9', name: 'tool', fixed: '9-1' }], { related: [cve] }),
];
const outcome = async (tool: Partial<InstalledPackage>, options: HostOptions = bookworm): Promise<string> => {
  const { findings, notAssessed } = await judge(
    hostOf([{ name: 'tool', version: '2.0-1', ...tool }], options),
    records,
  );
  return findings.length > 0
    ? 'COMPARED'
    : (notAssessed.find((reason) => reason.startsWith('Package tool')) ?? 'SILENT');
};

describe("apt's lists say whose a version is", () => {
  const debian = { name: 'mirror.example/debian bookworm main', origin: 'Debian', codename: 'bookworm' };
  const security = { name: 'deb.debian.org/debian-security bookworm-security main' };
  const vendor = { name: 'packages.example/debian stable main', origin: 'Example' };
  const noRelease = { name: 'apt.example/11.4/debian bookworm main' };
  const mirror = { name: 'mirror.example/debian bookworm main' };
  const backports = { name: 'deb.debian.org/debian bookworm-backports main', origin: 'Debian Backports' };
  const testing = { name: 'deb.debian.org/debian testing main', origin: 'Debian', codename: 'trixie' };
  const repositories = [debian, security, vendor, noRelease, mirror, backports, testing];
  const of = (...places: readonly object[]) => places.map((place) => repositories.indexOf(place as typeof debian));
  const host = { ...bookworm, repositories };

  test.each([
    ['the distribution, whatever the mirror', of(debian)],
    ['the distribution, by its own site', of(security)],
    ['the distribution and others', of(vendor, debian)],
    ['what looks like a mirror', of(mirror)],
  ])('%s: compared', async (_, places) => {
    expect(await outcome({ repositories: places }, host)).toBe('COMPARED');
    // The list outweighs what the version looks like.
    if (!places.includes(4))
      expect(await outcome({ repositories: places, version: '2.0-0ppa1' }, host)).toBe('COMPARED');
  });
  test.each([
    ['packages.example/debian stable main', of(vendor)],
    ['apt.example/11.4/debian bookworm main', of(noRelease)],
    ['deb.debian.org/debian bookworm-backports main, backports', of(backports)],
    ['deb.debian.org/debian testing main, of the release trixie, and not of bookworm', of(testing)],
  ])('%s: not assessed', async (name, places) => {
    expect(await outcome({ repositories: places }, host)).toContain(
      `from the repository ${name}, not part of Debian 12`,
    );
  });
  test('a name that only a vendor has, in other versions', async () => {
    expect(await outcome({ otherVersionsIn: of(vendor) }, host)).toContain(`from the repository ${vendor.name}`);
    expect(await outcome({ otherVersionsIn: of(vendor, debian) }, host)).toBe('COMPARED');
  });
  test('a name in no list, where the lists of the distribution are there', async () => {
    expect(await outcome({}, host)).toContain("in none of apt's package lists");
    expect(await outcome({ maintainer: 'Kernel Team <debian-kernel@lists.debian.org>' }, host)).toBe('COMPARED');
    expect(await outcome({}, { ...bookworm, repositories: [vendor, mirror] })).toBe('COMPARED');
  });
});

describe('a package that lacks what its neighbours have', () => {
  const beside = async (
    tool: Partial<InstalledPackage>,
    neighbour: Partial<InstalledPackage>,
    options: HostOptions,
  ) => {
    const packages = [
      { name: 'tool', version: '2.0-1', ...tool },
      { name: 'other', version: '1.0-1', ...neighbour },
    ];
    const { findings, notAssessed } = await judge(hostOf(packages, options), records);
    return findings.length > 0 ? 'COMPARED' : notAssessed.find((reason) => reason.startsWith('Package tool'));
  };
  const debian = 'Debian Tools <team+tools@tracker.debian.org>';

  test('a maintainer, on Debian', async () => {
    expect(await beside({}, { maintainer: debian }, bookworm)).toContain('names no maintainer');
    expect(await beside({ maintainer: debian }, { maintainer: debian }, bookworm)).toBe('COMPARED');
    expect(await beside({ version: '2.63.2' }, {}, bookworm)).toContain('names no maintainer');
    // An inventory that does not even know dpkg's.
    expect(await beside({ version: '2.63.2' }, { name: 'dpkg' }, bookworm)).toBe('COMPARED');
  });
  test('a vendor, where packages are rpm', async () => {
    const alma: HostOptions = { os: { id: 'almalinux', versionId: '9.4' } };
    expect(await beside({}, { vendor: 'AlmaLinux' }, alma)).toContain('names no vendor');
    expect(await beside({ vendor: 'AlmaLinux' }, { vendor: 'AlmaLinux' }, alma)).toBe('COMPARED');
  });
});

describe('without lists: maintainers, vendors, signers, versions', () => {
  test.each<[string, Partial<InstalledPackage>, HostOptions?]>([
    ['nothing is known', {}],
    ['a team of Debian', { maintainer: 'Debian Tools <team+tools@tracker.debian.org>', version: '2.0' }],
    ['a person', { maintainer: 'Jo Doe <jo@example.org>' }],
    ['a team of Ubuntu', { maintainer: 'Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>' }, ubuntu],
    [
      'a person of Alpine',
      { vendor: 'Jo Doe <jo@example.org>', version: '2.0-r0' },
      { os: { id: 'alpine', versionId: '3.22.1' } },
    ],
    ['a fix of a stable release', { version: '2.0-1~deb12u1' }],
    ['a fix of Ubuntu', { version: '2.0-1ubuntu0.22.04.3' }, ubuntu],
    [
      'a signer alone',
      { signer: 'AlmaLinux OS 9 <packager@almalinux.org>' },
      { os: { id: 'almalinux', versionId: '9.4' } },
    ],
    ['a fix of the release before, carried on', { version: '2.0-1+deb12u1~deb11u1' }],
    ['a fix of Debian 7', { version: '2.0-1+deb70u1' }],
    ['marks that Debian itself makes', { version: '2.0+dfsg-1~exp1+nmu2+b3' }],
    ['a fix for subscribers', { version: '2.0-1ubuntu1.2+esm1' }, ubuntu],
    ['a fix of a minor release', { vendor: 'AlmaLinux', version: '2.0-1.el9_2.3' }, alma9],
    ['a signer that is only a number', { signer: 'b86b3716' }, { os: { id: 'almalinux', versionId: '9.4' } }],
  ])('%s: compared', async (_, tool, options) => expect(await outcome(tool, options)).toBe('COMPARED'));

  test.each<[string, Partial<InstalledPackage>, HostOptions?]>([
    ['maintained by "Chrome Linux Team', { maintainer: 'Chrome Linux Team <chromium-dev@chromium.org>' }],
    ['maintained by "Example Inc.', { maintainer: 'Example Inc. <someone@example.com>' }],
    ['maintained by "Example', { maintainer: 'Example <packages@example.com>' }],
    ['with a version that has no revision', { maintainer: 'Example <jo@example.com>', version: '2.63.2' }],
    ['maintained by "Jo Doe', { maintainer: 'Jo Doe <jo@example.org>' }, ubuntu],
    ['maintained by "NGINX', { vendor: 'NGINX Packaging <x@f5.com>' }, { os: { id: 'alpine', versionId: '3.22.1' } }],
    ['built by "Fedora', { vendor: 'Fedora Project' }, { os: { id: 'almalinux', versionId: '9.4' } }],
    ['signed by "Fedora', { signer: 'Fedora (EPEL 9) <epel@fp.org>' }, { os: { id: 'almalinux', versionId: '9.4' } }],
    [
      'signed by "Somebody',
      { vendor: 'AlmaLinux', signer: 'Somebody <a@example.org>' },
      { os: { id: 'almalinux', versionId: '9.4' } },
    ],
    ['from the MariaDB Foundation', { version: '1:11.4.2+maria~deb12' }],
    ['built locally (per its version', { version: '2.0-1+custom2' }],
    ['built locally (per its version', { version: '2.0-1.rebuild1' }],
    ['as packages built locally are', { maintainer: 'root@build-7', version: '2.0-1' }],
    ['as packages built locally are', { maintainer: 'Jo <jo@laptop.local>', version: '2.0-1' }],
    ['maintained by "GitHub"', { maintainer: 'GitHub' }],
    ["no revision of Debian's: nothing says who built it", { version: '2.63.2' }],
    ["no revision of Ubuntu's: nothing says who built it", { version: '2.63.2' }, ubuntu],
    ["no revision of Debian's", { version: '2.63.2', sourceName: 'tool', sourceVersion: '2.63.2' }],
    ["without a revision of Alpine's", { version: '2.0' }, { os: { id: 'alpine', versionId: '3.22.1' } }],
    ['a backport (its version says fto)', { version: '2.0-1~fto12+1' }],
    ['was built for Debian 13', { version: '2.0-1+deb13u2' }],
    ['was built for Debian 13', { version: '2.0-1+b1', sourceVersion: '2.0-1~deb13u1' }],
    ['was built for Ubuntu 24.04', { version: '2.0-1ubuntu0.24.04.3', maintainer: ubuntuTeam }, ubuntu],
    ['was built for Enterprise Linux 8', { vendor: 'AlmaLinux', version: '2.0-3.el8_10.1' }, alma9],
    ['was built for Enterprise Linux 7', { version: '2.0-3.el7' }, alma9],
    ['has "~acme" in its version', { version: '2.0-3~acme1', maintainer: 'Debian Tools <t@tracker.debian.org>' }],
    ['has "+corp" in its version', { version: '2.0-3+corp.7' }],
    ['has "~site" in its version', { version: '2.0-0ubuntu1~site2', maintainer: ubuntuTeam }, ubuntu],
    ['names the release', { version: '6:7.2.4-1rl1~bookworm1' }],
    ['names the release', { version: '3.11.9-1+jammy1' }, ubuntu],
    ['deb.sury.org', { version: '8.2.20-1+0~20240608.49+debian12~1.gbp1234' }],
    ['personal package archive', { version: '1:2.45.1-0ppa1~ubuntu22.04.1' }, ubuntu],
    ['personal package archive', { version: '2:115.6.0+build2-0ubuntu0.22.04.1~mt1' }, ubuntu],
  ])('%s: not assessed', async (words, tool, options) => {
    expect(await outcome(tool, options)).toContain(words);
  });
});
