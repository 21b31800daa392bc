import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { endsOfLifeFile } from '../../../packages/server/src/feeds/sources/ends-of-life.ts';
import { detectKind } from '../../../packages/server/src/feeds/sources/feed-kind.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { feedPorts, feedServer, file, status } from '../feed-server.ts';
import { collected, debianCve, testFile, testFolder } from '../fixture-files.ts';

const release = (name: string, eolFrom: unknown, more: object = {}): object => ({
  ...{ name, codename: null, label: name, releaseDate: '2020-01-01', isLts: false, ltsFrom: null },
  ...{ isEol: false, eolFrom, isMaintained: true, latest: null, ...more },
});
const product = (name: string, ...releases: unknown[]): object => ({
  ...{ name, aliases: [], label: name, category: 'os', tags: ['os'], versionCommand: null, identifiers: [] },
  ...{ labels: { eoas: null, discontinued: null, eol: 'Security', eoes: null }, links: {}, releases },
});
const answer = (...result: unknown[]): string =>
  JSON.stringify({ schema_version: '1.2.0', generated_at: '2026-11-30T04:00:00+00:00', total: 1, result });
const read = (text: string | Uint8Array, name = 'full') => collected(endsOfLifeFile(testFile(name, text)));
const supports = async (text: string | Uint8Array): Promise<unknown[]> =>
  (await read(text)).map((outcome) =>
    'item' in outcome && outcome.item.kind === 'support' ? outcome.item.support : outcome,
  );

describe('endoflife.date', () => {
  test('phases with a day, without one, and none', async () => {
    const text = answer(
      product('python', release('3.14', '2030-10-31')),
      product('debian', release('12', '2026-06-10', { isEol: true, isEoes: false, eoesFrom: '2028-06-30' })),
      product('ubuntu', release('25.10', '2026-07-01', { isEoes: null, eoesFrom: null })),
      product('sles', release('15.6', null, { isEoes: false, eoesFrom: null }), release('11', null, { isEol: true })),
      product('amazon-linux', release('2018.03', '2023-12-31'), release('2', '2026-06-30')),
      product('azure-linux', release('3.0', '2027-08-31')),
      product('openeuler', release('24.03-lts-sp3', '2027-12-31')),
      product('rhel', release('9', '2032-05-31', { isEoes: false, eoesFrom: '2032-05-31' })),
    );
    expect(await supports(text)).toEqual([
      {
        release: 'debian:12',
        security: '2026-06-10',
        extended: [{ name: 'Debian LTS', of: 'EVERYONE', until: '2028-06-30' }],
      },
      { release: 'ubuntu:25.10', security: '2026-07-01', extended: [] },
      { release: 'sles:15.6', security: 'OPEN', extended: [] },
      { release: 'sles:11', security: 'OVER', extended: [] },
      { release: 'amzn:1', security: '2023-12-31', extended: [] },
      { release: 'amzn:2', security: '2026-06-30', extended: [] },
      { release: 'azurelinux:3', security: '2027-08-31', extended: [] },
      { release: 'openeuler:24.03-LTS-SP3', security: '2027-12-31', extended: [] },
      { release: 'rhel:9', security: '2032-05-31', extended: [] },
    ]);
    expect(await detectKind(testFile('full', text))).toBe('ends-of-life');
    expect((await read(gzipSync(text)))[0]).toMatchObject({ asOf: '2026-11-30T04:00:00Z' });
  });

  test.each([
    ['a day that is none', release('12', '2026-02-30')],
    ['a day that is a number', release('12', 20260610)],
    ['neither over nor not', release('12', null, { isEol: 'no' })],
    ['no name', { ...release('12', '2026-06-10'), name: undefined }],
    ['no release', 'x'],
  ])('%s is said, and costs no other release', async (_, odd) => {
    const outcomes = await read(answer(product('debian', odd, release('13', '2028-08-09'))));
    expect(outcomes).toMatchObject([{ refusal: 'unreadable' }, { item: { support: { release: 'debian:13' } } }]);
  });

  test.each([
    ['of no date', JSON.stringify({ result: [product('debian')] }), /generated_at/],
    ['of nothing known', answer(product('python')), /no distribution/],
    ['cut', answer(product('debian', release('12', '2026-06-10'))).slice(0, -40), /no JSON/],
  ])('what is %s is refused', async (_, text, fault) => {
    await expect(read(text)).rejects.toThrow(fault);
  });
});

