import { expect, test } from 'vitest';
import { secdbFile } from '../../../packages/server/src/feeds/sources/secdb.ts';
import { collected, testFile } from '../fixture-files.ts';

const read = (secdb: object) => collected(secdbFile(testFile('main.json', JSON.stringify(secdb))));
const secdb = (secfixes: object): object => ({
  distroversion: 'v3.20',
  reponame: 'community',
  packages: [{ pkg: { name: 'thing', secfixes } }],
});
const advisory = (id: string, affected: object): object => ({
  item: {
    advisory: {
      record: { id, kind: 'CVE', link: `https://security.alpinelinux.org/vuln/${id.slice(7)}` },
      entries: [{ ecosystem: 'Alpine:v3.20', affected: { record: id, package: 'thing', ...affected } }],
    },
  },
});

test('a fix is a record of the CVE; version 0 says not affected', async () => {
  expect(await read(secdb({ '1.2-r0': ['CVE-2024-1000'], '0': ['CVE-2024-1001'] }))).toMatchObject([
    advisory('ALPINE-CVE-2024-1001', { ranges: [], disposition: 'NOT_AFFECTED' }),
    advisory('ALPINE-CVE-2024-1000', { ranges: [[{ introduced: '0' }, { fixed: '1.2-r0' }]] }),
  ]);
});

test('several ids in one text, and the ways that they are miswritten', async () => {
  const outcomes = await read(secdb({ '1.2-r0': ['CVE-2024-1000 XSA-2', 'CVE_2024-1001', 'GHSA-aaaa-bbbb-cccc'] }));
  expect(outcomes).toMatchObject([
    advisory('ALPINE-CVE-2024-1000', {}),
    advisory('ALPINE-CVE-2024-1001', {}),
    { refusal: 'names no CVE', what: 'thing GHSA-aaaa-bbbb-cccc' },
  ]);
});

test('a package that cannot be read is named, and the others are', async () => {
  const packages = [{ pkg: { name: 7 } }, null, { pkg: { name: 'b', secfixes: { '1': 'CVE-2024-1000' } } }];
  const broken = await read({ distroversion: 'v3.20', packages });
  expect(broken.map((outcome) => 'refusal' in outcome && outcome.what)).toEqual([
    'package 1',
    'package 2',
    'package 3',
  ]);
});

test.each([{}, { distroversion: 'Debian' }, { distroversion: 'v3.20', packages: {} }])('%j is none', async (value) => {
  await expect(read(value)).rejects.toThrow();
});
