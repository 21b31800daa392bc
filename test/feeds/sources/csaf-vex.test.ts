import { Readable } from 'node:stream';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { componentOf, moduleOf } from '../../../packages/server/src/feeds/csaf/component.ts';
import { parseCsafVex } from '../../../packages/server/src/feeds/csaf/parse-csaf-vex.ts';
import type { FeedOutcome } from '../../../packages/server/src/feeds/imported-record.ts';
import { csafVexFile } from '../../../packages/server/src/feeds/sources/csaf-vex.ts';
import { detectKind } from '../../../packages/server/src/feeds/sources/feed-kind.ts';
import { tarEntries } from '../../../packages/server/src/feeds/sources/tar-entries.ts';
import { makeTar } from '../archives.ts';
import { testFile } from '../fixture-files.ts';
import { type VexStatement, vexArchive, vexDocument } from '../vex-documents.ts';

const read = (statements: readonly VexStatement[], more: object = {}) => {
  const outcome = parseCsafVex(vexDocument('CVE-2026-0001', statements, more), '2026/cve-2026-0001.json');
  if (!('item' in outcome) || outcome.item.kind !== 'advisory') throw new Error(JSON.stringify(outcome));
  const { record, entries } = outcome.item.advisory;
  return {
    outcome,
    record,
    entries: entries.map(({ ecosystem, affected: { record: _, ...affected } }) => ({ ecosystem, ...affected })),
  };
};

async function all(path: string): Promise<FeedOutcome[]> {
  const outcomes: FeedOutcome[] = [];
  for await (const outcome of csafVexFile(path)) outcomes.push(outcome);
  return outcomes;
}

