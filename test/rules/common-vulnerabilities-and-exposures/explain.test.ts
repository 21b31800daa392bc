import { describe, expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { explain } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/explain.ts';
import { at, debianCve, type HostOptions, hostOf, installed, record } from './hosts.ts';

const cve = 'CVE-2024-0001';
const why = async (lines: readonly string[], records: readonly unknown[], options: HostOptions = {}) =>
  explain(hostOf(installed(...lines), options), { at, advisories: await advisoriesFromRecords(records) }, cve);

test('affected, by which comparison', async () => {
  const records = [
    debianCve(cve, 'openssl', '3.0.15-1'),
    record('DSA-1-1', [{ ecosystem: 'Debian:12', name: 'openssl', fixed: '3.0.15-1' }], { upstream: [cve] }),
  ];
  expect(await why(['libssl3 3.0.11-1 < openssl', 'zlib1g 1'], records)).toEqual({
    cve,
    outcome: 'AFFECTED',
    reason: 'affected: libssl3 3.0.11-1',
    packages: [
      {
        name: 'libssl3',
        sourceName: 'openssl',
        installedVersion: '3.0.11-1',
        fixedVersion: '3.0.15-1',
        outcome: 'AFFECTED',
        state: 'FIX_AVAILABLE',
        decisions: [
          {
            record: `DEBIAN-${cve}`,
            ecosystem: 'Debian:12',
            comparison: '3.0.11-1 < 3.0.15-1 (fixed)',
            link: `https://security-tracker.debian.org/tracker/${cve}`,
          },
        ],
        announcements: [{ record: 'DSA-1-1', link: 'https://security-tracker.debian.org/tracker/DSA-1-1' }],
      },
    ],
  });
});

describe('not affected, and because of what', () => {
  test('the installed version has the fix', async () => {
    const { outcome, packages } = await why(['openssl 3.0.15-1'], [debianCve(cve, 'openssl', '3.0.15-1')]);
    expect(outcome).toBe('NOT_AFFECTED');
    expect(packages).toMatchObject([
      { outcome: 'NOT_AFFECTED', fixedVersion: null, decisions: [{ comparison: '3.0.15-1 >= 3.0.15-1 (fixed)' }] },
    ]);
  });
  test('the distribution says so', async () => {
    const { packages } = await why(['openssl 3.0.15-1'], [debianCve(cve, 'openssl', '0')]);
    expect(packages[0]?.decisions[0]?.comparison).toBe('the distribution says that the package is not affected');
  });
  test('the package is not installed, or the CVE has no record', async () => {
    expect(await why(['zlib1g 1'], [debianCve(cve, 'openssl')])).toMatchObject({
      outcome: 'NOT_AFFECTED',
      reason: `DEBIAN-${cve} names no package that is installed here for Debian:12`,
      packages: [],
    });
    const elsewhere = record(`DEBIAN-${cve}`, [{ ecosystem: 'Debian:11', name: 'openssl' }]);
    expect(await why(['openssl 1'], [elsewhere, debianCve('CVE-2024-0002', 'openssl')])).toMatchObject({
      outcome: 'NOT_AFFECTED',
    });
  });
  test('headers of a kernel run nothing', async () => {
    expect(await why(['linux-libc-dev 6.1.1-1 < linux'], [debianCve(cve, 'linux')])).toMatchObject({
      outcome: 'NOT_AFFECTED',
      packages: [
        { name: 'linux-libc-dev', outcome: 'NOT_AFFECTED', reason: expect.stringContaining('runs nothing of it') },
      ],
    });
  });
});

describe('not assessed, and because of what', () => {
  test('no record of the distribution names the CVE: its absence says nothing', async () => {
    const others = [debianCve('CVE-2024-0002', 'openssl')];
    expect(await why(['zlib1g 1'], others)).toMatchObject({
      outcome: 'NOT_ASSESSED',
      reason: expect.stringContaining('nor does one of any other distribution'),
    });
    const ubuntu = record(`UBUNTU-${cve}`, [{ ecosystem: 'Ubuntu:22.04:LTS', name: 'zlib' }]);
    expect(await why(['zlib1g 1 < zlib'], [...others, ubuntu])).toMatchObject({
      outcome: 'NOT_ASSESSED',
      reason: expect.stringContaining(`only UBUNTU-${cve} of other distributions`),
    });
  });
  test('a record that could not be read is named', async () => {
    const broken = record(`DEBIAN-${cve}`, [{ ecosystem: 'Debian:12', name: 'openssl', events: [{ nothing: '1' }] }]);
    expect(await why(['openssl 1'], [broken, debianCve('CVE-2024-0002', 'openssl')])).toMatchObject({
      outcome: 'NOT_ASSESSED',
      packages: [{ decisions: [{ comparison: expect.stringContaining(`DEBIAN-${cve} could not be read`) }] }],
    });
  });
  test.each(['linux-perf', 'bpftool', 'linux-tools-6.1'])(
    '%s is built from the kernel, whose records do not say',
    async (name) => {
      expect(await why([`${name} 6.1.1-1 < linux`], [debianCve(cve, 'linux')])).toMatchObject({
        outcome: 'NOT_ASSESSED',
        packages: [{ reason: expect.stringContaining('do not say whether they are about it') }],
      });
    },
  );
  test('a package that is not the distribution’s', async () => {
    expect(await why(['openssl 3.0.11-1~bpo12+1'], [debianCve(cve, 'openssl', '3.0.15-1')])).toMatchObject({
      outcome: 'NOT_ASSESSED',
      packages: [
        {
          outcome: 'NOT_ASSESSED',
          reason: expect.stringContaining('Assay has no advisories'),
          decisions: [{ comparison: 'not compared' }],
        },
      ],
    });
  });
  test('a release that is over: its silence is none', async () => {
    const records = [record(`DEBIAN-${cve}`, [{ ecosystem: 'Debian:10', name: 'openssl', fixed: '1' }])];
    expect(await why(['zlib1g 1'], records, { os: { versionId: '10' } })).toMatchObject({
      outcome: 'NOT_ASSESSED',
      reason: expect.stringContaining('Debian 10 is past its end of life'),
    });
  });
  test('no advisories, none of the release, no packages, no system', async () => {
    expect(explain(hostOf(installed('a 1')), { at }, cve).reason).toContain('assay feeds update');
    expect((await why(['a 1'], [debianCve(cve, 'a')], { os: { versionId: '13' } })).reason).toContain(
      'no advisories for Debian:13',
    );
    expect((await why(['a 1'], [debianCve(cve, 'a')], { os: { id: 'haiku' } })).outcome).toBe('NOT_ASSESSED');
    const advisories = await advisoriesFromRecords([debianCve(cve, 'a')]);
    expect(explain({}, { at, advisories }, cve).outcome).toBe('NOT_ASSESSED');
  });
});

test('a restart that is missing is the state', async () => {
  const image = (abi: string, version: string): string =>
    `linux-image-${abi}-amd64 ${version} < linux-signed-amd64 ${version.replace('-', '+')}`;
  const lines = [image('6.1.0-28', '6.1.119-1'), image('6.1.0-30', '6.1.124-1')];
  const { packages } = await why(lines, [debianCve(cve, 'linux', '6.1.124-1')], { uname: '6.1.0-28-amd64' });
  expect(packages.map(({ outcome, state }) => [outcome, state])).toEqual([
    ['AFFECTED', 'REBOOT_NEEDED'],
    ['NOT_AFFECTED', undefined],
  ]);
});
