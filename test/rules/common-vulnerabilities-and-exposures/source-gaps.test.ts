import { expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { explain } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/explain.ts';
import { commonVulnerabilitiesAndExposures } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { at, hostOf } from './hosts.ts';

const record = (id: string, ecosystem: string, cve: string, fixed: string, names = ['openssh']): object => ({
  id,
  modified: '2026-01-01T00:00:00Z',
  related: [cve],
  summary: 'Important: openssh security update',
  affected: names.map((name) => ({
    package: { ecosystem, name },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
  })),
});

const advisories = await advisoriesFromRecords([
  record('ALSA-2024:1', 'AlmaLinux:9', 'CVE-2024-1000', '8.7p1-30.el9', ['openssh', 'openssh-server']),
  record('RLSA-2024:1', 'Rocky Linux:9', 'CVE-2024-1000', '0:8.7p1-30.el9'),
  record('ALSA-2024:4312', 'AlmaLinux:9', 'CVE-2024-6387', '8.7p1-38.el9_4.1', ['openssh', 'openssh-server']),
]);

const host = (version: string, name = 'openssh-server', sourceName = 'openssh') =>
  hostOf([{ name, version, sourceName, sourceVersion: version, vendor: 'Rocky Enterprise Software Foundation' }], {
    os: { id: 'rocky', versionId: '9.4' },
  });

const verdictOn = (version: string, name?: string, sourceName?: string) =>
  commonVulnerabilitiesAndExposures
    .evaluate(host(version, name, sourceName), { advisories, at })
    .find(({ ruleId }) => ruleId === 'CVE-2024-6387');

test('a CVE that the feed forgot is not assessed on the hosts that lack the fix of the sibling, and on no other', () => {
  expect(verdictOn('8.7p1-38.el9')).toMatchObject({
    outcome: 'NOT_ASSESSED',
    because: { code: 'SOURCE_GAP' },
    reason: expect.stringMatching(/^openssh-server 8\.7p1-38\.el9 may be affected: Rocky Linux has no record/),
  });
  expect(verdictOn('8.7p1-38.el9_4.1')).toBeUndefined();
  expect(verdictOn('8.7p1-38.el9', 'bash', 'bash')).toBeUndefined();
});

test('why says the same', () => {
  const why = explain(host('8.7p1-38.el9'), { advisories, at }, 'CVE-2024-6387');
  expect(why).toMatchObject({ outcome: 'NOT_ASSESSED', packages: [{ name: 'openssh-server' }] });
  expect(why.reason).toContain('there ALSA-2024:4312 fixed it in 8.7p1-38.el9_4.1');
  expect(explain(host('8.7p1-38.el9', 'bash', 'bash'), { advisories, at }, 'CVE-2024-6387').packages).toEqual([]);
});

test('what the feed does have is judged as ever', () => {
  const verdicts = commonVulnerabilitiesAndExposures.evaluate(host('8.7p1-29.el9'), { advisories, at });
  expect(verdicts.find(({ ruleId }) => ruleId === 'CVE-2024-1000')?.outcome).toBe('FINDING');
});

test('what is known to be exploited comes first', async () => {
  const records = [1, 2, 3].map((number) =>
    record(`ALSA-2024:${number}`, 'AlmaLinux:9', `CVE-2024-100${number}`, `8.7p1-4${number}.el9`, ['openssh']),
  );
  const some = await advisoriesFromRecords(
    [...records, record('RLSA-2023:1', 'Rocky Linux:9', 'CVE-2023-1000', '0:8.7p1-30.el9')],
    { more: [{ kind: 'knownExploited', cve: 'CVE-2024-1003', added: '2024-07-01' }] },
  );
  const verdicts = commonVulnerabilitiesAndExposures.evaluate(host('8.7p1-38.el9'), { advisories: some, at });
  expect(verdicts.flatMap(({ ruleId }) => (ruleId.startsWith('CVE-') ? [ruleId] : []))).toEqual([
    'CVE-2024-1003',
    'CVE-2024-1001',
    'CVE-2024-1002',
  ]);
});
