import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type VexStatement, vexArchive, vexDocument } from '../../feeds/vex-documents.ts';
import { type RpmPackage, writeRhelRoot } from '../../support/rpm-root.ts';
import { runAssay } from '../run-assay.ts';

const directory = mkdtempSync(join(tmpdir(), 'assay-test-rhel-'));
const feeds = join(directory, 'feeds');
const openssl = (stream: string, release: string, remark: string): VexStatement => {
  return { stream, source: 'openssl', version: `3.0.7-${release}`, epoch: '1', status: 'fixed', remark };
};
const nodejs = (module: string, version: string, remark: string): VexStatement => {
  return {
    stream: 'enterprise_linux:8::appstream',
    source: 'nodejs',
    module,
    version,
    epoch: '1',
    status: 'fixed',
    remark,
  };
};

beforeAll(() => {
  mkdirSync(feeds);
  const documents = [
    vexDocument('CVE-2026-1001', [
      openssl('enterprise_linux:9::baseos', '27.el9', 'RHSA-2026:2447'),
      openssl('rhel_eus:9.2::baseos', '16.el9_2.4', 'RHSA-2026:2500'),
      openssl('rhel_aus:9.2::baseos', '16.el9_2.8', 'RHSA-2026:2600'),
    ]),
    vexDocument('CVE-2026-1002', [
      { stream: 'enterprise_linux:9', source: 'bash', status: 'known_affected', remark: 'Will not fix', impact: 'Low' },
    ]),
    vexDocument('CVE-2026-1003', [{ stream: 'enterprise_linux:9', source: 'bash', status: 'under_investigation' }]),
    vexDocument('CVE-2026-1004', [
      nodejs('nodejs:18', '18.17.1-1.module+el8.8.0+19757+8ca87034', 'RHSA-2026:5360'),
      nodejs('nodejs:20', '20.8.1-1.module+el8.9.0+20473+c4e3d824', 'RHSA-2026:7205'),
    ]),
  ];
  writeFileSync(join(feeds, 'csaf_vex_2026-11-25.tar.zst'), vexArchive(documents));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const enabled = (id: string) => ({ 'etc/yum.repos.d/redhat.repo': `[${id}]\nname = x\nenabled = 1\n` });

async function scan(
  name: string,
  versionId: string,
  packages: readonly RpmPackage[],
  files: Readonly<Record<string, string>> = {},
) {
  const root = join(directory, name);
  writeRhelRoot(root, versionId, packages, files);
  const args = ['scan', '--root', root, '--feeds', feeds, '--rules', 'cve', '--json'];
  const { stdout } = await runAssay(args);
  const { findings, exclusions } = JSON.parse(stdout) as {
    findings: { id: string; packages: { name: string; fixedVersion: string | null; state: string }[] }[];
    exclusions: { description: string }[];
  };
  return {
    findings: findings
      .flatMap(({ id, packages }) => packages.map((each) => `${id} ${each.name} ${each.fixedVersion} ${each.state}`))
      .sort(),
    exclusions: exclusions.map(({ description }) => description).join('\n'),
  };
}

const bash = { name: 'bash', version: '5.1.8-6.el9_1' };

test('a host of EUS gets the fix of EUS, and one of the main stream its own', async () => {
  const eus = await scan(
    'eus',
    '9.2',
    [{ name: 'openssl-libs', version: '1:3.0.7-16.el9_2', source: 'openssl' }, bash],
    {
      ...enabled('rhel-9-for-x86_64-baseos-eus-rpms'),
    },
  );
  expect(eus.findings).toEqual([
    expect.stringMatching(/^CVE-2026-1001 .*openssl-libs 1:3\.0\.7-16\.el9_2\.4 FIX_AVAILABLE$/),
    expect.stringMatching(/^CVE-2026-1002 .*bash null WILL_NOT_FIX$/),
  ]);
  expect(eus.exclusions).toContain(
    'the distribution is still investigating whether the package is affected for CVE-2026-1003',
  );
  const plain = await scan('plain', '9.4', [{ name: 'openssl-libs', version: '1:3.0.7-24.el9', source: 'openssl' }], {
    ...enabled('rhel-9-for-x86_64-baseos-rpms'),
  });
  expect(plain.findings).toEqual([expect.stringMatching(/openssl-libs 1:3\.0\.7-27\.el9 FIX_AVAILABLE$/)]);
});

test('where the stream is not known, what the streams differ in is not assessed', async () => {
  const build = { name: 'openssl-libs', version: '1:3.0.7-16.el9_2.6', source: 'openssl' };
  const unknown = await scan('unknown', '9.2', [build], enabled('ORG_RHEL9_BaseOS'));
  expect(unknown.findings).toEqual([]);
  expect(unknown.exclusions).toContain('none of its enabled repositories tells a stream: ORG_RHEL9_BaseOS');
});

test('a module is judged by its own stream', async () => {
  const version = '1:18.16.1-1.module+el8.8.0+19438+94e84959';
  const { findings } = await scan('module', '8.9', [
    { name: 'nodejs', version, module: 'nodejs:18:8080020230718200134:63b34585' },
  ]);
  expect(findings).toEqual([
    expect.stringMatching(/nodejs 1:18\.17\.1-1\.module\+el8\.8\.0\+19757\+8ca87034 FIX_AVAILABLE$/),
  ]);
});
