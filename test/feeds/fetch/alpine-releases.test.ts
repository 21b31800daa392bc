import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alpineReleases } from '../../../packages/server/src/feeds/fetch/alpine-releases.ts';
import { feedPorts, feedServer, file, status } from '../feed-server.ts';
import { testFolder } from '../fixture-files.ts';

const page = (...links: string[]): string =>
  `<html><body><pre>${['../', ...links].map((link) => `<a href="${link}">${link}</a>   07-Jul-2026\n`).join('')}</pre></body></html>`;

const found = (url: string) => alpineReleases(feedPorts(), join(testFolder(), 'index'), url);

test('every release that the index names, with the repositories that it has', async () => {
  const { url, seen } = await feedServer(
    file(page('edge/', 'v3.2/', 'v3.25/', 'last-update', 'license.txt')),
    file(page('main.json')),
    file(page('community.json', 'main.json', 'testing.json')),
  );
  expect(await found(url)).toEqual([
    { name: 'alpine-3.2-main', ecosystem: 'Alpine:v3.2', kind: 'secdb', source: `${url}/v3.2/main.json` },
    { name: 'alpine-3.25-community', ecosystem: 'Alpine:v3.25', kind: 'secdb', source: `${url}/v3.25/community.json` },
    { name: 'alpine-3.25-main', ecosystem: 'Alpine:v3.25', kind: 'secdb', source: `${url}/v3.25/main.json` },
  ]);
  expect(seen.map(({ url: path }) => path)).toEqual(['/', '/v3.2/', '/v3.25/']);
});

test.each([
  ['is not there', status(404)],
  ['is a page of a portal', file('<html><a href="https://portal.example/">Sign in</a></html>')],
  ['leads elsewhere', file(page('v3.20/../../', '//example.org/v3.20/', 'v3.20'))],
])('an index that %s is said', async (_, answer) => {
  const { url } = await feedServer(answer);
  await expect(found(url)).rejects.toThrow(/404|names no release/);
});
