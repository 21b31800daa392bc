import { describe, expect, test } from 'vitest';
import type { FindingDetails } from '../../../packages/server/src/domain/rules-package.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { rate } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/severity.ts';
import { at, debianCve, hostOf, type InstalledPackage, installed, record } from './hosts.ts';

const cve = 'CVE-2024-0001';
const v31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';

async function findingOf(
  packages: readonly InstalledPackage[],
  records: readonly unknown[],
  more: Parameters<typeof advisoriesFromRecords>[1] = {},
): Promise<FindingDetails> {
  const advisories = await advisoriesFromRecords(records, more);
  const [found, ...others] = rules
    .evaluate(hostOf(packages), { advisories, at })
    .filter(({ outcome }) => outcome === 'FINDING');
  if (found?.outcome !== 'FINDING' || others.length > 0) throw new Error('not one finding');
  return found.finding;
}

test('a finding can be checked by hand: packages, versions, record, link, comparison, severity', async () => {
  const finding = await findingOf(
    installed('libssl3 3.0.11-1 < openssl', 'openssl 3.0.11-1'),
    [
      {
        ...debianCve(cve, 'openssl', '3.0.15-1', { urgency: 'not yet assigned' }),
        details: 'A hole.',
        severity: [{ type: 'CVSS_V3', score: v31 }],
      },
      record('DSA-5764-1', [{ ecosystem: 'Debian:12', name: 'openssl', fixed: '3.0.15-1' }], { upstream: [cve] }),
      record('DSA-9999-1', [{ ecosystem: 'Debian:12', name: 'other', fixed: '1' }], { upstream: [cve] }),
    ],
    {
      more: [
        { kind: 'knownExploited', cve, added: '2024-09-03' },
        { kind: 'epss', cve, score: 0.94321, percentile: 0.999 },
      ],
    },
  );
  expect(finding.title).toBe(`On instance web-1, ${cve} affects libssl3, openssl`);
  expect(finding.description.split('\n\n')).toEqual([
    `libssl3 3.0.11-1, openssl 3.0.11-1 (source openssl 3.0.11-1): fixed in 3.0.15-1. Decided by DEBIAN-${cve} for Debian:12: 3.0.11-1 < 3.0.15-1 (fixed), https://security-tracker.debian.org/tracker/${cve}.`,
    'A hole.',
    `Severity High: CVSS 3.1 base score 7.5 (DEBIAN-${cve}), as the distribution gives no rating. CVSS 3.1: 7.5, ${v31} (DEBIAN-${cve}).`,
    'Announced in DSA-5764-1 (https://security-tracker.debian.org/tracker/DSA-5764-1).',
    'It is known to be exploited (CISA KEV, 2024-09-03). EPSS: 94.3 % likely to be exploited within 30 days, above 99.9 % of all CVEs.',
  ]);
  expect(finding.recommendation).toBe(
    'Run "apt-get update && apt-get install --only-upgrade libssl3 openssl". Then restart the services that use it.',
  );
  expect(Object.fromEntries(finding.attributes.map(({ key, value }) => [key, value]))).toEqual({
    CVE_ID: cve,
    STATE: 'FIX_AVAILABLE',
    package_name: 'libssl3, openssl',
    installed_version: '3.0.11-1',
    fixed_version: '3.0.15-1',
    ADVISORY_ID: `DEBIAN-${cve}, DSA-5764-1`,
    SEVERITY_SOURCE: `CVSS 3.1 base score 7.5 (DEBIAN-${cve}), as the distribution gives no rating`,
    CVSS3_SCORE: '7.5',
    CVSS3_VECTOR: v31,
    KNOWN_EXPLOITED: 'true',
    EPSS_SCORE: '0.94321',
    EPSS_PERCENTILE: '0.999',
  });
  expect(finding).toMatchObject({ severity: 'High', state: 'FIX_AVAILABLE' });
  expect(finding.packages).toEqual([
    {
      name: 'libssl3',
      sourceName: 'openssl',
      installedVersion: '3.0.11-1',
      fixedVersion: '3.0.15-1',
      state: 'FIX_AVAILABLE',
    },
    {
      name: 'openssl',
      sourceName: 'openssl',
      installedVersion: '3.0.11-1',
      fixedVersion: '3.0.15-1',
      state: 'FIX_AVAILABLE',
    },
  ]);
});

test('what does not run hides nothing that does', async () => {
  const images = installed('linux-image-6.1.0-28-amd64 6.1.119-1 < linux', 'tool 1');
  const entries = ['linux', 'tool'].map((name) => ({ ecosystem: 'Debian:12', name }));
  const { severity, state, description } = await findingOf(images, [record(`DEBIAN-${cve}`, entries)]);
  expect([severity, state]).toEqual(['Undefined', 'NO_FIX']);
  expect(description).toContain('tool 1: there is no fixed version yet.');
});

test('two hosts that differ in their name only have findings that differ in it only', async () => {
  const advisories = await advisoriesFromRecords([debianCve(cve, 'openssl')]);
  const titles = ['web-1', 'web-2'].map((hostname) =>
    rules
      .evaluate(hostOf(installed('openssl 1.0'), { os: { hostname } }), { advisories, at })
      .flatMap((verdict) => (verdict.outcome === 'FINDING' ? [verdict.finding.title] : [])),
  );
  expect(titles).toEqual([
    [`On instance web-1, ${cve} affects openssl`],
    [`On instance web-2, ${cve} affects openssl`],
  ]);
});

