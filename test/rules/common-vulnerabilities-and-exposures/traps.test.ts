import { describe, expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { clean, debianCve, hostOf, installed, judge, judgeBy, record } from './hosts.ts';

const cve = 'CVE-2024-0001';

describe('dpkg: the source decides, by name and version', () => {
  test('a binary package of another name', async () => {
    const said = await judge(hostOf(installed('libssl3 3.0.11-1 < openssl')), [debianCve(cve, 'openssl', '3.0.15-1')]);
    expect(said).toEqual({ ...clean, findings: [`${cve} libssl3 3.0.11-1 -> 3.0.15-1 FIX_AVAILABLE Low`] });
  });
  test('a binary package of a lower version: its source has the fix', async () => {
    const host = hostOf(installed('postgresql 15+248 < postgresql-common 248'));
    expect(await judge(host, [debianCve(cve, 'postgresql-common', '200')])).toEqual(clean);
  });
  test('a binary package of a higher version, whose epoch its source has not', async () => {
    const said = await judge(hostOf(installed('bsdutils 1:2.33.1-0.1 < util-linux 2.33.1-0.1')), [
      debianCve(cve, 'util-linux', '2.34-1'),
    ]);
    expect(said).toEqual({ ...clean, findings: [`${cve} bsdutils 1:2.33.1-0.1 -> 2.34-1 FIX_AVAILABLE Low`] });
  });
  test('a rebuild (+b1) is its source', async () => {
    expect(
      await judge(hostOf(installed('dash 0.5.12-2+b1 < dash 0.5.12-2')), [debianCve(cve, 'dash', '0.5.12-2')]),
    ).toEqual(clean);
  });
  test('the binary package name of another source is nothing', async () => {
    expect(await judge(hostOf(installed('libssl3 3.0.11-1 < openssl')), [debianCve(cve, 'libssl3', '9')])).toEqual(
      clean,
    );
  });
  test('the same package of two architectures is one', async () => {
    const libc = installed('libc6 2.36-9 < glibc');
    const both = [...libc, ...libc.map((each) => ({ ...each, architecture: 'i386' }))];
    const said = await judge(hostOf(both), [debianCve(cve, 'glibc', '2.36-10')]);
    expect(said).toEqual({ ...clean, findings: [`${cve} libc6 2.36-9 -> 2.36-10 FIX_AVAILABLE Low`] });
  });
});

describe('which records decide', () => {
  const dsa = (id: string, fixed: string) =>
    record(id, [{ ecosystem: 'Debian:12', name: 'openssl', fixed }], { upstream: [cve] });

  test('the record of the CVE, and not an announcement that says otherwise', async () => {
    const fixed = hostOf(installed('openssl 3.0.14-1'));
    expect(await judge(fixed, [debianCve(cve, 'openssl', '3.0.14-1'), dsa('DSA-1-1', '3.0.15-1')])).toEqual(clean);
  });
  test('announcements where there are no records of CVEs, the highest fix of them', async () => {
    const records = [dsa('DSA-1-1', '3.0.14-1'), dsa('DSA-2-1', '3.0.15-1')];
    const findings = [`${cve} openssl 3.0.14-1 -> 3.0.15-1 FIX_AVAILABLE Undefined`];
    expect(await judge(hostOf(installed('openssl 3.0.14-1')), records)).toEqual({ ...clean, findings });
    expect(await judge(hostOf(installed('openssl 3.0.15-1')), records)).toEqual(clean);
  });
  test('an announcement of what no CVE record of the release speaks of, whatever other records there are', async () => {
    const host = hostOf(installed('openssl 3.0.14-1', 'zlib 1-1'));
    const findings = [`${cve} openssl 3.0.14-1 -> 3.0.15-1 FIX_AVAILABLE Undefined`];
    const announced = dsa('DSA-1-1', '3.0.15-1');
    for (const others of [
      [],
      [debianCve('CVE-2024-0002', 'bar')],
      [debianCve('CVE-2024-0002', 'openssl', '3.0.1-1')],
      [debianCve(cve, 'bar')],
      [record(`DEBIAN-${cve}`, [{ ecosystem: 'Debian:11', name: 'openssl', fixed: '1' }])],
    ]) {
      expect(await judge(host, [announced, ...others])).toEqual({ ...clean, findings });
    }
    expect(await judge(host, [announced, debianCve(cve, 'openssl', '3.0.14-1')])).toEqual(clean);
  });
  test('another release, and records of all releases mixed, are not this one', async () => {
    const others = ['Debian', 'Debian:11', 'Debian:1', 'Ubuntu:12'].map((ecosystem, index) =>
      record(`DEBIAN-CVE-2024-100${index}`, [{ ecosystem, name: 'openssl' }]),
    );
    const records = [...others, debianCve(cve, 'zlib')];
    expect(await judge(hostOf(installed('openssl 3.0.14-1')), records)).toEqual(clean);
  });
  test('withdrawn records are none', async () => {
    const records = [
      { ...debianCve(cve, 'openssl'), withdrawn: '2026-01-01T00:00:00Z' },
      debianCve('CVE-2024-0002', 'zlib'),
    ];
    expect(await judge(hostOf(installed('openssl 3.0.14-1')), records)).toEqual(clean);
  });
  test('a package that no advisory names is clean', async () => {
    expect(await judge(hostOf(installed('hello 2.10-3')), [debianCve(cve, 'openssl')])).toEqual(clean);
  });
});

describe('states', () => {
  const openssl = hostOf(installed('openssl 3.0.14-1'));
  test('no fix yet; unimportant is informational', async () => {
    const records = [
      debianCve(cve, 'openssl'),
      debianCve('CVE-2024-0002', 'openssl', undefined, { urgency: 'unimportant' }),
    ];
    const findings = [
      `${cve} openssl 3.0.14-1 -> null NO_FIX Low`,
      'CVE-2024-0002 openssl 3.0.14-1 -> null NO_FIX Informational',
    ];
    expect(await judge(openssl, records)).toEqual({ ...clean, findings });
  });
  test('what the distribution means to do', async () => {
    const said = {
      DEFERRED: 'CVE-2024-0002',
      WILL_NOT_FIX: 'CVE-2024-0003',
      END_OF_LIFE: 'CVE-2024-0004',
      UNDETERMINED: 'CVE-2024-0005',
      NOT_AFFECTED: 'CVE-2024-0006',
    } as const;
    const more = (Object.keys(said) as (keyof typeof said)[]).map((disposition) => ({
      kind: 'disposition' as const,
      ecosystem: 'Debian:12',
      package: 'openssl',
      cve: said[disposition],
      disposition,
    }));
    const advisories = await advisoriesFromRecords(
      Object.values(said).map((name) => debianCve(name, 'openssl')),
      { more },
    );
    expect(judgeBy(openssl, advisories)).toEqual({
      ...clean,
      findings: [
        'CVE-2024-0002 openssl 3.0.14-1 -> null DEFERRED Low',
        'CVE-2024-0003 openssl 3.0.14-1 -> null WILL_NOT_FIX Low',
        'CVE-2024-0004 openssl 3.0.14-1 -> null END_OF_LIFE Low',
        'CVE-2024-0005 openssl 3.0.14-1 -> null UNDETERMINED Undefined',
      ],
    });
  });
  test('one finding for every package of a CVE, as severe as its worst', async () => {
    const entries = [
      { ecosystem: 'Debian:12', name: 'pcre3', fixed: '2', specific: { urgency: 'low' } },
      { ecosystem: 'Debian:12', name: 'mongodb', specific: { urgency: 'unimportant' } },
    ];
    const said = await judge(hostOf(installed('libpcre3 1 < pcre3', 'mongodb 1')), [record(`DEBIAN-${cve}`, entries)]);
    const findings = [`${cve} libpcre3 1 -> 2 FIX_AVAILABLE Low`, `${cve} mongodb 1 -> null NO_FIX Low`];
    expect(said).toEqual({ ...clean, findings });
    const alone = await judge(hostOf(installed('mongodb 1')), [record(`DEBIAN-${cve}`, entries)]);
    expect(alone.findings).toEqual([`${cve} mongodb 1 -> null NO_FIX Informational`]);
  });
});

describe('what is not of the distribution is said, not guessed', () => {
  test.each([
    ['3.0.14-1~bpo12+1', 'a backport'],
    ['3.0.14-1+rpt1', 'built by Raspberry Pi'],
    ['3.0.14-1nodesource1', 'from NodeSource'],
    ['3.0.14-1.pgdg120+1', 'from the PostgreSQL project'],
    ['5:3.0.14-1~debian.12~bookworm', "from a vendor's own repository"],
    ['3.0.14-0ubuntu3.1', 'of Ubuntu'],
  ])('openssl %s: %s', async (version, why) => {
    const { findings, notAssessed } = await judge(hostOf(installed(`openssl ${version}`)), [debianCve(cve, 'openssl')]);
    expect(findings).toEqual([]);
    expect(notAssessed).toEqual([
      expect.stringMatching(`^Package openssl: openssl .*: ${why}.*Assay has no advisories`),
    ]);
  });
  test('an origin of its own', async () => {
    const chrome = { name: 'openssl', version: '1', vendor: 'Google LLC' };
    const { findings, notAssessed } = await judge(hostOf([chrome]), [debianCve(cve, 'openssl')]);
    expect(findings).toEqual([]);
    expect(notAssessed).toEqual([expect.stringContaining('of the origin "Google LLC"')]);
  });
  test.each(['3.0.14-1~deb12u2', '3.0.14-1+deb12u1', '1.0.8+nmu1', '2.38.1-5+deb12u1', '1.0+dfsg1-1', '5.10.0+b3'])(
    'Debian’s own %s is assessed',
    async (version) => {
      const { findings, notAssessed } = await judge(hostOf(installed(`openssl ${version}`)), [
        debianCve(cve, 'openssl'),
      ]);
      expect(findings).toHaveLength(1);
      expect(notAssessed).toEqual([]);
    },
  );
  test('a version that cannot be compared, of a package or of a record', async () => {
    const broken = await judge(hostOf(installed('openssl 3.0_14')), [debianCve(cve, 'openssl', '4')]);
    expect(broken).toEqual({
      findings: [],
      notAssessed: ['Package openssl: openssl 3.0_14: its version "3.0_14" is none that dpkg can compare'],
    });
    const record = await judge(hostOf(installed('openssl 3.0.14')), [debianCve(cve, 'openssl', '4_0')]);
    expect(record).toEqual({
      findings: [],
      notAssessed: [`Package openssl: openssl 3.0.14: "4_0" (fixed) is not a version that can be compared for ${cve}`],
    });
  });
});

describe('Ubuntu', () => {
  const focal = { os: { id: 'ubuntu', versionId: '22.04' } };
  const records = [
    record(
      `UBUNTU-${cve}`,
      [
        { ecosystem: 'Ubuntu:22.04:LTS', name: 'djvu' },
        { ecosystem: 'Ubuntu:Pro:22.04:LTS', name: 'djvu', fixed: '1.0-1ubuntu1+esm1' },
      ],
      { severity: [{ type: 'Ubuntu', score: 'medium' }] },
    ),
    record(
      'UBUNTU-CVE-2024-0002',
      [
        { ecosystem: 'Ubuntu:22.04:LTS', name: 'djvu', fixed: '1.0-1ubuntu1' },
        { ecosystem: 'Ubuntu:Pro:22.04:LTS', name: 'djvu', fixed: '1.0-1ubuntu1+esm9' },
      ],
      { severity: [{ type: 'Ubuntu', score: 'critical' }] },
    ),
  ];
  test('a fix for subscribers needs Pro, and is asked for where there is no other', async () => {
    const said = await judge(hostOf(installed('djvu 1.0-1ubuntu1'), focal), records);
    const findings = [`${cve} djvu 1.0-1ubuntu1 -> 1.0-1ubuntu1+esm1 NEEDS_PRO Medium`];
    expect(said).toEqual({ ...clean, findings });
  });
  test('a host with Pro gets it', async () => {
    const said = await judge(hostOf(installed('djvu 1.0-1ubuntu1', 'tar 1.0+esm1'), focal), [records[0]]);
    expect(said).toEqual({
      ...clean,
      findings: [`${cve} djvu 1.0-1ubuntu1 -> 1.0-1ubuntu1+esm1 FIX_AVAILABLE Medium`],
    });
    expect(await judge(hostOf(installed('djvu 1.0-1ubuntu1+esm1'), focal), [records[0]])).toEqual(clean);
  });
  test('a release without long-term support has no such suffix', async () => {
    const host = hostOf(installed('djvu 1.0'), { os: { id: 'ubuntu', versionId: '25.10' } });
    const only = record(`UBUNTU-${cve}`, [{ ecosystem: 'Ubuntu:25.10', name: 'djvu', fixed: '2.0' }]);
    expect((await judge(host, [only])).findings).toEqual([`${cve} djvu 1.0 -> 2.0 FIX_AVAILABLE Undefined`]);
  });
});

describe('Alpine', () => {
  const alpine = { os: { id: 'alpine', versionId: '3.20.3' } };
  const of = (name: string, fixed: string) => [record(`ALPINE-${cve}`, [{ ecosystem: 'Alpine:v3.20', name, fixed }])];
  test('the origin decides', async () => {
    const said = await judge(hostOf(installed('libcrypto3 3.3.1-r0 < openssl'), alpine), of('openssl', '3.3.2-r0'));
    expect(said.findings).toEqual([`${cve} libcrypto3 3.3.1-r0 -> 3.3.2-r0 FIX_AVAILABLE Undefined`]);
  });
  test('fixed 0 was never affected', async () => {
    expect((await judge(hostOf(installed('openssl 3.3.1-r0'), alpine), of('openssl', '0'))).findings).toEqual([]);
  });
  test('versions that only apk-tools 2 knows are compared', async () => {
    const said = await judge(hostOf(installed('dropbear 5.9.2p1-r0'), alpine), of('dropbear', '5.9.2p1-r1'));
    expect(said.findings).toEqual([`${cve} dropbear 5.9.2p1-r0 -> 5.9.2p1-r1 FIX_AVAILABLE Undefined`]);
    expect(said.notAssessed).toEqual(['Support of the release: '.concat(await ended())]);
  });
  const ended = async (): Promise<string> => {
    const { notAssessed } = await judge(hostOf(installed('a 1'), alpine), of('b', '1'));
    return (notAssessed[0] ?? '').replace('Support of the release: ', '');
  };
});
