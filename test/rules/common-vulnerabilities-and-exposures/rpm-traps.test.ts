import { describe, expect, test } from 'vitest';
import { clean, hostOf, type InstalledPackage, installed, judge, record } from './hosts.ts';

const cve = 'CVE-2024-0001';
const alma = { os: { id: 'almalinux', versionId: '9.4' } };
const alsa = (name: string, fixed: string, summary = 'Important: a security update', ecosystem = 'AlmaLinux:9') =>
  record('ALSA-2024:0001', [{ ecosystem, name, fixed }], { upstream: [], related: [cve], summary });

describe('AlmaLinux', () => {
  test('the major version, binary names, epochs always', async () => {
    const host = hostOf(installed('openssl-libs 1:3.0.7-24.el9 < openssl'), alma);
    const said = await judge(host, [alsa('openssl-libs', '1:3.0.7-27.el9')]);
    expect(said).toEqual({
      ...clean,
      findings: [`${cve} openssl-libs 1:3.0.7-24.el9 -> 1:3.0.7-27.el9 FIX_AVAILABLE High`],
    });
    expect(await judge(host, [alsa('openssl-libs', '3.0.7-27.el9')])).toEqual(clean);
    expect(await judge(host, [alsa('openssl', '1:3.0.7-27.el9')])).toEqual(clean);
  });
  test('a signing key is no package', async () => {
    expect(
      await judge(hostOf(installed('bash 5.1-1.el9', 'gpg-pubkey b86b3716-61e69f29'), alma), [alsa('gpg-pubkey', '9')]),
    ).toEqual(clean);
  });
  test('of another vendor, or of none among packages that have one', async () => {
    const packages: InstalledPackage[] = [
      { name: 'bash', version: '5.1-1.el9', vendor: 'AlmaLinux' },
      { name: 'htop', version: '3.2-1.el9', vendor: 'Fedora Project' },
      { name: 'agent', version: '1-1' },
    ];
    const { findings, notAssessed } = await judge(hostOf(packages, alma), [alsa('htop', '9'), alsa('agent', '9')]);
    expect(findings).toEqual([]);
    expect(notAssessed).toEqual([
      expect.stringMatching(/^Package agent: agent 1-1: names no vendor, as packages built locally do/),
      expect.stringMatching(/^Package htop: htop 3.2-1.el9: built by "Fedora Project"/),
    ]);
  });
});

describe('modules of RHEL 8 and what is built from it', () => {
  const eight = { os: { id: 'almalinux', versionId: '8.10' } };
  const node = (version: string, module?: string): InstalledPackage[] => [
    { name: 'nodejs', version, ...(module === undefined ? {} : { module }) },
  ];
  const fix18 = '1:18.20.4-1.module_el8.10.0+3894+9cb6ba34';
  const records = [alsa('nodejs', fix18, 'Important: nodejs:18 security update', 'AlmaLinux:8')];
  const old = '1:18.14.2-1.module_el8.7.0+3529+16c1ff3e';

  test('of the same stream', async () => {
    const said = await judge(hostOf(node(old, 'nodejs:18:8070020230314:16c1ff3e'), eight), records);
    expect(said).toEqual({ ...clean, findings: [`${cve} nodejs ${old} -> ${fix18} FIX_AVAILABLE High`] });
  });
  test('of another stream, and of no module', async () => {
    expect(await judge(hostOf(node('1:16.1-1.module_el8.7.0+1+2', 'nodejs:16:8070:x'), eight), records)).toEqual(clean);
    expect(await judge(hostOf(node('1:10.1-1.el8'), eight), records)).toEqual(clean);
  });
  test('a package from a module and a record that is about none', async () => {
    const plain = [alsa('nodejs', '1:99-1.el8', 'Important: nodejs security update', 'AlmaLinux:8')];
    expect(await judge(hostOf(node(old, 'nodejs:18:1:x'), eight), plain)).toEqual(clean);
  });
  test('without its label, or where the record names no stream: not assessed, and said', async () => {
    const unlabelled = await judge(hostOf(node(old), eight), records);
    expect(unlabelled.findings).toEqual([]);
    expect(unlabelled.notAssessed).toEqual([expect.stringMatching(/MODULARITYLABEL is not known for CVE-2024-0001$/)]);
    const unnamed = await judge(hostOf(node(old, 'nodejs:18:1:x'), eight), [
      alsa('nodejs', fix18, 'Important: nodejs security update', 'AlmaLinux:8'),
    ]);
    expect(unnamed.findings).toEqual([]);
    expect(unnamed.notAssessed).toEqual([expect.stringMatching(/does not say which stream.*nodejs:18 is installed/)]);
  });
  test('one fix built for several minor releases: any of them is the fix', async () => {
    const builds = ['1.0-1.module_el8.3.0+1+a', '1.0-1.module_el8.5.0+2+a'];
    const both = record(
      'ALSA-2024:0001',
      builds.map((fixed) => ({ ecosystem: 'AlmaLinux:8', name: 'nodejs', fixed })),
      {
        upstream: [],
        related: [cve],
        summary: 'Low: nodejs:18 security update',
      },
    );
    expect(await judge(hostOf(node('1.0-1.module_el8.4.0+1+a', 'nodejs:18:1:x'), eight), [both])).toEqual(clean);
    const said = await judge(hostOf(node('0.9-1.module_el8.5.0+1+a', 'nodejs:18:1:x'), eight), [both]);
    expect(said.findings).toEqual([`${cve} nodejs 0.9-1.module_el8.5.0+1+a -> ${builds[1]} FIX_AVAILABLE Low`]);
  });
});