describe('what a document says of a package in a stream', () => {
  test('a fix is told by the source, with its announcement, once for all of its builds', () => {
    const { entries, record } = read([
      {
        stream: 'enterprise_linux:9::baseos',
        source: 'openssl',
        version: '3.0.7-27.el9',
        epoch: '1',
        status: 'fixed',
        remark: 'RHSA-2026:1000',
      },
      {
        stream: 'enterprise_linux:9::appstream',
        source: 'openssl',
        version: '3.0.7-27.el9',
        epoch: '1',
        status: 'fixed',
        remark: 'RHSA-2026:1000',
      },
      {
        stream: 'rhel_eus:9.2::baseos',
        source: 'openssl',
        version: '3.0.7-16.el9_2',
        epoch: '1',
        status: 'fixed',
        remark: 'RHSA-2026:1001',
      },
    ]);
    expect(entries).toEqual([
      {
        ecosystem: 'Red Hat:enterprise_linux:9',
        package: 'openssl.src',
        ranges: [[{ introduced: '0' }, { fixed: '1:3.0.7-27.el9' }]],
        remark: 'RHSA-2026:1000',
      },
      {
        ecosystem: 'Red Hat:rhel_eus:9.2',
        package: 'openssl.src',
        ranges: [[{ introduced: '0' }, { fixed: '1:3.0.7-16.el9_2' }]],
        remark: 'RHSA-2026:1001',
      },
    ]);
    expect(record).toMatchObject({
      id: 'REDHAT-CVE-2026-0001',
      kind: 'CVE',
      cves: ['CVE-2026-0001'],
      rating: 'moderate',
      cvss: [{ type: 'CVSS_V3', score: 7.5 }],
      modified: '2026-08-01T10:00:00Z',
      published: '2026-07-01T00:00:00Z',
      link: 'https://access.redhat.com/security/cve/CVE-2026-0001',
    });
  });

  test.each([
    ['Will not fix', 'WILL_NOT_FIX', 'will not fix'],
    ['Fix deferred', 'DEFERRED', 'fix deferred'],
    ['Out of support scope', 'END_OF_LIFE', 'out of support scope'],
    ['Affected', undefined, 'no fix yet'],
  ])('affected without a fix: %s', (remark, disposition, said) => {
    const { entries } = read([{ stream: 'enterprise_linux:8', source: 'libtiff', status: 'known_affected', remark }]);
    expect(entries).toEqual([
      {
        ecosystem: 'Red Hat:enterprise_linux:8',
        package: 'libtiff.src',
        ranges: [[{ introduced: '0' }]],
        remark: said,
        ...(disposition && { disposition }),
      },
    ]);
  });

  test('not affected, with the flag; under investigation', () => {
    const { entries } = read([
      {
        stream: 'enterprise_linux:7',
        source: 'kernel',
        status: 'known_not_affected',
        remark: 'vulnerable_code_not_present',
      },
      { stream: 'enterprise_linux:8', source: 'kernel', status: 'under_investigation' },
    ]);
    expect(entries).toMatchObject([
      {
        ecosystem: 'Red Hat:enterprise_linux:7',
        disposition: 'NOT_AFFECTED',
        ranges: [],
        remark: 'vulnerable code not present',
      },
      { ecosystem: 'Red Hat:enterprise_linux:8', disposition: 'UNDER_INVESTIGATION' },
    ]);
  });

  test('each module stream by itself, with a build or without', () => {
    const { entries } = read([
      {
        stream: 'enterprise_linux:8::appstream',
        source: 'nodejs',
        version: '18.17.1-1.module+el8.8.0+19757+8ca87034',
        epoch: '1',
        module: 'nodejs:18',
        status: 'fixed',
        remark: 'RHSA-2026:2',
      },
      {
        stream: 'enterprise_linux:8',
        source: 'nodejs',
        module: 'nodejs:16',
        status: 'known_affected',
        remark: 'Will not fix',
      },
    ]);
    expect(entries).toMatchObject([
      {
        package: 'nodejs.src',
        module: 'nodejs:18',
        ranges: [[{}, { fixed: '1:18.17.1-1.module+el8.8.0+19757+8ca87034' }]],
      },
      { package: 'nodejs.src', module: 'nodejs:16', disposition: 'WILL_NOT_FIX' },
    ]);
  });

  test('a rating of its own for one product', () => {
    const { entries } = read([
      { stream: 'enterprise_linux:8', source: 'a', status: 'known_affected', remark: 'Affected', impact: 'Low' },
      { stream: 'enterprise_linux:9', source: 'a', status: 'known_affected', remark: 'Affected', impact: 'Moderate' },
    ]);
    expect(entries.map(({ urgency }) => urgency)).toEqual(['low', undefined]);
  });

  test('other products are left out; what names no product of the tree is said', () => {
    const document = vexDocument('CVE-2026-0001', [
      { stream: 'jboss_core_services:1', source: 'openssl', status: 'known_affected', remark: 'Affected' },
    ]) as { vulnerabilities: { product_status: Record<string, string[]> }[] };
    const [vulnerability] = document.vulnerabilities;
    expect(parseCsafVex(document, 'x')).toMatchObject({ item: { advisory: { entries: [] } } });
    vulnerability?.product_status.known_affected?.push('nowhere:openssl');
    expect(parseCsafVex(document, 'x')).toMatchObject({
      unplaced: ['it names the product nowhere:openssl, which its tree lacks'],
    });
  });

  test('a document that was deleted is withdrawn', () => {
    const tracking = { current_release_date: '2026-08-01T10:00:00+00:00', id: 'CVE-2026-0001', status: 'deleted' };
    expect(parseCsafVex(vexDocument('CVE-2026-0001', [], { tracking }), 'x')).toMatchObject({
      refusal: 'withdrawn',
      what: 'REDHAT-CVE-2026-0001',
    });
  });

  test.each([
    ['no object', 3],
    ['another category', { document: { category: 'csaf_security_advisory' } }],
    ['no CVE', { document: { category: 'csaf_vex', tracking: { id: 'RHSA-2026:1' } } }],
    ['a tree that is a list', { ...vexDocument('CVE-2026-0001', []), product_tree: [] }],
    ['another CVE within', { ...vexDocument('CVE-2026-0001', []), vulnerabilities: [{ cve: 'CVE-2026-0002' }] }],
    ['no date', vexDocument('CVE-2026-0001', [], { tracking: { id: 'CVE-2026-0001', current_release_date: 'soon' } })],
  ])('is unreadable, and named: %s', (_, value) => {
    const outcome = parseCsafVex(value, '2026/cve-2026-0001.json');
    expect(outcome).toMatchObject({ refusal: 'unreadable', what: 'REDHAT-CVE-2026-0001' });
  });

  test('relationships that go in circles end', () => {
    const [id, of] = ['a', 'b'];
    const loop = (from: string, to: string) => ({
      full_product_name: { product_id: from },
      product_reference: 'x',
      relates_to_product_reference: to,
    });
    const document = {
      ...vexDocument('CVE-2026-0001', []),
      product_tree: { relationships: [loop(id, of), loop(of, id)] },
      vulnerabilities: [{ cve: 'CVE-2026-0001', product_status: { fixed: [id] } }],
    };
    expect(parseCsafVex(document, 'x')).toMatchObject({ unreadable: ['its relationships go in circles'] });
  });
});

