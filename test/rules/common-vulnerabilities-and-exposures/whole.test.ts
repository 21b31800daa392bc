import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { releaseOf } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/ecosystems.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { host } from '../security-best-practices/hosts.ts';
import { at, debianCve, hostOf, installed, judge, ofTheFeeds, record, verdictsOf } from './hosts.ts';

const cve = 'CVE-2024-0001';
const openssl = installed('openssl 3.0.14-1');

describe('no findings never stands for not looked at', () => {
  const reasons = (evidence: Parameters<typeof rules.evaluate>[0], knowledge: Parameters<typeof rules.evaluate>[1]) =>
    rules
      .evaluate(evidence, knowledge)
      .flatMap((each) =>
        each.outcome === 'NOT_ASSESSED' && !ofTheFeeds.has(each.ruleId) ? [`${each.ruleId}: ${each.reason}`] : [],
      );

  test('no advisories at all', () => {
    expect(reasons(hostOf(openssl), { at })).toEqual([
      'Advisories of the release: vulnerabilities were not checked, as no advisories have been downloaded yet: run "assay feeds update" and start a new run',
    ]);
  });
  test('none of the release', async () => {
    expect(
      (await judge(hostOf(openssl), [record('ALPINE-CVE-2024-0001', [{ ecosystem: 'Alpine:v3.20', name: 'openssl' }])]))
        .notAssessed,
    ).toEqual([
      expect.stringMatching(
        /^Advisories of the release: there are no advisories for Debian:12: run "assay feeds update"/,
      ),
    ]);
  });
  test('a release that is over: said beside what is still found', async () => {
    const old = hostOf(openssl, { os: { versionId: '10' } });
    const said = await judge(old, [
      record(`DEBIAN-${cve}`, [{ ecosystem: 'Debian:10', name: 'openssl', specific: { urgency: 'high' } }]),
    ]);
    expect(said.findings).toEqual([`${cve} openssl 3.0.14-1 -> null END_OF_LIFE High`]);
    expect(said.notAssessed).toEqual([
      expect.stringMatching(
        /^Support of the release: Debian 10: end of life since 2022-09-10, Debian LTS since 2024-06-30/,
      ),
    ]);
    const { notAssessed } = await judge(old, [debianCve(cve, 'openssl')]);
    expect(notAssessed).toContain(
      "Advisories of the release: there are no advisories for Debian:10: end of life since 2022-09-10, Debian LTS since 2024-06-30; for subscribers: Freexian ELTS until 2029-06-30; whether this host gets these is not known (by Assay's own table of 2026-12-01)",
    );
  });
  test('no packages, unread packages, packages of another manager', async () => {
    const advisories = await advisoriesFromRecords([debianCve(cve, 'openssl')]);
    const os = { id: 'debian', idLike: [], versionId: '12', hostname: 'h', architecture: 'x86_64' };
    const hidden = host(
      { osRelease: os },
      { packages: [{ code: 'PERMISSION_DENIED', subject: '/var/lib/dpkg/status', detail: 'mode 0600' }] },
    );
    expect(reasons(hidden, { at, advisories })[0]).toBe(
      'Installed packages: no packages were seen (/var/lib/dpkg/status: mode 0600)',
    );
    expect(reasons(hostOf(openssl, { manager: 'rpm' }), { at, advisories })).toEqual([
      'Installed packages: 1 packages of rpm: no advisory source for them on Debian 12; no package of dpkg was seen, which Debian 12 is made of',
    ]);
    expect(rules.evaluate({}, { at, advisories }).map(({ outcome }) => outcome)).toEqual(Array(8).fill('NOT_ASSESSED'));
  });
  test('of announcements alone, that what has no fix is not in them', async () => {
    const said = async (evidence: HostEvidence, all: readonly unknown[]) =>
      (await verdictsOf(evidence, all)).find(({ ruleId }) => ruleId === 'Vulnerabilities without a fix');
    const alma = hostOf(installed('openssl 1-1'), { os: { id: 'almalinux', versionId: '9.4' } });
    const fix = record('ALSA-1', [{ ecosystem: 'AlmaLinux:9', name: 'openssl', fixed: '2-1' }], { related: [cve] });
    expect(await said(alma, [fix])).toMatchObject({
      outcome: 'NOT_ASSESSED',
      reason: expect.stringContaining('have no fix yet are not in them and were not looked for'),
    });
    expect(await said(hostOf(openssl), [debianCve(cve, 'openssl')])).toMatchObject({ outcome: 'PASSED' });
  });
  test('what is installed beside packages is named', async () => {
    const evidence = hostOf(openssl);
    const data = evidence.packages?.data;
    if (!evidence.packages || !data) throw new Error('a host with packages');
    const withOther = (otherSoftware: typeof data.otherSoftware): HostEvidence => ({
      ...evidence,
      packages: { ...evidence.packages, data: { ...data, otherSoftware } } as typeof evidence.packages,
    });
    const advisories = await advisoriesFromRecords([debianCve(cve, 'zlib')]);
    expect(
      reasons(
        withOther([
          { kind: 'SNAP', count: 1, names: ['firefox'] },
          { kind: 'NODE', count: 3, more: true, names: ['lodash', 'express'] },
        ]),
        { at, advisories },
      ),
    ).toEqual([
      'Software outside of packages: not looked at: 1 snap (firefox), at least 3 language packages of Node.js (lodash, express …)',
    ]);
    expect(reasons(withOther(undefined), { at, advisories })).toEqual([
      expect.stringMatching(/^Software outside of packages: the agent on the host is of an earlier version/),
    ]);
  });
  test('every rule has exactly one verdict, whatever is known', async () => {
    const advisories = await advisoriesFromRecords([debianCve(cve, 'zlib')]);
    for (const knowledge of [{ at }, { at, advisories }]) {
      const ids = rules.evaluate(hostOf(openssl), knowledge).map(({ ruleId }) => ruleId);
      expect(ids.sort()).toEqual(
        rules
          .rules({}, { at: 0 })
          .map(({ id }) => id)
          .sort(),
      );
    }
  });
});