describe('whatever the host and the feeds say, the API’s bounds hold', () => {
  test('a thousand packages with long names', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      name: `${index}${'p'.repeat(200)}`,
      version: '1.0-1',
      sourceName: 'openssl',
    }));
    const finding = await findingOf(many, [debianCve(cve, 'openssl', '2.0')]);
    expect(finding.packages).toHaveLength(1000);
    expect(finding.description.length).toBeLessThanOrEqual(20_000);
    expect(finding.recommendation.length).toBeLessThanOrEqual(60_000);
    expect(finding.attributes.length).toBeLessThan(50);
    for (const { key, value } of finding.attributes) {
      expect([key, value.length > 0 && value.length <= 256]).toEqual([key, true]);
    }
    expect(finding.attributes.find(({ key }) => key === 'package_name')?.value).toMatch(/, and 999 more$/);
  });
  test('names that a shell or a terminal would act on', async () => {
    const evil = ['$(reboot)', '-o', 'a b; rm -rf /', 'x\u001b[2J'].map((name) => ({
      name,
      version: '1.0-1',
      sourceName: 'openssl',
    }));
    const finding = await findingOf(evil, [debianCve(cve, 'openssl', '2.0')]);
    expect(finding.recommendation).toBe(
      'Upgrade every package that the description names. Then restart the services that use it.',
    );
    expect(finding.title + finding.description + JSON.stringify(finding.attributes)).not.toMatch(/\p{Cc}\[2J|u001b/u);
  });
});

describe('severity', () => {
  const cvss = (type: 'CVSS_V2' | 'CVSS_V3' | 'CVSS_V4', vector: string, score: number) => ({ type, vector, score });
  const of = (more: object) => [
    { id: 'R-1', kind: 'CVE' as const, cves: [cve], summary: '', details: '', cvss: [], modified: '', ...more },
  ];

  test.each([
    ['high', 'High'],
    ['medium', 'Medium'],
    ['low', 'Low'],
    ['low**', 'Low'],
    ['unimportant', 'Informational'],
    ['critical', 'High'],
    ['Important', 'High'],
    ['moderate', 'Medium'],
    ['negligible', 'Informational'],
  ])('the distribution’s word: %s is %s, whatever the score', (word, severity) => {
    const records = of({ cvss: [cvss('CVSS_V3', v31, 7.5)] });
    expect(rate([word], records)).toEqual({
      severity,
      because: `rated "${word}" (R-1) by the distribution for this package`,
    });
    expect(rate([], of({ cvss: [cvss('CVSS_V3', v31, 7.5)], rating: word })).severity).toBe(severity);
  });
  test('its word for the package before its word for the record', () => {
    expect(rate(['unimportant'], of({ rating: 'critical' })).severity).toBe('Informational');
    expect(rate(['not yet assigned'], of({ rating: 'critical' })).severity).toBe('High');
  });
  test.each([
    [10, 'High'],
    [7, 'High'],
    [6.9, 'Medium'],
    [4, 'Medium'],
    [3.9, 'Low'],
    [0.1, 'Low'],
    [0, 'Informational'],
  ])('a score of %d is %s where the distribution says nothing', (score, severity) => {
    expect(rate(['untriaged'], of({ rating: 'untriaged', cvss: [cvss('CVSS_V3', v31, score)] })).severity).toBe(
      severity,
    );
  });
  test('3.1 before 3.0 before 4.0 before 2.0; nothing is Undefined', () => {
    const all = [
      cvss('CVSS_V2', 'AV:N', 1),
      cvss('CVSS_V4', 'CVSS:4.0/AV:N', 5),
      cvss('CVSS_V3', 'CVSS:3.0/AV:N', 8),
      cvss('CVSS_V3', 'CVSS:3.1/AV:N', 0),
    ];
    const severities = [4, 3, 2, 1, 0].map((count) => rate([], of({ cvss: all.slice(0, count) })).severity);
    expect(severities).toEqual(['Informational', 'High', 'Medium', 'Low', 'Undefined']);
  });
});

test('a CVE that its distribution does not rate borrows what another record of it says, and says so', async () => {
  const announcement = record('DSA-1-1', [{ ecosystem: 'Debian:12', name: 'openssl', fixed: '9' }], {
    upstream: [cve],
  });
  const rated = (id: string, more: object) =>
    record(id, [{ ecosystem: 'AlmaLinux:9', name: 'openssl', fixed: '1-1' }], {
      upstream: [cve],
      related: [cve],
      ...more,
    });
  const vector = rated(`UBUNTU-${cve}`, { severity: [{ type: 'CVSS_V3', score: v31 }] });
  const word = rated('ALSA-2024:1', { summary: 'Important: openssl security update' });
  const of = (...others: object[]) => findingOf(installed('openssl 1'), [announcement, ...others]);
  expect(await of(vector, word)).toMatchObject({
    severity: 'High',
    description: expect.stringMatching(new RegExp(`CVSS 3.1 base score 7.5, borrowed from UBUNTU-${cve}`)),
  });
  expect(await of(word)).toMatchObject({
    severity: 'High',
    description: expect.stringContaining('rated "important" (ALSA-2024:1) by another distribution'),
  });
  expect(await of()).toMatchObject({ severity: 'Undefined' });
});
