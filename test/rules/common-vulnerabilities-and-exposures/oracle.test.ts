import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { at, type HostOptions, hostOf, type InstalledPackage } from './hosts.ts';

const data = process.env.ASSAY_TEST_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const absent = !existsSync(join(data, 'oracle'));
if (absent) console.warn(`Not compared with the reference tools: ${data} is not there (set ASSAY_TEST_DATA).`);

describe.skipIf(absent)('the reference tools on the same data (skipped: no ASSAY_TEST_DATA)', () => {
  const workstation = () => dpkgStatus(readFileSync(join(data, 'hosts/debian12-workstation.status'), 'utf8'));

  test('868 packages and announcements: every (CVE, package) of debsecan and every (CVE, source) of oscap', async () => {
    const found = await find(workstation(), 'Debian', 'Debian:12');
    expect(found.packages).toEqual(oracle('advisories/debian12-workstation.debsecan.txt'));
    expect(found.sources).toEqual(oracle('advisories/debian12-workstation.cve-source.txt'));
    expect(found.sources).toEqual(oracle('advisories/debian12-workstation.oscap-binary-names.txt'));
  });

  test('and Debian’s own records: the same, but for what the tools find in what does not run or is not Debian’s', async () => {
    const found = await find(workstation(), 'Debian-2025-02-12', 'Debian:12');
    const ours = (line: string): boolean =>
      !/ (?:linux-libc-dev|linux-perf|nodejs|linux|postgresql-common)$/.test(line);
    const debsecan = oracle('tracker/debian12-workstation.debsecan.txt');
    expect(found.packages).toEqual(debsecan.filter(ours));
    expect(debsecan.filter((line) => !ours(line))).toHaveLength(955);
    expect(found.sources).toEqual(oracle('tracker/debian12-workstation.cve-source.txt').filter(ours));
    expect(found.sources).toEqual(oracle('tracker/debian12-workstation.oscap-binary-names.txt').filter(ours));
    // 20.20.2-1nodesource1+repack1: not Debian's, and said.
    expect(found.notAssessed).toEqual(['Package nodejs', 'Package osslsigncode']);
  }, 60_000);

  test('Alpine 3.10.4: every (CVE, package) that apk-tools finds older than the fix', async () => {
    const text = readFileSync(join(data, 'hosts/alpine-3.10.4.apk-installed'), 'utf8');
    const found = await find(apkInstalled(text), 'Alpine', 'Alpine:v3.10', {
      os: { id: 'alpine', versionId: '3.10.4' },
    });
    expect(found.packages).toEqual(oracle('alpine-3.10.4.expected.txt'));
    expect(found.notAssessed).toEqual(['Support of the release']);
  });
});

const oracle = (file: string): string[] =>
  readFileSync(join(data, 'oracle', file), 'utf8')
    .trim()
    .split('\n')
    .sort();

async function find(packages: readonly InstalledPackage[], feed: string, ecosystem: string, options: HostOptions = {}) {
  const lines = gunzipSync(readFileSync(join(data, `osv/${feed}.jsonl.gz`)))
    .toString('utf8')
    .split('\n');
  // What does not name the release has nothing to say of the host.
  const records = lines.filter((line) => line.includes(`"${ecosystem}"`)).map((line): unknown => JSON.parse(line));
  const advisories = await advisoriesFromRecords(records);
  const verdicts = rules.evaluate(hostOf(packages, options), { advisories, at });
  const pairs = verdicts.flatMap((verdict) =>
    verdict.outcome === 'FINDING'
      ? (verdict.finding.packages ?? []).map((each) => ({ cve: verdict.ruleId, ...each }))
      : [],
  );
  return {
    packages: [...new Set(pairs.map(({ cve, name }) => `${cve} ${name}`))].sort(),
    sources: [...new Set(pairs.map(({ cve, sourceName }) => `${cve} ${sourceName}`))].sort(),
    notAssessed: verdicts.flatMap(({ ruleId, outcome }) => (outcome === 'NOT_ASSESSED' ? [ruleId] : [])),
  };
}

function dpkgStatus(text: string): InstalledPackage[] {
  return text.split('\n\n').flatMap((stanza) => {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
    const [name, version] = [field('Package'), field('Version')];
    const [, sourceName, sourceVersion] = /^(\S+)(?: \((.*)\))?$/.exec(field('Source')) ?? [];
    if (!name || !field('Status').endsWith(' installed')) return [];
    return [{ name, version, ...(sourceName ? { sourceName } : {}), ...(sourceVersion ? { sourceVersion } : {}) }];
  });
}

function apkInstalled(text: string): InstalledPackage[] {
  return text.split('\n\n').flatMap((stanza) => {
    const field = (letter: string): string => new RegExp(`^${letter}:(.*)$`, 'm').exec(stanza)?.[1] ?? '';
    return field('P') ? [{ name: field('P'), version: field('V'), sourceName: field('o') }] : [];
  });
}
