import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { detectKind } from '../../../packages/server/src/feeds/sources/feed-kind.ts';
import { fileBytes } from '../../../packages/server/src/feeds/sources/file-bytes.ts';
import { osvFile } from '../../../packages/server/src/feeds/sources/osv-file.ts';
import { ubuntuVexFile } from '../../../packages/server/src/feeds/sources/ubuntu-vex.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { hostOf, installed, judgeBy, record } from '../../rules/common-vulnerabilities-and-exposures/hosts.ts';
import { makeTar, storedXz } from '../archives.ts';
import { feedPorts, feedServer, file, status } from '../feed-server.ts';
import { collected, debianCve, testFile, testFolder } from '../fixture-files.ts';

const OPEN = 'This package (for the given release) is vulnerable to the CVE and needs fixing.';
const NEVER =
  'This package (for the given release) is vulnerable to the CVE, the problem is understood, but the Ubuntu Security Team decided to not fix it.';
const NOT_SUPPORTED = 'This package (for the given release) is no longer supported.';
const DEFERRED = 'This package (for the given release) is vulnerable to the CVE, and its fix is deferred.';

const source = (name: string, distro: string, version = '1.0-1ubuntu1+esm1'): object => ({
  '@id': `pkg:deb/ubuntu/${name}@${version}?arch=source&distro=${distro}`,
});
const binary = (name: string): object => ({ '@id': `pkg:deb/ubuntu/${name}@1.0-1ubuntu1?arch=amd64` });
const statement = (cve: string, status: unknown, products: unknown, more: object = {}): object => ({
  vulnerability: { '@id': `https://nvd.nist.gov/vuln/detail/${cve}`, name: cve, description: 'A fault.', aliases: [] },
  timestamp: '2025-02-05',
  products,
  status,
  ...more,
});
const document = (cve: string, ...statements: unknown[]) => ({
  name: `vex/cve/2025/${cve}.json`,
  content: JSON.stringify({
    metadata: {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': cve,
      timestamp: '2026-11-30T16:37:20.173026',
      version: 1,
    },
    statements,
  }),
});
const cve = 'CVE-2025-1000';
const archive = (...documents: { name: string; content: string }[]): Buffer =>
  storedXz(makeTar([{ name: 'vex/', content: '' }, { name: 'vex/cve/2025/', content: '' }, ...documents]));
const read = (...documents: { name: string; content: string }[]) =>
  collected(ubuntuVexFile(testFile('vex-all.tar.xz', archive(...documents))));
const said = async (...documents: { name: string; content: string }[]): Promise<unknown[]> =>
  (await read(...documents)).map((outcome) => {
    if ('refusal' in outcome || outcome.item.kind !== 'disposition') return outcome;
    const { ecosystem, package: name, urgency } = outcome.item;
    return [ecosystem, name, 'disposition' in outcome.item ? outcome.item.disposition : undefined, urgency]
      .join(' ')
      .trim();
  });

describe('what a statement says', () => {
  test.each([
    ['affected', { action_statement: OPEN }, 'Ubuntu:22.04:LTS thing'],
    ['affected', { action_statement: NEVER }, 'Ubuntu:22.04:LTS thing WILL_NOT_FIX'],
    ['affected', { action_statement: NOT_SUPPORTED }, 'Ubuntu:22.04:LTS thing END_OF_LIFE'],
    ['affected', { action_statement: DEFERRED }, 'Ubuntu:22.04:LTS thing DEFERRED'],
    ['affected', {}, 'Ubuntu:22.04:LTS thing'],
    ['under_investigation', {}, 'Ubuntu:22.04:LTS thing UNDER_INVESTIGATION'],
    ['not_affected', { justification: 'vulnerable_code_not_present' }, 'Ubuntu:22.04:LTS thing NOT_AFFECTED'],
    [
      'affected',
      { status_notes: 'Ubuntu Security Team classified this CVE as of Medium priority.' },
      'Ubuntu:22.04:LTS thing  medium',
    ],
  ])('%s %j', async (state, more, expected) => {
    const document1 = document(cve, statement(cve, state, [binary('thing'), source('thing', 'jammy')], more));
    expect(await said(document1)).toEqual([expected]);
  });

  test('what is fixed and what a release does not have says nothing', async () => {
    const gone = statement(cve, 'not_affected', [source('thing', 'noble')], { justification: 'component_not_present' });
    expect(await said(document(cve, statement(cve, 'fixed', [source('thing', 'jammy')]), gone))).toEqual([]);
    expect(await said(document('CVE-2025-0194'))).toEqual([]);
  });

  test('parts of Ubuntu Pro are ecosystems of their own', async () => {
    const distros = [
      'esm-infra/xenial',
      'esm-apps/jammy',
      'esm-infra-legacy/trusty',
      'fips-updates/focal',
      'realtime/noble',
    ];
    const products = distros.map((distro, index) => source(`p${index}`, distro));
    const old = source('old', 'trusty/esm');
    expect(
      await said(document(cve, statement(cve, 'affected', [...products, old, source('new', 'questing')]))),
    ).toEqual([
      'Ubuntu:Pro:16.04:LTS p0',
      'Ubuntu:Pro:22.04:LTS p1',
      'Ubuntu:Pro:14.04:LTS p2',
      'Ubuntu:Pro:FIPS-updates:20.04:LTS p3',
      'Ubuntu:Pro:Realtime:24.04:LTS p4',
      'Ubuntu:Pro:14.04:LTS old',
      'Ubuntu:25.10 new',
    ]);
  });

  test('of two parts of one release what asks most for an action counts, in either order', async () => {
    const affected = statement(cve, 'affected', [source('thing', 'esm-infra/xenial')]);
    const not = statement(cve, 'not_affected', [source('thing', 'esm-apps/xenial')]);
    for (const both of [
      [affected, not],
      [not, affected],
    ])
      expect(await said(document(cve, ...both))).toEqual(['Ubuntu:Pro:16.04:LTS thing']);
  });

  test('a release that is not known is said once', async () => {
    const products = [source('a', 'warty'), source('b', 'warty'), source('c', 'bluefield/jammy')];
    expect(await said(document(cve, statement(cve, 'affected', products)))).toMatchObject([
      { refusal: 'unreadable', what: 'warty', elsewhere: true },
      { refusal: 'unreadable', what: 'bluefield/jammy', elsewhere: true },
    ]);
  });
});