describe('distro-info-data', () => {
  test('Debian', async () => {
    const text = `version,codename,series,created,release,eol,eol-lts,eol-elts
9,Stretch,stretch,2015-04-26,2017-06-17,2020-07-18,2022-06-30,2027-06-30
14,Forky,forky,2025-08-09
,Sid,sid,1993-08-16
`;
    expect(await supports(text)).toEqual([
      {
        release: 'debian:9',
        security: '2020-07-18',
        extended: [
          { name: 'Debian LTS', of: 'EVERYONE', until: '2022-06-30' },
          { name: 'Freexian ELTS', of: 'SUBSCRIBERS', until: '2027-06-30' },
        ],
      },
    ]);
    expect(await detectKind(testFile('debian.csv', text))).toBe('ends-of-life');
  });
  test('Ubuntu, whose servers were supported for longer once', async () => {
    const text = `version,codename,series,created,release,eol,eol-server,eol-esm,eol-legacy
10.04 LTS,Lucid Lynx,lucid,2009-10-29,2010-04-29,2013-05-09,2015-04-30
24.04 LTS,Noble Numbat,noble,2023-10-12,2024-04-25,2029-05-31,2029-05-31,2034-04-25,2036-04-29
24.10,Oracular Oriole,oracular,2024-04-25,2024-10-10,soon
`;
    expect(await supports(text)).toMatchObject([
      { release: 'ubuntu:10.04', security: '2015-04-30', extended: [] },
      { release: 'ubuntu:24.04', security: '2029-05-31', extended: [{ until: '2034-04-25' }, { until: '2036-04-29' }] },
      { refusal: 'unreadable', what: 'line 4' },
    ]);
  });
  test('other columns are refused', async () => {
    await expect(
      read('version,codename,series,created,release,eol\n1,X,x,2020-01-01,2020-01-01,2021-01-01\n'),
    ).rejects.toThrow(/neither/);
  });
});

test('from its publisher into the index: moved, unchanged, busy, cut', async () => {
  const directory = feedsDirectory(testFolder());
  const body = answer(product('debian', release('12', '2026-06-10')));
  const { url, seen } = await feedServer(
    (_, response) => response.writeHead(301, { location: '/api/v1/products/full/' }).end(),
    file(body, '"a"'),
    (_, response) => response.writeHead(301, { location: '/api/v1/products/full/' }).end(),
    file(body, '"a"'),
    status(429, { 'retry-after': '1' }),
    (_, response) => {
      response.writeHead(200, { 'content-length': body.length }).write(body.slice(0, 20));
      response.destroy();
    },
  );
  const records = testFile('Debian.jsonl', JSON.stringify(debianCve('CVE-2024-1000', 'thing')));
  const feeds = [
    { name: 'Debian', kind: 'osv', source: records } as const,
    { name: 'ends-of-life', kind: 'ends-of-life', source: `${url}/api/v1/products/full` } as const,
  ];
  const update = async () => (await updateFeeds(feedPorts(), directory, feeds)).feeds[1];
  expect(await update()).toMatchObject({ outcome: 'updated', part: { records: 1 } });
  expect(await update()).toMatchObject({ outcome: 'unchanged' });
  expect(seen[3]?.headers['if-none-match']).toBe('"a"');
  // What is served goes on where an update fails.
  expect(await update()).toMatchObject({ outcome: 'failed', part: { records: 1 } });
  const index = `${directory.index}/${readCurrent(directory).index}`;
  const advisories = openAdvisories(index);
  expect(advisories.support('debian:12')).toMatchObject([
    // Its own date: the clock of the test stands at an earlier one.
    { security: '2026-06-10', source: 'ends-of-life', date: 1_700_000_000_000 },
  ]);
  expect(advisories.support('debian:11')).toEqual([]);
  advisories.close();
});