test.each([
  ['debian', '12', 'Debian:12'],
  ['debian', '12.5', 'Debian:12'],
  ['ubuntu', '22.04', 'Ubuntu:22.04:LTS'],
  ['ubuntu', '25.10', 'Ubuntu:25.10'],
  ['ubuntu', '23.04', 'Ubuntu:23.04'],
  ['alpine', '3.20.3', 'Alpine:v3.20'],
  ['almalinux', '9.4', 'AlmaLinux:9'],
  ['rocky', '8.10', 'Rocky Linux:8'],
  ['rhel', '9.2', 'Red Hat:enterprise_linux:9::baseos'],
  ['sles', '15.5', 'SUSE:Linux Enterprise Module for Basesystem 15 SP5'],
  ['sles_sap', '15.5', 'SUSE:Linux Enterprise Server 15 SP5-LTSS'],
  ['sles', '15', 'SUSE:Linux Enterprise Server 15'],
  ['opensuse-leap', '15.6', 'openSUSE:Leap 15.6'],
  ['amzn', '2', 'Amazon Linux:2'],
  ['amzn', '2023', 'Amazon Linux:2023'],
])('%s %s is %s, and nothing that only looks like it', (id, versionId, ecosystem) => {
  const release = releaseOf({ id, idLike: [], versionId, hostname: 'h', architecture: 'x86_64' });
  if ('reason' in release) throw new Error(release.reason);
  expect(release.holds(ecosystem)).toBe(true);
  const others = [
    'Debian',
    'Debian:1',
    'Debian:123',
    'Ubuntu:22.04',
    'Ubuntu:Pro:22.04:LTS',
    'Alpine:v3.2',
    'AlmaLinux:9.4',
    'Red Hat:enterprise_linux:90::baseos',
    'Red Hat:rhel_eus:9.2::baseos',
    'SUSE:Linux Enterprise Server 15 SP55',
    'SUSE:Linux Enterprise Server 12 SP5',
    'openSUSE:Leap 15.61',
  ];
  for (const other of others) expect([other, release.holds(other)]).toEqual([other, false]);
});

test.each([
  ['ol', '8.9', /Oracle Linux's advisories are not read/],
  ['centos', '7', /CentOS Linux has ended/],
  ['fedora', '41', /Fedora/],
  ['raspbian', '12', /Raspbian rebuilds/],
  ['debian', undefined, /without a VERSION_ID/],
  ['alpine', '3.23_alpha20250612', /is not a version of Alpine Linux/],
  ['linuxmint', '22', /No advisories are read for the distribution "linuxmint"/],
  ['constructor', '1', /No advisories are read/],
])('%s %s is not supported, and why', (id, versionId, why) => {
  const os = {
    id,
    idLike: ['debian', 'ubuntu'],
    hostname: 'h',
    architecture: 'x86_64',
    ...(versionId === undefined ? {} : { versionId }),
  };
  expect(rules.supports(os)).toEqual({ supported: false, reason: expect.stringMatching(why) });
});