const good = document('CVE-2025-1001', statement('CVE-2025-1001', 'affected', [source('thing', 'jammy')]));

test.each([
  ['a state that is not known', document(cve, statement(cve, 'probably', [source('thing', 'jammy')]))],
  ['another CVE', document(cve, statement('CVE-2025-9', 'affected', [source('thing', 'jammy')]))],
  ['the CVE of another', document(cve, statement('CVE-2025-1002', 'affected', []))],
  [
    'a product of somebody else',
    document(cve, statement(cve, 'affected', [{ '@id': 'pkg:deb/debian/x@1?arch=source' }])),
  ],
  [
    'a package without a release',
    document(cve, statement(cve, 'affected', [{ '@id': 'pkg:deb/ubuntu/x@1?arch=source' }])),
  ],
  [
    'a name that is broken',
    document(cve, statement(cve, 'affected', [{ '@id': 'pkg:deb/ubuntu/%E0%A4%A@1?arch=source&distro=jammy' }])),
  ],
  ['products that are none', document(cve, statement(cve, 'affected', { '@id': 'x' }))],
  ['no JSON', { ...document(cve), content: '{' }],
  ['brackets', { ...document(cve), content: '['.repeat(100_000) }],
])('%s is said, and costs no other document', async (_, odd) => {
  expect(await read(odd, good)).toMatchObject([
    { refusal: 'unreadable', what: cve },
    { item: { cve: 'CVE-2025-1001' }, asOf: '2026-11-30T16:37:20Z' },
  ]);
});

describe('archives', () => {
  test('it is known by what is in it, however it is packed', async () => {
    const bare = makeTar([good]);
    for (const bytes of [bare, gzipSync(bare), storedXz(bare)])
      expect(await detectKind(testFile('x.tar', bytes))).toBe('ubuntu-vex');
  });
  test.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 600)],
    ['cut at its beginning', (bytes: Buffer) => bytes.subarray(0, 20)],
    ['damaged', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 30), Buffer.alloc(8, 0xff), bytes.subarray(38)])],
  ])('an archive that is %s is refused', async (_, change) => {
    await expect(collected(ubuntuVexFile(testFile('x', change(archive(good)))))).rejects.toThrow(
      /xz|cut short|archive/,
    );
  });
  test("Canonical's archive of OSV is read as OSV is", async () => {
    const osv = {
      name: 'osv/cve/2024/UBUNTU-CVE-2024-1.json',
      content: JSON.stringify(debianCve('CVE-2024-1000', 'thing')),
    };
    const path = testFile('osv-all.tar.xz', storedXz(makeTar([osv])));
    expect(await detectKind(path)).toBe('osv');
    expect(await collected(osvFile(path))).toMatchObject([{ item: { kind: 'advisory' } }]);
  });
  test('a large file is unpacked in pieces', async () => {
    const bytes = Buffer.alloc(3_000_000, 'assay ');
    expect(Buffer.concat(await collected(fileBytes(testFile('x.xz', storedXz(bytes)))))).toEqual(bytes);
  });
});