test.each([
  ['pkg:rpm/redhat/bash@5.1.8-9.el9?arch=src', { name: 'bash', version: '5.1.8-9.el9', architecture: 'src' }],
  ['pkg:rpm/redhat/bash?arch=src', { name: 'bash', architecture: 'src' }],
  [
    'pkg:rpm/redhat/389-ds-base@1.4.3-1.module%2Bel8?arch=src&epoch=2&rpmmod=389-ds:1.4:8100020240613122040:25e700aa',
    { name: '389-ds-base', version: '2:1.4.3-1.module+el8', architecture: 'src', module: '389-ds:1.4' },
  ],
  ['pkg:rpmmod/redhat/container-tools:rhel8/buildah', { name: 'buildah', module: 'container-tools:rhel8' }],
  ['pkg:rpmmod/redhat/squid@4%3A8040020210420090912%3A522a0ee4', undefined],
  ['pkg:oci/ubi8@sha256:00?arch=amd64', undefined],
  ['pkg:maven/org.example/thing@1', undefined],
  ['pkg:rpm/fedora/bash@5?arch=src', undefined],
  ['pkg:rpm/redhat/firefox-flatpak@128.0-1.el10?arch=src&rpmmod=rhel10', null],
  ['pkg:rpm/redhat/%E0%A4%A@1', null],
  ['nothing', null],
])('package URL %s', (purl, component) => {
  expect(componentOf(purl, undefined)).toEqual(component);
});

test.each([
  ['pkg:rpmmod/redhat/postgresql@13:8060020240903094008:ad008a3a', 'postgresql:13'],
  ['pkg:rpmmod/redhat/postgresql:15/postgresql', 'postgresql:15'],
  ['pkg:rpm/redhat/postgresql', undefined],
])('module of %s', (purl, module) => {
  expect(moduleOf(purl)).toBe(module);
});

const tar = (files: Readonly<Record<string, string>>): Buffer =>
  makeTar(Object.entries(files).map(([name, content]) => ({ name, content })));

describe('an archive', () => {
  const one = vexDocument('CVE-2026-0001', [
    { stream: 'enterprise_linux:9', source: 'a', status: 'known_affected', remark: 'Affected' },
  ]);

  test('gives every document, and names what is none', async () => {
    const bytes = tar({
      '2026/cve-2026-0001.json': JSON.stringify(one),
      '2026/cve-2026-0002.json': '{"document"',
      'README.txt': 'x',
      '2026/cve-2026-0003.json': '['.repeat(200),
    });
    const path = testFile('csaf_vex_2026-08-01.tar.zst', zstdCompressSync(bytes));
    expect(await detectKind(path)).toBe('csaf-vex');
    expect(await all(path)).toMatchObject([
      { item: { advisory: { record: { id: 'REDHAT-CVE-2026-0001' } } } },
      { refusal: 'unreadable', what: 'REDHAT-CVE-2026-0002', reason: 'it is no JSON' },
      { refusal: 'unreadable', what: 'REDHAT-CVE-2026-0003', reason: 'it is nested deeper than 64 levels' },
    ]);
  });

  test('one document by itself', async () => {
    const path = testFile('cve-2026-0001.json', JSON.stringify(one));
    expect(await detectKind(path)).toBe('csaf-vex');
    expect(await all(path)).toMatchObject([{ item: { advisory: { record: { id: 'REDHAT-CVE-2026-0001' } } } }]);
  });

  test('a file that is larger than is asked for is stepped over', async () => {
    const entries: unknown[] = [];
    const bytes = tar({ 'large.json': 'x'.repeat(3000), 'small.json': 'y' });
    for await (const entry of tarEntries(Readable.from([bytes.subarray(0, 700), bytes.subarray(700)]), 2000))
      entries.push(entry);
    expect(entries).toEqual([
      { name: 'large.json', fault: 'is larger than 2000 bytes' },
      { name: 'small.json', bytes: Buffer.from('y') },
    ]);
  });

  const whole = vexArchive([one]);
  test.each([
    ['cut', whole.subarray(0, whole.length - 20), /cut short/],
    ['cut within a file', zstdCompressSync(tar({ 'a.json': 'x'.repeat(2000) }).subarray(0, 900)), /cut short/],
    ['a broken header', zstdCompressSync(Buffer.alloc(512, 7)), /broken header/],
    ['nothing', zstdCompressSync(Buffer.alloc(1024)), /no archive of documents/],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(all(testFile('a.tar.zst', bytes))).rejects.toThrow(message);
  });
});
