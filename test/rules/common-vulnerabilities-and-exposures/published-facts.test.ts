/** Facts of real feeds, which are part of the repository: test/fixtures/feeds/PROVENANCE.md says where they are from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostOf, installed, judge, record } from './hosts.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/feeds', name), 'utf8'));

interface Fact {
  readonly release: string;
  readonly package: string;
  readonly cve: string;
  readonly fixed: string | null;
}
const facts = fixture('facts.json') as readonly Fact[];
const host = fixture('debian-12-host.json') as { readonly installed: string[]; readonly debsecan: string[] };

const PREFIX: Readonly<Record<string, string>> = { Debian: 'DEBIAN-', Ubuntu: 'UBUNTU-', Alpine: 'ALPINE-' };
const recordOf = ({ release, package: name, cve, fixed }: Fact) =>
  record(`${PREFIX[release.split(':')[0] ?? ''] ?? 'NOTICE-'}${cve}`, [
    { ecosystem: release, name, ...(fixed === null ? {} : { fixed }) },
  ]);
const records = facts.map((fact) => ({ ...recordOf(fact), upstream: [fact.cve] }));

test('a Debian host has what debsecan finds in it, and nothing else', async () => {
  const { findings, notAssessed } = await judge(hostOf(installed(...host.installed)), records);
  expect(findings.map((line) => line.split(' ').slice(0, 2).join(' ')).sort()).toEqual(host.debsecan.toSorted());
  expect(notAssessed).toEqual([]);
});

const SYSTEMS = [
  ['Debian:12', { id: 'debian', versionId: '12' }, 'openssh', '1:9.2p1-2+deb12u2', '1:9.2p1-2+deb12u3'],
  ['Ubuntu 22.04', { id: 'ubuntu', versionId: '22.04' }, 'openssh', '1:8.9p1-3ubuntu0.7', '1:8.9p1-3ubuntu0.10'],
  ['Ubuntu 24.04', { id: 'ubuntu', versionId: '24.04' }, 'openssh', '1:9.6p1-3ubuntu13', '1:9.6p1-3ubuntu13.3'],
  ['AlmaLinux 9', { id: 'almalinux', versionId: '9.4' }, 'openssh', '8.7p1-38.el9', '8.7p1-38.el9_4.1'],
  ['RHEL 9', { id: 'rhel', versionId: '9.4' }, 'openssh', '8.7p1-34.el9_3.3', '8.7p1-38.el9_4.1'],
  ['openSUSE', { id: 'opensuse-leap', versionId: '15.6' }, 'openssh', '9.6p1-150600.4.9', '9.6p1-150600.6.3.1'],
  ['Alpine 3.18', { id: 'alpine', versionId: '3.18.4' }, 'zlib', '1.2.12-r1', '1.2.12-r2'],
] as const;

test.each(SYSTEMS)('%s: the build before the fix is vulnerable, the fix is not', async (_, os, name, before, fix) => {
  const findings = async (version: string): Promise<readonly string[]> =>
    (await judge(hostOf(installed(`${name} ${version}`), { os }), records)).findings;
  const [found, ...others] = await findings(before);
  expect(others).toEqual([]);
  expect(found).toMatch(new RegExp(`^CVE-20\\d\\d-\\d+ ${name} .* -> (0:)?\\S+ `));
  expect(found?.replaceAll('0:', '')).toContain(fix.replaceAll('0:', ''));
  expect(await findings(fix)).toEqual([]);
});