describe('Rocky Linux: source names, whose epoch a package of the same version tells', () => {
  const rocky = { os: { id: 'rocky', versionId: '9.3' } };
  const rlsa = (name: string, fixed: string) => [
    record('RLSA-2024:1', [{ ecosystem: 'Rocky Linux:9', name, fixed }], {
      upstream: [],
      related: [cve],
      summary: 'Moderate: x',
    }),
  ];
  const errno = 'perl-Errno 1.30-480.el9 < perl 5.32.1-480.el9';
  test('from a sibling', async () => {
    const host = hostOf(installed(errno, 'perl-libs 4:5.32.1-480.el9 < perl'), rocky);
    expect((await judge(host, rlsa('perl', '4:5.32.1-481.el9'))).findings).toEqual([
      `${cve} perl-Errno 1.30-480.el9 -> 4:5.32.1-481.el9 FIX_AVAILABLE Medium`,
      `${cve} perl-libs 4:5.32.1-480.el9 -> 4:5.32.1-481.el9 FIX_AVAILABLE Medium`,
    ]);
    expect(await judge(host, rlsa('perl', '4:5.32.1-480.el9'))).toEqual(clean);
  });
  test('from nowhere: not assessed where the fix has one, compared where it has none', async () => {
    const { findings, notAssessed } = await judge(hostOf(installed(errno), rocky), rlsa('perl', '4:5.32.1-481.el9'));
    expect(findings).toEqual([]);
    expect(notAssessed).toEqual([expect.stringContaining('no installed package tells the epoch of the source perl')]);
    const said = await judge(hostOf(installed(errno), rocky), rlsa('perl', '0:5.32.1-481.el9'));
    expect(said.findings).toEqual([`${cve} perl-Errno 1.30-480.el9 -> 0:5.32.1-481.el9 FIX_AVAILABLE Medium`]);
  });
});

describe('streams and modules that are ecosystems', () => {
  test('Red Hat: every stream of the major version, none of its extended releases', async () => {
    const rhel = { os: { id: 'rhel', versionId: '9.4' } };
    const of = (id: string, ecosystem: string) =>
      record(id, [{ ecosystem, name: 'pixman', fixed: '0:2-1.el9' }], {
        upstream: [],
        related: [id.replace('RHSA-2024:', 'CVE-2024-000')],
      });
    const said = await judge(hostOf(installed('pixman 1-1.el9'), rhel), [
      of('RHSA-2024:1', 'Red Hat:enterprise_linux:9::appstream'),
      of('RHSA-2024:2', 'Red Hat:enterprise_linux:9::baseos'),
      of('RHSA-2024:3', 'Red Hat:rhel_eus:9.2::appstream'),
      of('RHSA-2024:4', 'Red Hat:enterprise_linux:8::appstream'),
    ]);
    expect(said.findings).toEqual([
      'CVE-2024-0001 pixman 1-1.el9 -> 0:2-1.el9 FIX_AVAILABLE Undefined',
      'CVE-2024-0002 pixman 1-1.el9 -> 0:2-1.el9 FIX_AVAILABLE Undefined',
    ]);
  });
  test('SUSE: every module of the service pack; the fixed version is the binary package’s own', async () => {
    const sles = { os: { id: 'sles', versionId: '15.7' } };
    const of = (id: string, ecosystem: string, binaries?: Record<string, string>) =>
      record(
        id,
        [
          {
            ecosystem,
            name: 'mozilla-nss',
            fixed: '9.0-1',
            ...(binaries ? { specific: { binaries: [binaries] } } : {}),
          },
        ],
        {
          upstream: [],
          related: [id.replace('SUSE-SU-2024:', 'CVE-2024-000')],
        },
      );
    const host = hostOf(
      installed('libfreebl3 3.1-1 < mozilla-nss 3.5-1', 'libsoftokn3 3.1-1 < mozilla-nss 3.5-1'),
      sles,
    );
    const said = await judge(host, [
      of('SUSE-SU-2024:1', 'SUSE:Linux Enterprise Module for Basesystem 15 SP7', { libfreebl3: '3.2-1' }),
      of('SUSE-SU-2024:2', 'SUSE:Linux Enterprise Module for Basesystem 15 SP6', { libfreebl3: '3.2-1' }),
      of('SUSE-SU-2024:3', 'SUSE:Linux Enterprise Module for Server Applications 15 SP7', { libfreebl3: '3.1-1' }),
    ]);
    expect(said).toEqual({ ...clean, findings: ['CVE-2024-0001 libfreebl3 3.1-1 -> 3.2-1 FIX_AVAILABLE Undefined'] });
    const without = await judge(host, [of('SUSE-SU-2024:4', 'SUSE:Linux Enterprise Server 15 SP7')]);
    expect(without.findings.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'CVE-2024-0004 libfreebl3',
      'CVE-2024-0004 libsoftokn3',
    ]);
  });
});
