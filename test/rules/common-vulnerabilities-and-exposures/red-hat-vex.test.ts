import { describe, expect, test } from 'vitest';
import { parseCsafVex } from '../../../packages/server/src/feeds/csaf/parse-csaf-vex.ts';
import type { FeedItem } from '../../../packages/server/src/feeds/imported-record.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { explain } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/explain.ts';
import { type VexStatement, vexDocument } from '../../feeds/vex-documents.ts';
import { at, clean, type HostOptions, hostOf, type InstalledPackage, judgeBy, record } from './hosts.ts';

const cve = 'CVE-2026-0001';

const item = (statements: readonly VexStatement[], id = cve): FeedItem => {
  const outcome = parseCsafVex(vexDocument(id, statements), id);
  if (!('item' in outcome)) throw new Error(outcome.reason);
  return outcome.item;
};
const advisoriesOf = (statements: readonly VexStatement[], records: readonly unknown[] = []) =>
  advisoriesFromRecords(records, { more: [item(statements)] });

/** An announcement as OSV.dev has it. */
const rhsa = (id: string, ecosystem: string, name: string, fixed: string, more: object = {}) =>
  record(id, [{ ecosystem: `Red Hat:${ecosystem}`, name, fixed }], { upstream: [], related: [cve], ...more });

/** `name version` and, where they differ, `< source source-version`. */
const rpms = (...lines: string[]): InstalledPackage[] =>
  lines.map((line) => {
    const [name = '', version = '', , sourceName, sourceVersion] = line.split(' ');
    return {
      name,
      version,
      vendor: 'Red Hat, Inc.',
      ...(sourceName === undefined ? {} : { sourceName }),
      ...(sourceVersion === undefined ? {} : { sourceVersion }),
    };
  });
const rhel = (packages: readonly InstalledPackage[], versionId = '9.4', more: HostOptions = {}) =>
  hostOf(packages, { os: { id: 'rhel', versionId }, ...more });

async function judge(
  host: ReturnType<typeof rhel>,
  statements: readonly VexStatement[],
  records: readonly unknown[] = [],
) {
  return judgeBy(host, await advisoriesOf(statements, records));
}

const main = (source: string, more: Partial<VexStatement>): VexStatement => {
  return { stream: 'enterprise_linux:9', source, status: 'known_affected', remark: 'Affected', ...more };
};

describe('what has no fix', () => {
  const libs = rhel(rpms('libtiff-tools 4.4.0-8.el9 < libtiff'));

  test.each([
    ['Affected', 'NO_FIX'],
    ['Will not fix', 'WILL_NOT_FIX'],
    ['Fix deferred', 'DEFERRED'],
    ['Out of support scope', 'END_OF_LIFE'],
  ])('%s is a finding of every package of the source', async (remark, state) => {
    expect(await judge(libs, [main('libtiff', { remark })])).toEqual({
      ...clean,
      findings: [`${cve} libtiff-tools 4.4.0-8.el9 -> null ${state} Medium`],
    });
  });

  test('the reason is Red Hat’s', async () => {
    const advisories = await advisoriesOf([main('libtiff', { remark: 'Will not fix' })]);
    const { outcome, packages } = explain(libs, { advisories, at }, cve);
    expect(outcome).toBe('AFFECTED');
    expect(packages[0]?.decisions).toEqual([
      {
        record: `REDHAT-${cve}`,
        ecosystem: 'Red Hat:enterprise_linux:9',
        comparison: 'Red Hat: affected; will not fix',
        link: `https://access.redhat.com/security/cve/${cve}`,
      },
    ]);
  });

  test('not affected is clean by Red Hat’s word, and another major version’s word is none', async () => {
    const remark = 'vulnerable_code_not_present';
    expect(await judge(libs, [main('libtiff', { status: 'known_not_affected', remark })])).toEqual(clean);
    const other = main('libtiff', { stream: 'enterprise_linux:8' });
    expect(await judge(libs, [other, main('bash', {})])).toEqual(clean);
  });

  test('under investigation is not assessed', async () => {
    const { findings, notAssessed } = await judge(libs, [main('libtiff', { status: 'under_investigation' })]);
    expect(findings).toEqual([]);
    expect(notAssessed).toEqual([
      `Package libtiff: libtiff-tools 4.4.0-8.el9: the distribution is still investigating whether the package is affected for ${cve}`,
    ]);
  });

  test('a package that is named itself is judged by that, and not by its source', async () => {
    const statements: VexStatement[] = [main('libtiff', {})];
    const document = vexDocument(cve, statements) as {
      product_tree: { branches: { branches: object[] }[]; relationships: object[] };
      vulnerabilities: { product_status: Record<string, string[]> }[];
    };
    const id = 'libtiff-tools-0:4.4.0-8.el9.x86_64';
    const product = {
      name: id,
      product_id: id,
      product_identification_helper: { purl: 'pkg:rpm/redhat/libtiff-tools@4.4.0-8.el9?arch=x86_64' },
    };
    document.product_tree.branches[0]?.branches.push({ category: 'product_version', name: id, product });
    document.product_tree.relationships.push({
      category: 'default_component_of',
      full_product_name: { name: id, product_id: `el9:${id}` },
      product_reference: id,
      relates_to_product_reference: 'enterprise_linux_9',
    });
    const [vulnerability] = document.vulnerabilities;
    if (vulnerability) vulnerability.product_status.known_not_affected = [`el9:${id}`];
    const outcome = parseCsafVex(document, cve);
    if (!('item' in outcome)) throw new Error(outcome.reason);
    const advisories = await advisoriesFromRecords([], { more: [outcome.item] });
    expect(
      judgeBy(rhel(rpms('libtiff-tools 4.4.0-8.el9 < libtiff', 'libtiff 4.4.0-8.el9')), advisories).findings,
    ).toEqual([`${cve} libtiff 4.4.0-8.el9 -> null NO_FIX Medium`]);
  });
});

