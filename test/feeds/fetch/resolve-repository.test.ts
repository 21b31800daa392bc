import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { feedsDirectory } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { feedPorts, feedServer, file, status } from '../feed-server.ts';
import { testFolder } from '../fixture-files.ts';

const updateinfo = gzipSync(`<?xml version="1.0"?><updates><update status="final" type="security"><id>ALAS2-2024-1</id>
<title>thing</title><issued date="2024-01-01 00:00:00"/><updated date="2024-01-02 00:00:00"/><severity>important</severity>
<references><reference href="" id="CVE-2024-1000" title="" type="cve"/></references>
<pkglist><collection><package name="thing" version="1" release="2.amzn2" epoch="0" arch="x86_64"/></collection></pkglist>
</update></updates>`);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const repomd = (checksum: string, href = 'repodata/updateinfo.xml.gz'): string =>
  `<?xml version="1.0"?><repomd><data type="primary"><checksum type="sha256">${'0'.repeat(64)}</checksum>
<location href="repodata/primary.xml.gz"/></data><data type="updateinfo"><checksum type="sha256">${checksum}</checksum>
<open-checksum type="sha256">1</open-checksum><location href="${href}"/></data></repomd>`;

/** A distribution's addresses: a list of mirrors of which the first is gone, and a repository. */
async function take(files: Readonly<Record<string, string | Uint8Array>>) {
  const { url, seen } = await feedServer((request, response) => {
    const path = request.url ?? '';
    if (path === '/core/mirror.list') return file(`${url}/gone\n${url}/mirror/abc\n`)(request, response);
    const found = files[path];
    return (found === undefined ? status(404) : file(found))(request, response);
  });
  const feed = { name: 'amazon-2-core', kind: 'updateinfo', source: `${url}/core/mirror.list` } as const;
  const { feeds } = await updateFeeds(feedPorts(), feedsDirectory(testFolder()), [feed]);
  return { outcome: feeds[0], asked: seen.map((request) => request.url) };
}

test('a list of mirrors leads to a repository, and that to its advisories', async () => {
  const { outcome, asked } = await take({
    '/mirror/abc/repodata/repomd.xml': repomd(sha256(updateinfo)),
    '/mirror/abc/repodata/updateinfo.xml.gz': updateinfo,
  });
  expect(outcome).toMatchObject({ outcome: 'updated', part: { records: 1, kind: 'updateinfo' } });
  expect(asked).toEqual([
    '/core/mirror.list',
    '/gone/repodata/repomd.xml',
    '/mirror/abc/repodata/repomd.xml',
    '/mirror/abc/repodata/updateinfo.xml.gz',
  ]);
});

test.each([
  ['others than the repository names', repomd('1'.repeat(64)), /not the one that the repository names/],
  ['elsewhere', repomd(sha256(updateinfo), 'https://elsewhere.example/updateinfo.xml.gz'), /not in it/],
  ['none', '<repomd/>', /no updateinfo/],
  ['an entity', '<!DOCTYPE x><repomd/>', /document type/],
])('advisories that are %s are refused', async (_, xml, error) => {
  const { outcome } = await take({
    '/mirror/abc/repodata/repomd.xml': xml,
    '/mirror/abc/repodata/updateinfo.xml.gz': updateinfo,
  });
  expect(outcome).toMatchObject({ outcome: 'failed', error: expect.stringMatching(error) });
});
