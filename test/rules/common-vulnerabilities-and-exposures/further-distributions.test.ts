/** Distributions with one ecosystem a release, or that roll: each by records as it publishes them. */
import { describe, expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { at, clean, hostOf, judge, record, type Said } from './hosts.ts';

const cve = 'CVE-2026-1000';

/** How long releases are supported is a matter of its own. */
const ofPackages = ({ findings, notAssessed }: Said): Said => ({
  findings,
  notAssessed: notAssessed.filter((each) => !each.startsWith('Support of the release: ')),
});

describe.each([
  {
    system: 'Wolfi',
    os: { id: 'wolfi', versionId: '20230201', prettyName: 'Wolfi' },
    manager: 'apk',
    ecosystem: 'Wolfi',
    id: `WOLFI-${cve}`,
    versions: ['3.3.0-r1', '3.3.0-r10'],
    vendor: 'Wolfi <hello@chainguard.dev>',
  },
  {
    system: 'Chainguard',
    os: { id: 'chainguard', versionId: '20230214', prettyName: 'Chainguard' },
    manager: 'apk',
    ecosystem: 'Chainguard',
    id: 'CGA-2c2h-8fj5-55vx',
    versions: ['2.5.7-r0', '2.5.7-r1'],
    vendor: undefined,
  },
  {
    system: 'Azure Linux',
    os: { id: 'azurelinux', versionId: '3.0', prettyName: 'Microsoft Azure Linux 3.0' },
    manager: 'rpm',
    ecosystem: 'Azure Linux:3',
    id: 'AZL-50001',
    versions: ['1.2-9.azl3', '1.2-10.azl3'],
    vendor: 'Microsoft Corporation',
  },
  {
    system: 'CBL-Mariner',
    os: { id: 'mariner', versionId: '2.0', prettyName: 'CBL-Mariner/Linux' },
    manager: 'rpm',
    ecosystem: 'Azure Linux:2',
    id: 'AZL-50001',
    versions: ['1.2-9.cm2', '1.2-10.cm2'],
    vendor: 'Microsoft Corporation',
  },
  {
    system: 'openEuler with a service pack',
    os: { id: 'openeuler', versionId: '22.03', prettyName: 'openEuler 22.03 (LTS-SP3)' },
    manager: 'rpm',
    ecosystem: 'openEuler:22.03-LTS-SP3',
    id: 'OESA-2026-1001',
    versions: ['1.2-4.oe2203sp3', '1.2-5.oe2203sp3'],
    vendor: 'http://openeuler.org',
  },
  {
    system: 'Photon OS',
    os: { id: 'photon', versionId: '5.0', prettyName: 'VMware Photon OS/Linux' },
    manager: 'rpm',
    ecosystem: 'Photon OS:5.0',
    id: `PHOTON-${cve}`,
    versions: ['8.15.0-1.ph5', '8.16.0-1.ph5'],
    vendor: 'VMware, Inc.',
  },
] as const)('$system', ({ os, manager, ecosystem, id, versions: [before, fixed], vendor }) => {
  const records = [record(id, [{ ecosystem, name: 'thing', fixed }], { upstream: [cve] })];
  const host = (version: string, by: string | undefined = vendor) =>
    hostOf([{ name: 'thing', version, sourceName: 'thing', ...(by === undefined ? {} : { vendor: by }) }], {
      os,
      manager,
    });

  test('what is older than the fix is found, and the fix is not', async () => {
    expect(ofPackages(await judge(host(before), records))).toEqual({
      findings: [`${cve} thing ${before} -> ${fixed} FIX_AVAILABLE Undefined`],
      notAssessed: [],
    });
    expect(ofPackages(await judge(host(fixed), records))).toEqual(clean);
  });

  test('without advisories of the release nothing is told as clean', async () => {
    const others = [record(id, [{ ecosystem: 'Debian:12', name: 'thing', fixed }], { upstream: [cve] })];
    const { notAssessed } = await judge(host(before), others);
    expect(notAssessed[0]).toContain(`there are no advisories for ${ecosystem}`);
  });

  test('the severity of a CVE that it does not rate is borrowed from another record of it, which is named', async () => {
    const of = async (...others: object[]): Promise<unknown> => {
      const advisories = await advisoriesFromRecords([...records, ...others]);
      const verdicts = rules.evaluate(host(before), { advisories, at });
      advisories.close();
      return verdicts.flatMap((each) => (each.outcome === 'FINDING' ? [each.finding] : []));
    };
    const elsewhere = [{ ecosystem: 'Debian:12', name: 'thing', fixed: '9' }];
    const scored = record(`DEBIAN-${cve}`, elsewhere, {
      upstream: [cve],
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    });
    const rated = record('ALSA-2026:1', [{ ecosystem: 'AlmaLinux:9', name: 'thing', fixed: '9-1' }], {
      related: [cve],
      summary: 'Moderate: thing security update',
    });
    const why = 'as the distribution gives no rating and no CVSS vector';
    expect(await of(scored, rated)).toMatchObject([
      {
        severity: 'High',
        description: expect.stringContaining(`CVSS 3.1 base score 7.5, borrowed from DEBIAN-${cve} ${why}`),
      },
    ]);
    expect(await of(rated)).toMatchObject([
      {
        severity: 'Medium',
        description: expect.stringContaining(`rated "moderate" (ALSA-2026:1) by another distribution, ${why}`),
      },
    ]);
    // Its own word goes before what others say.
    const own = record(id, [{ ecosystem, name: 'thing', fixed }], {
      upstream: [cve],
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N' }],
    });
    const advisories = await advisoriesFromRecords([own, scored, rated]);
    const [found] = rules.evaluate(host(before), { advisories, at }).filter(({ outcome }) => outcome === 'FINDING');
    advisories.close();
    expect(found).toMatchObject({ finding: { severity: 'Low', description: expect.not.stringContaining('borrowed') } });
  });

  test('packages of somebody else are not compared', async () => {
    const other = manager === 'apk' ? 'Nginx Packaging <nginx-packaging@f5.com>' : 'Some Vendor Inc.';
    expect((await judge(host(before, other), records)).findings).toEqual([]);
  });
});

test('a service pack is a release of its own', async () => {
  const os = { id: 'openeuler', versionId: '22.03', prettyName: 'openEuler 22.03 (LTS-SP4)' };
  const records = [
    record('OESA-2026-1001', [{ ecosystem: 'openEuler:22.03-LTS-SP3', name: 'thing', fixed: '2-1' }], {
      upstream: [cve],
    }),
  ];
  const { findings, notAssessed } = await judge(
    hostOf([{ name: 'thing', version: '1-1', sourceName: 'thing', vendor: 'http://openeuler.org' }], { os }),
    records,
  );
  expect(findings).toEqual([]);
  expect(notAssessed[0]).toContain('there are no advisories for openEuler:22.03-LTS-SP4');
});

test('an epoch that the records of Photon OS leave out does not decide', async () => {
  const records = [
    record(`PHOTON-${cve}`, [{ ecosystem: 'Photon OS:5.0', name: 'curl', fixed: '8.16.0-1.ph5' }], { upstream: [cve] }),
  ];
  const host = (version: string) =>
    hostOf([{ name: 'curl-libs', version: `1:${version}`, sourceName: 'curl', sourceVersion: version }], {
      os: { id: 'photon', versionId: '5.0' },
    });
  expect((await judge(host('8.15.0-1.ph5'), records)).findings).toHaveLength(1);
  expect((await judge(host('8.16.0-1.ph5'), records)).findings).toEqual([]);
});
