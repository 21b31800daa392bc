import { describe, expect, test } from 'vitest';
import { clean, hostOf, type InstalledPackage, installed, judge, record } from './hosts.ts';

const cve = 'CVE-2024-0001';

describe('Ubuntu: FIPS builds are judged by their own records alone', () => {
  const focal = { os: { id: 'ubuntu', versionId: '22.04' } };
  const of = (ecosystem: string, fixed: string) => record(`UBUNTU-${cve}`, [{ ecosystem, name: 'openssl', fixed }]);
  const plain = of('Ubuntu:22.04:LTS', '3.0.2-0ubuntu1.17');

  test.each(['3.0.2-0ubuntu1.15+Fips1.3', '3.0.2-0ubuntu1.fips.2', '3.0.2-0ubuntu2+fips1'])(
    '%s: without any, it is not assessed',
    async (version) => {
      const { findings, notAssessed } = await judge(hostOf(installed(`libssl3 ${version} < openssl`), focal), [plain]);
      expect(findings).toEqual([]);
      expect(notAssessed).toEqual([expect.stringMatching(/^Package openssl: libssl3 .*: a FIPS build, which counts/)]);
    },
  );
  test('with them, they decide, and the ordinary fix does not', async () => {
    const own = record('UBUNTU-CVE-2024-0002', [
      { ecosystem: 'Ubuntu:Pro:FIPS-updates:22.04:LTS', name: 'openssl', fixed: '3.0.2-0ubuntu1.16+Fips1' },
    ]);
    const host = (version: string) => hostOf(installed(`libssl3 ${version} < openssl`), focal);
    expect(await judge(host('3.0.2-0ubuntu1.15+Fips1.3'), [plain, own])).toEqual({
      ...clean,
      findings: ['CVE-2024-0002 libssl3 3.0.2-0ubuntu1.15+Fips1.3 -> 3.0.2-0ubuntu1.16+Fips1 FIX_AVAILABLE Undefined'],
    });
    expect(await judge(host('3.0.2-0ubuntu1.16+Fips1'), [plain, own])).toEqual(clean);
    expect((await judge(host('3.0.2-0ubuntu1.15'), [plain, own])).findings).toEqual([
      `${cve} libssl3 3.0.2-0ubuntu1.15 -> 3.0.2-0ubuntu1.17 FIX_AVAILABLE Undefined`,
    ]);
  });
});

describe('Ubuntu: kernels that have an ecosystem of their own', () => {
  const other = record('UBUNTU-CVE-2024-0009', [{ ecosystem: 'Ubuntu:22.04:LTS', name: 'other', fixed: '1' }]);
  test.each([
    ['realtime', 'Ubuntu:Pro:Realtime:22.04:LTS'],
    ['realtime', 'Ubuntu:Pro:22.04:LTS:Realtime:Kernel'],
    ['bluefield', 'Ubuntu:Nvidia-BlueField:22.04:LTS'],
    ['bluefield', 'Ubuntu:22.04:LTS:for:NVIDIA:BlueField'],
  ])('linux-%s is judged by the records of %s', async (flavour, ecosystem) => {
    const name = `linux-image-5.15.0-1032-${flavour}`;
    const options = { os: { id: 'ubuntu', versionId: '22.04' }, uname: `5.15.0-1032-${flavour}` };
    const judged = async (ecosystem: string, version: string) =>
      await judge(hostOf(installed(`${name} ${version} < linux-${flavour}`), options), [
        other,
        record(`UBUNTU-${cve}`, [{ ecosystem, name: `linux-${flavour}`, fixed: '5.15.0-1040.45' }]),
      ]);
    expect((await judged(ecosystem, '5.15.0-1032.35')).findings).toEqual([
      `${cve} ${name} 5.15.0-1032.35 -> 5.15.0-1040.45 FIX_AVAILABLE Undefined`,
    ]);
    expect((await judged(ecosystem, '5.15.0-1040.45')).findings).toEqual([]);
    // Alone they do not cover the release: its other packages would read as clean.
    const alone = record(`UBUNTU-${cve}`, [{ ecosystem, name: `linux-${flavour}`, fixed: '5.15.0-1040.45' }]);
    expect((await judge(hostOf(installed('tool 1.0-1'), options), [alone])).notAssessed.join()).toContain(
      'there are no advisories for Ubuntu:22.04:LTS',
    );
    expect((await judged(ecosystem.replace('22', '20'), '5.15.0-1032.35')).findings).toEqual([]);
  });
});

