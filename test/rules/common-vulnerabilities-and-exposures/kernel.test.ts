import { describe, expect, test } from 'vitest';
import { debianCve, hostOf, installed, judge, record, verdictsOf } from './hosts.ts';

const cve = 'CVE-2024-0001';
const image = (abi: string, version: string): string =>
  `linux-image-${abi}-amd64 ${version} < linux-signed-amd64 ${version.replace('-', '+')}`;
const [older, newer] = [image('6.1.0-28', '6.1.119-1'), image('6.1.0-30', '6.1.124-1')];
const running = { uname: '6.1.0-28-amd64' };

describe('Debian', () => {
  test('an image is of the source linux, by its own version: its signed source sorts after every fix', async () => {
    const said = await judge(hostOf(installed(image('4.19.0-8', '4.19.98-1')), { uname: '4.19.0-8-amd64' }), [
      debianCve(cve, 'linux', '4.19.98-1+deb12u1'),
    ]);
    expect(said).toEqual({
      findings: [`${cve} linux-image-4.19.0-8-amd64 4.19.98-1 -> 4.19.98-1+deb12u1 FIX_AVAILABLE Low`],
      notAssessed: [],
    });
  });
  test('only the running image counts; another with the hole is quiet', async () => {
    const said = await judge(hostOf(installed(older, newer), running), [
      debianCve(cve, 'linux', '6.1.200-1', { urgency: 'high' }),
    ]);
    expect(said.findings).toEqual([
      `${cve} linux-image-6.1.0-28-amd64 6.1.119-1 -> 6.1.200-1 FIX_AVAILABLE High`,
      `${cve} linux-image-6.1.0-30-amd64 6.1.124-1 -> 6.1.200-1 INSTALLED_NOT_RUNNING High`,
    ]);
    const after = await judge(hostOf(installed(older, newer), { uname: '6.1.0-30-amd64' }), [
      debianCve(cve, 'linux', '6.1.124-1', { urgency: 'high' }),
    ]);
    expect(after).toEqual({
      findings: [`${cve} linux-image-6.1.0-28-amd64 6.1.119-1 -> 6.1.124-1 INSTALLED_NOT_RUNNING Informational`],
      notAssessed: [],
    });
  });
  test('a fixed image that is not booted: the finding stays, and says reboot', async () => {
    const host = hostOf(installed(older, newer), running);
    const verdicts = await verdictsOf(host, [debianCve(cve, 'linux', '6.1.124-1')]);
    expect((await judge(host, [debianCve(cve, 'linux', '6.1.124-1')])).findings).toEqual([
      `${cve} linux-image-6.1.0-28-amd64 6.1.119-1 -> 6.1.124-1 REBOOT_NEEDED Low`,
    ]);
    const finding = verdicts.find(({ outcome }) => outcome === 'FINDING');
    expect(finding).toMatchObject({
      finding: {
        recommendation:
          'Restart the host into linux-image-6.1.0-30-amd64 6.1.124-1, which is installed and has the fix.',
      },
    });
  });
  test('what is built with a kernel and runs nothing of it is never found', async () => {
    const beside = installed(
      'linux-libc-dev 6.1.119-1 < linux',
      'linux-perf 6.1.119-1 < linux',
      'linux-headers-6.1.0-28-amd64 6.1.119-1 < linux',
      'linux-doc-6.1 6.1.119-1 < linux',
      'linux-kbuild-6.1 6.1.119-1 < linux',
      'bpftool 7.1.0+6.1.119-1 < linux 6.1.119-1',
      'linux-image-amd64 6.1.119-1 < linux-signed-amd64 6.1.119+1',
      'linux-image-6.1.0-28-amd64-dbg 6.1.119-1 < linux',
    );
    expect(await judge(hostOf(beside), [debianCve(cve, 'linux')])).toEqual({ findings: [], notAssessed: [] });
  });
  test('a source that only begins alike is none of it', async () => {
    const { findings } = await judge(hostOf(installed('linux-atm-tools 2.5 < linux-atm')), [
      debianCve(cve, 'linux-atm'),
    ]);
    expect(findings).toEqual([`${cve} linux-atm-tools 2.5 -> null NO_FIX Low`]);
  });
  test.each([
    'linux-image-6.1.0-28-amd64-unsigned',
    'linux-image-6.1.0-28-cloud-amd64-unsigned',
    'linux-image-unsigned-6.1.0-28-amd64',
  ])('%s runs as the signed one does', async (name) => {
    const uname = name.includes('cloud') ? '6.1.0-28-cloud-amd64' : '6.1.0-28-amd64';
    const host = hostOf(installed(`${name} 6.1.119-1 < linux`), { uname });
    expect(await judge(host, [debianCve(cve, 'linux', '6.1.124-1', { urgency: 'high' })])).toEqual({
      findings: [`${cve} ${name} 6.1.119-1 -> 6.1.124-1 FIX_AVAILABLE High`],
      notAssessed: [],
    });
  });
  test('a later branch is a source of its own', async () => {
    const backported = 'linux-image-6.1.0-0.deb11.5-amd64 6.1.55-1 < linux-signed-6.1-amd64 6.1.55+1';
    const host = hostOf(installed(backported), { uname: '6.1.0-0.deb11.5-amd64' });
    const { findings } = await judge(host, [
      debianCve(cve, 'linux-6.1', '6.1.90-1'),
      debianCve('CVE-2024-0002', 'linux'),
    ]);
    expect(findings).toEqual([`${cve} linux-image-6.1.0-0.deb11.5-amd64 6.1.55-1 -> 6.1.90-1 FIX_AVAILABLE Low`]);
  });
});