describe('on a host', () => {
  const host = hostOf(installed('a 1', 'b 1', 'c 1', 'd 1', 'e 1'), { os: { id: 'ubuntu', versionId: '22.04' } });
  const open = (number: number, name: string, ecosystem = 'Ubuntu:22.04:LTS', fixed?: string): object =>
    record(`UBUNTU-CVE-2025-100${number}`, [{ ecosystem, name, ...(fixed === undefined ? {} : { fixed }) }]);
  const says = (number: number, name: string, status: string, more: object = {}, distro = 'jammy') =>
    document(`CVE-2025-100${number}`, statement(`CVE-2025-100${number}`, status, [source(name, distro)], more));
  const judged = async (vex: Uint8Array, ...records: object[]) => {
    const directory = feedsDirectory(testFolder());
    await updateFeeds(feedPorts(), directory, [
      {
        name: 'Ubuntu',
        kind: 'osv',
        source: testFile('u.jsonl', records.map((each) => JSON.stringify(each)).join('\n')),
      },
      { name: 'ubuntu-vex', kind: 'ubuntu-vex', source: testFile('vex-all.tar.xz', vex) },
    ]);
    const advisories = openAdvisories(`${directory.index}/${readCurrent(directory).index}`);
    try {
      const { findings, notAssessed } = judgeBy(host, advisories);
      return { findings, notAssessed: notAssessed.filter((each) => each.includes('CVE-')) };
    } finally {
      advisories.close();
    }
  };

  test('states that the records do not have, and what only Canonical knows', async () => {
    const vex = archive(
      says(1, 'a', 'affected', { action_statement: NEVER }),
      says(2, 'b', 'not_affected', { justification: 'vulnerable_code_not_present' }),
      says(3, 'c', 'under_investigation'),
      says(4, 'd', 'affected', { action_statement: DEFERRED }),
      says(5, 'e', 'not_affected'),
    );
    expect(await judged(vex, open(1, 'a'), open(2, 'b'), open(3, 'c'), open(5, 'e', 'Ubuntu:22.04:LTS', '2'))).toEqual({
      findings: [
        'CVE-2025-1001 a 1 -> null WILL_NOT_FIX Undefined',
        'CVE-2025-1004 d 1 -> null DEFERRED Undefined',
        // A fix decides, whatever is said beside it.
        'CVE-2025-1005 e 1 -> 2 FIX_AVAILABLE Undefined',
      ],
      notAssessed: [
        'Package c: c 1: the distribution is still investigating whether the package is affected for CVE-2025-1003',
      ],
    });
  });

  test('a fix for subscribers is said of what is still looked into', async () => {
    const { findings } = await judged(
      archive(says(3, 'c', 'under_investigation')),
      open(3, 'c'),
      open(3, 'c', 'Ubuntu:Pro:22.04:LTS', '2'),
      open(1, 'z'),
    );
    expect(findings).toEqual(['CVE-2025-1003 c 1 -> 2 NEEDS_PRO Undefined']);
  });

  test('VEX alone covers no release: it has no fixes', async () => {
    const directory = feedsDirectory(testFolder());
    await updateFeeds(feedPorts(), directory, [
      { name: 'ubuntu-vex', kind: 'ubuntu-vex', source: testFile('v.tar.xz', archive(says(1, 'a', 'affected'))) },
    ]);
    const advisories = openAdvisories(`${directory.index}/${readCurrent(directory).index}`);
    expect(advisories.ecosystems()).toEqual([]);
    expect(judgeBy(host, advisories).notAssessed[0]).toContain('there are no advisories for Ubuntu:22.04:LTS');
    advisories.close();
  });
});

test('from its publisher: moved, unchanged, told to wait, cut', async () => {
  const directory = feedsDirectory(testFolder());
  const bytes = archive(good);
  const { url, seen } = await feedServer(
    (_, response) => response.writeHead(302, { location: '/vex/latest/vex-all.tar.xz' }).end(),
    file(bytes, '"a"'),
    file(bytes, '"a"'),
    status(429, { 'retry-after': '2' }),
    file(bytes.subarray(0, -700), '"b"'),
  );
  const feed = { name: 'ubuntu-vex', kind: 'ubuntu-vex', source: `${url}/vex/vex-all.tar.xz` } as const;
  const update = async () => (await updateFeeds(feedPorts(), directory, [feed])).feeds[0];
  expect(await update()).toMatchObject({
    outcome: 'updated',
    part: { records: 1, newestAt: Date.parse('2026-11-30T16:37:20Z') },
  });
  expect(await update()).toMatchObject({ outcome: 'unchanged' });
  expect(seen[2]?.headers['if-none-match']).toBe('"a"');
  expect(await update()).toMatchObject({ outcome: 'failed', part: { records: 1 } });
});