describe('fixes are compared by the source', () => {
  const fixed = main('openssl', {
    stream: 'enterprise_linux:9::baseos',
    status: 'fixed',
    version: '3.0.7-27.el9',
    epoch: '1',
    remark: 'RHSA-2026:1',
  });
  test.each([
    [
      'openssl-libs 1:3.0.7-24.el9 < openssl',
      [`${cve} openssl-libs 1:3.0.7-24.el9 -> 1:3.0.7-27.el9 FIX_AVAILABLE Medium`],
    ],
    ['openssl-libs 1:3.0.7-27.el9 < openssl', []],
    ['openssl-libs 1:3.0.7-27.el9_4 < openssl', []],
  ])('%s', async (line, findings) => {
    expect(await judge(rhel(rpms(line)), [fixed])).toEqual({ ...clean, findings });
  });

  test('a fix for the build’s own minor release counts before a later one', async () => {
    const builds: VexStatement[] = [
      main('kernel', { status: 'fixed', version: '5.14.0-427.16.1.el9_4', remark: 'RHSA-2026:1' }),
      main('kernel', { status: 'fixed', version: '5.14.0-503.11.1.el9_5', remark: 'RHSA-2026:2' }),
    ];
    const core = (version: string) =>
      rhel(rpms(`kernel-core ${version} < kernel`), '9.4', { uname: `${version}.x86_64` });
    expect((await judge(core('5.14.0-427.20.1.el9_4'), builds)).findings).toEqual([]);
    expect((await judge(core('5.14.0-427.13.1.el9_4'), builds)).findings).toEqual([
      `${cve} kernel-core 5.14.0-427.13.1.el9_4 -> 5.14.0-427.16.1.el9_4 FIX_AVAILABLE Medium`,
    ]);
    // Neither is for it: the safe answer is that it lacks the later one.
    expect((await judge(core('5.14.0-362.8.1.el9_3'), builds)).findings).toEqual([
      `${cve} kernel-core 5.14.0-362.8.1.el9_3 -> 5.14.0-503.11.1.el9_5 FIX_AVAILABLE Medium`,
    ]);
  });
});