describe('RHEL: an extended stream fixes its own builds', () => {
  const redHat = (name: string, version: string): InstalledPackage[] => [{ name, version, vendor: 'Red Hat, Inc.' }];
  const rhsa = (id: string, ecosystem: string, fixed: string) =>
    record(id, [{ ecosystem, name: 'kernel-core', fixed }], { upstream: [], related: [cve] });
  const main = rhsa('RHSA-2024:0001', 'Red Hat:enterprise_linux:9::baseos', '5.14.0-503.23.2.el9_5');
  const eus = rhsa('RHSA-2024:0002', 'Red Hat:rhel_eus:9.4::baseos', '5.14.0-427.50.2.el9_4');
  const host = (version: string, versionId = '9.4') =>
    hostOf(redHat('kernel-core', version), { os: { id: 'rhel', versionId }, uname: `${version}.x86_64` });
  const affected = (version: string) => [
    `${cve} kernel-core ${version} -> 5.14.0-503.23.2.el9_5 FIX_AVAILABLE Undefined`,
  ];

  test('the build with its fix', async () => {
    expect((await judge(host('5.14.0-427.50.2.el9_4'), [main, eus])).findings).toEqual([]);
    // The build says of which stream it is, whatever os-release says since.
    expect((await judge(host('5.14.0-427.50.2.el9_4', '9.5'), [main, eus])).findings).toEqual([]);
  });
  test('the build before it, and one whose stream has no fix', async () => {
    expect((await judge(host('5.14.0-427.49.1.el9_4'), [main, eus])).findings).toEqual(
      affected('5.14.0-427.49.1.el9_4'),
    );
    expect((await judge(host('5.14.0-362.8.1.el9_3'), [main, eus])).findings).toEqual(affected('5.14.0-362.8.1.el9_3'));
  });
  test('a fix of another minor release settles nothing', async () => {
    const other = rhsa('RHSA-2024:0003', 'Red Hat:rhel_eus:9.2::baseos', '5.14.0-284.1.1.el9_2');
    expect((await judge(host('5.14.0-427.50.2.el9_4'), [main, other])).findings).toEqual(
      affected('5.14.0-427.50.2.el9_4'),
    );
  });
});

describe('SUSE: releases as the records name them', () => {
  const suse = (id: string, versionId: string) =>
    hostOf([{ name: 'libzip5', version: '1.0-1.1', sourceName: 'libzip', vendor: 'SUSE LLC' }], {
      os: { id, versionId },
    });
  test.each([
    ['sles', '15.6', 'SUSE:Linux Enterprise Module for Basesystem 15 SP6'],
    ['sles', '15', 'SUSE:Linux Enterprise Server 15-LTSS'],
    ['sles', '16.0', 'SUSE:Linux Enterprise Server 16.0'],
    ['sled', '16.1', 'SUSE:Linux Enterprise Desktop 16.1'],
    ['sle-micro', '5.5', 'SUSE:Linux Enterprise Micro 5.5'],
    ['sl-micro', '6.1', 'SUSE:Linux Micro 6.1'],
    ['opensuse-leap', '16.0', 'openSUSE:Leap 16.0'],
    ['opensuse-leap-micro', '6.1', 'openSUSE:Leap Micro 6.1'],
    ['opensuse-tumbleweed', '20261128', 'openSUSE:Tumbleweed'],
  ])('%s %s is %s', async (id, versionId, ecosystem) => {
    const binaries = [{ libzip5: '1.0-2.1' }];
    const records = [
      record('SUSE-SU-2024:1-1', [{ ecosystem, name: 'libzip', fixed: '1.0-2.1', specific: { binaries } }], {
        upstream: [],
        related: [cve],
      }),
    ];
    expect((await judge(suse(id, versionId), records)).findings).toEqual([
      `${cve} libzip5 1.0-1.1 -> 1.0-2.1 FIX_AVAILABLE Undefined`,
    ]);
  });
  test('16.1 is not 16.0, and no release of Micro is one of the server', async () => {
    for (const ecosystem of ['SUSE:Linux Enterprise Server 16.1', 'SUSE:Linux Enterprise Micro for Rancher 16.0']) {
      const records = [record('SUSE-SU-2024:1-1', [{ ecosystem, name: 'libzip' }], { upstream: [], related: [cve] })];
      const { notAssessed } = await judge(suse('sles', '16.0'), records);
      expect(notAssessed[0]).toMatch(/there are no advisories for SUSE:\* 16\.0/);
    }
  });
});