describe('what runs and is not known is said', () => {
  const records = [debianCve(cve, 'linux')];
  const quiet = [`${cve} linux-image-6.1.0-28-amd64 6.1.119-1 -> null INSTALLED_NOT_RUNNING Informational`];
  test('no kernel seen, as in a mounted image', async () => {
    const { findings, notAssessed } = await judge(hostOf(installed(older)), records);
    expect(findings).toEqual([`${cve} linux-image-6.1.0-28-amd64 6.1.119-1 -> null NO_FIX Low`]);
    expect(notAssessed).toEqual([
      expect.stringMatching(/^Running kernel: which kernel runs is not known, so each installed one .*: linux-image/),
    ]);
  });
  test('no kernel seen and the fixed image installed: which of them runs is left open', async () => {
    const host = hostOf(installed(older, newer));
    const [verdict] = (await verdictsOf(host, [debianCve(cve, 'linux', '6.1.124-1')])).filter(
      ({ outcome }) => outcome === 'FINDING',
    );
    expect(verdict).toMatchObject({
      finding: {
        state: 'REBOOT_NEEDED',
        severity: 'Low',
        description: expect.stringContaining('which kernel runs is not known'),
        recommendation: expect.stringMatching(/^Make sure that the host runs linux-image-6\.1\.0-30-amd64/),
      },
    });
  });
  test('a kernel of no package', async () => {
    const { findings, notAssessed } = await judge(hostOf(installed(older), { uname: '6.6.0-custom' }), records);
    expect(findings).toEqual(quiet);
    expect(notAssessed).toEqual([expect.stringMatching(/6\.6\.0-custom is of no installed package/)]);
  });
  test('in a container, the kernel is its host’s, whatever is installed', async () => {
    const host = hostOf(installed(older), { ...running, os: { container: '/.dockerenv' } });
    expect(await judge(host, records)).toEqual({ findings: quiet, notAssessed: [] });
  });
});