describe('modules: each stream by itself', () => {
  const builds: VexStatement[] = [
    {
      stream: 'enterprise_linux:8::appstream',
      source: 'nodejs',
      module: 'nodejs:18',
      status: 'fixed',
      version: '18.17.1-1.module+el8.8.0+19757+8ca87034',
      epoch: '1',
      remark: 'RHSA-2026:1',
    },
    {
      stream: 'enterprise_linux:8::appstream',
      source: 'nodejs',
      module: 'nodejs:20',
      status: 'fixed',
      version: '20.8.1-1.module+el8.9.0+20473+c4e3d824',
      epoch: '1',
      remark: 'RHSA-2026:2',
    },
    {
      stream: 'enterprise_linux:8',
      source: 'nodejs',
      module: 'nodejs:16',
      status: 'known_affected',
      remark: 'Will not fix',
    },
  ];
  const node = (version: string, module?: string) =>
    rhel([{ name: 'nodejs', version, vendor: 'Red Hat, Inc.', ...(module === undefined ? {} : { module }) }], '8.9');

  test.each([
    [
      '1:18.16.1-1.module+el8.8.0+19438+94e84959',
      'nodejs:18:8080020230718200134:63b34585',
      ' -> 1:18.17.1-1.module+el8.8.0+19757+8ca87034 FIX_AVAILABLE Medium',
    ],
    ['1:18.17.1-1.module+el8.8.0+19757+8ca87034', 'nodejs:18:8080020231006:63b34585', undefined],
    [
      '1:20.8.0-1.module+el8.9.0+20000+c4e3d824',
      'nodejs:20:8090020231006:63b34585',
      ' -> 1:20.8.1-1.module+el8.9.0+20473+c4e3d824 FIX_AVAILABLE Medium',
    ],
    ['1:16.20.2-1.module+el8.8.0+19757+8ca87034', 'nodejs:16:8080020231006:63b34585', ' -> null WILL_NOT_FIX Medium'],
    ['1:22.1.0-1.module+el8.10.0+1+1', 'nodejs:22:8100020231006:63b34585', undefined],
    ['1:10.1.0-1.el8', undefined, undefined],
  ])('%s of %s', async (version, module, rest) => {
    expect(await judge(node(version, module), builds)).toEqual({
      ...clean,
      findings: rest === undefined ? [] : [`${cve} nodejs ${version}${rest}`],
    });
  });

  test('of a package that does not say its stream it is not assessed', async () => {
    const { findings, notAssessed } = await judge(node('1:18.16.1-1.module+el8.8.0+19438+94e84959'), builds);
    expect(findings).toEqual([]);
    expect(notAssessed).not.toEqual([]);
  });
});

describe('beside what OSV.dev has of Red Hat', () => {
  const host = (version: string) => rhel(rpms(`libtiff ${version}`));
  const announced = (published: string) =>
    rhsa('RHSA-2026:5', 'enterprise_linux:9::appstream', 'libtiff', '4.4.0-12.el9', { published });

  test('not affected does not silence an announcement, and that they disagree is said', async () => {
    const statements = [main('libtiff', { status: 'known_not_affected', remark: 'vulnerable_code_not_present' })];
    const advisories = await advisoriesOf(statements, [announced('2026-06-01T00:00:00Z')]);
    expect(judgeBy(host('4.4.0-8.el9'), advisories).findings).toEqual([
      `${cve} libtiff 4.4.0-8.el9 -> 4.4.0-12.el9 FIX_AVAILABLE Medium`,
    ]);
    expect(explain(host('4.4.0-8.el9'), { advisories, at }, cve).packages[0]?.dissent).toEqual([
      `REDHAT-${cve} for Red Hat:enterprise_linux:9: the distribution says that the package is not affected (vulnerable code not present)`,
    ]);
  });

  test('a record without a fix gives way to a later announcement, and not to an earlier one', async () => {
    const open = [main('libtiff', {})];
    expect((await judge(host('4.4.0-12.el9'), open, [announced('2026-08-02T00:00:00Z')])).findings).toEqual([]);
    expect((await judge(host('4.4.0-8.el9'), open, [announced('2026-08-02T00:00:00Z')])).findings).toEqual([
      `${cve} libtiff 4.4.0-8.el9 -> 4.4.0-12.el9 FIX_AVAILABLE Medium`,
    ]);
    expect((await judge(host('4.4.0-12.el9'), open, [announced('2026-06-01T00:00:00Z')])).findings).toEqual([
      `${cve} libtiff 4.4.0-12.el9 -> null NO_FIX Medium`,
    ]);
  });

  test('an investigation silences nothing', async () => {
    const open = [main('libtiff', { status: 'under_investigation' })];
    expect((await judge(host('4.4.0-8.el9'), open, [announced('2026-06-01T00:00:00Z')])).findings).toHaveLength(1);
  });
});