describe('other distributions', () => {
  test.each(['allwinner-5.19', 'nobody-knows', 'meta-hwe-9.9'])(
    'Ubuntu: the kernel linux-%s is known by what is made of it',
    async (flavour) => {
      const os = { os: { id: 'ubuntu', versionId: '22.04' }, uname: '5.19.0-1009-odd' };
      const source = `linux-${flavour}`;
      const name = source.replace('-meta', '');
      const records = [record(`UBUNTU-${cve}`, [{ ecosystem: 'Ubuntu:22.04:LTS', name }])];
      const headers = `linux-headers-5.19.0-1009-odd 5.19.0-1009.9 < ${source}`;
      expect(await judge(hostOf(installed(headers), os), records)).toMatchObject({ findings: [] });
      const image = `linux-image-5.19.0-1009-odd 5.19.0-1009.9 < ${source}`;
      expect((await judge(hostOf(installed(image, headers), os), records)).findings).toEqual([
        `${cve} linux-image-5.19.0-1009-odd 5.19.0-1009.9 -> null NO_FIX Undefined`,
      ]);
    },
  );
  test('Ubuntu: a flavour is a source of its own, a signed image its flavour’s', async () => {
    const host = hostOf(
      installed(
        'linux-image-6.8.0-1012-aws 6.8.0-1012.13 < linux-signed-aws',
        'linux-headers-aws 6.8.0-1012.13 < linux-meta-aws',
      ),
      {
        os: { id: 'ubuntu', versionId: '24.04' },
        uname: '6.8.0-1012-aws',
      },
    );
    const of = (id: string, name: string) =>
      record(`UBUNTU-${id}`, [{ ecosystem: 'Ubuntu:24.04:LTS', name, fixed: '6.8.0-1020.1' }]);
    const { findings } = await judge(host, [
      of(cve, 'linux-aws'),
      of('CVE-2024-0002', 'linux'),
      of('CVE-2024-0003', 'linux-meta-aws'),
    ]);
    expect(findings).toEqual([
      `${cve} linux-image-6.8.0-1012-aws 6.8.0-1012.13 -> 6.8.0-1020.1 FIX_AVAILABLE Undefined`,
    ]);
  });

  const rpmCve = (ecosystem: string, names: string[], fixed: string) =>
    record(
      'ALSA-2024:1',
      names.map((name) => ({ ecosystem, name, fixed })),
      { upstream: [], related: [cve], summary: 'Low: kernel' },
    );
  test('RHEL family: version, release and architecture are uname -r', async () => {
    const names = [
      'kernel',
      'kernel-core',
      'kernel-modules',
      'kernel-headers',
      'kernel-devel',
      'kernel-tools',
      'bpftool',
      'perf',
    ];
    const builds = ['5.14.0-362.8.1.el9_3', '5.14.0-427.13.1.el9_4'];
    const packages = builds.flatMap((build) => installed(...names.map((name) => `${name} ${build} < kernel`)));
    const host = hostOf(packages, { os: { id: 'almalinux', versionId: '9.3' }, uname: '5.14.0-362.8.1.el9_3.x86_64' });
    const { findings } = await judge(host, [rpmCve('AlmaLinux:9', names, '5.14.0-427.13.1.el9_4')]);
    expect(findings).toEqual(
      ['kernel', 'kernel-core', 'kernel-modules'].map(
        (name) => `${cve} ${name} ${builds[0]} -> ${builds[1]} REBOOT_NEEDED Low`,
      ),
    );
  });
  test('SUSE: the release without its last part, and the flavour', async () => {
    const host = hostOf(installed('kernel-default 5.14.21-150500.55.39.1', 'kernel-default 5.14.21-150500.55.44.1'), {
      os: { id: 'opensuse-leap', versionId: '15.6' },
      uname: '5.14.21-150500.55.39-default',
    });
    const { findings } = await judge(host, [
      rpmCve('openSUSE:Leap 15.6', ['kernel-default'], '5.14.21-150500.55.50.1'),
    ]);
    expect(findings.map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      '5.14.21-150500.55.39.1 -> 5.14.21-150500.55.50.1 FIX_AVAILABLE Low',
      '5.14.21-150500.55.44.1 -> 5.14.21-150500.55.50.1 INSTALLED_NOT_RUNNING Low',
    ]);
  });
  test('Alpine', async () => {
    const host = hostOf(
      installed('linux-lts 6.6.41-r0', 'linux-lts-dev 6.6.41-r0 < linux-lts', 'linux-firmware 2024-r0'),
      {
        os: { id: 'alpine', versionId: '3.22.1' },
        uname: '6.6.41-0-lts',
      },
    );
    const said = await judge(host, [
      record(`ALPINE-${cve}`, [{ ecosystem: 'Alpine:v3.22', name: 'linux-lts', fixed: '6.6.50-r0' }]),
    ]);
    expect(said).toEqual({
      findings: [`${cve} linux-lts 6.6.41-r0 -> 6.6.50-r0 FIX_AVAILABLE Undefined`],
      notAssessed: [],
    });
  });
});
