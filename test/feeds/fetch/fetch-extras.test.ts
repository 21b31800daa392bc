import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { type HostOptions, hostOf, judgeBy } from '../../rules/common-vulnerabilities-and-exposures/hosts.ts';
import { feedPorts, feedServer, file, status } from '../feed-server.ts';
import { testFile, testFolder } from '../fixture-files.ts';

const updateinfo = (id: string, cve: string, name: string, version: string): string =>
  `<?xml version="1.0"?><updates><update status="final" type="security"><id>${id}</id>
<title>${id}</title><issued date="2026-01-01 00:00:00"/><updated date="2026-01-02 00:00:00"/><severity>important</severity>
<references><reference href="" id="${cve}" title="" type="cve"/></references>
<pkglist><collection><package name="${name}" version="${version}" release="2.amzn2" epoch="0" arch="x86_64"/></collection></pkglist>
</update></updates>`;
const topics: Readonly<Record<string, string>> = {
  docker: updateinfo('ALASDOCKER-2026-001', 'CVE-2026-1001', 'docker', '25.0.9'),
  'kernel-5.15': updateinfo('ALASKERNEL-5.15-2026-001', 'CVE-2026-1002', 'kernel', '5.15.200'),
  'lamp-mariadb10.2-php7.2': updateinfo('ALASLAMP-MARIADB10.2-PHP7.2-2026-001', 'CVE-2026-1003', 'mariadb', '10.2.50'),
};
const core = updateinfo('ALAS2-2026-001', 'CVE-2026-1000', 'kernel', '4.14.355').replace(
  '</updates>',
  updateinfo('ALAS2-2026-002', 'CVE-2026-1004', 'mariadb', '5.5.70').replace(/^.*<updates>/s, ''),
);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const packed = new Map(Object.entries(topics).map(([topic, xml]) => [topic, gzipSync(xml)]));

/** The addresses of Amazon Linux 2: a catalogue, and a list of mirrors, a repository and its advisories for each topic. */
async function publisher(
  change: (path: string) => ReturnType<typeof status> | undefined = () => undefined,
  more: object[] = [],
) {
  const { url, seen } = await feedServer((request, response) => {
    const path = request.url ?? '';
    const changed = change(path);
    if (changed) return changed(request, response);
    if (path === '/2/extras-catalog.json') {
      const listed = [...Object.keys(topics), 'emacs'].map((n) => ({ n, inst: [n], versions: ['stable'] }));
      const catalog = { motd: '', status: 'ok', version: 1, whitelists: [[0, 1]], topics: [...listed, ...more] };
      return file(JSON.stringify(catalog))(request, response);
    }
    const [, topic = '', rest = ''] = /^\/(?:2\/extras\/|mirror\/)([^/]+)\/(.*)$/.exec(path) ?? [];
    const bytes = packed.get(topic);
    if (!bytes) return status(404)(request, response);
    if (rest === 'latest/x86_64/mirror.list') return file(`${url}/mirror/${topic}/\n`)(request, response);
    if (rest === 'repodata/updateinfo.xml.gz') return file(bytes)(request, response);
    return file(
      `<?xml version="1.0"?><repomd><data type="updateinfo"><checksum type="sha256">${sha256(bytes)}</checksum><location href="repodata/updateinfo.xml.gz"/></data></repomd>`,
    )(request, response);
  });
  const directory = feedsDirectory(testFolder());
  const feeds = [
    { name: 'amazon-2-core', kind: 'updateinfo', source: testFile('core.xml', core) } as const,
    { name: 'amazon-2-extras', kind: 'updateinfo', source: `${url}/2/extras-catalog.json` } as const,
  ];
  const update = async () => (await updateFeeds(feedPorts(), directory, feeds)).feeds[1];
  return { update, directory, asked: () => seen.map((request) => request.url ?? '') };
}

test('every topic of the catalogue is read, and only the lists where nothing changed', async () => {
  const { update, directory, asked } = await publisher();
  expect(await update()).toMatchObject({ outcome: 'updated', part: { records: 3, kind: 'updateinfo' } });
  expect(asked().filter((path) => path.endsWith('updateinfo.xml.gz'))).toHaveLength(3);
  const advisories = openAdvisories(`${directory.index}/${readCurrent(directory).index}`);
  expect(advisories.coverage('Amazon Linux:2')?.repositories).toEqual([
    'core',
    'docker',
    'kernel-5.15',
    'lamp-mariadb10.2-php7.2',
  ]);
  advisories.close();
  const before = asked().length;
  expect(await update()).toMatchObject({ outcome: 'unchanged' });
  expect(
    asked()
      .slice(before)
      .filter((path) => path.endsWith('updateinfo.xml.gz')),
  ).toEqual([]);
});

describe('what cannot be had', () => {
  test.each([
    [
      'a repository that the server guards',
      (path: string) => (path.includes('/docker/') ? status(403) : undefined),
      /topic docker: the server answered 403/,
    ],
    [
      'advisories that are others',
      (path: string) => (path.endsWith('docker/repodata/updateinfo.xml.gz') ? file('x') : undefined),
      /topic docker: its updateinfo is not the one/,
    ],
    [
      'a catalogue that is none',
      (path: string) => (path.endsWith('catalog.json') ? file('<html>') : undefined),
      /catalogue is no JSON/,
    ],
    [
      'a catalogue of nothing',
      (path: string) => (path.endsWith('catalog.json') ? file('{"topics":[]}') : undefined),
      /names no topic/,
    ],
    [
      'a catalogue that leads elsewhere',
      (path: string) => (path.endsWith('catalog.json') ? file('{"topics":[{"n":"../../x"}]}') : undefined),
      /topic has no name/,
    ],
    [
      'no repository at all',
      (path: string) => (path.endsWith('mirror.list') ? status(404) : undefined),
      /none of its 4 topics/,
    ],
  ])('%s fails, and says what', async (_, change, error) => {
    const { update } = await publisher(change);
    expect(await update()).toMatchObject({ outcome: 'failed', error: expect.stringMatching(error) });
  });
});

describe('a host is judged by its topics', () => {
  const repository = (topic: string, enabled = true) => ({ name: `amzn2extra-${topic}`, enabled });
  const judged = async (name: string, version: string, repositories: HostOptions['repositories']) => {
    const { update, directory } = await publisher();
    await update();
    const advisories = openAdvisories(`${directory.index}/${readCurrent(directory).index}`);
    const packages = [{ name, version, vendor: 'Amazon Linux' }];
    const { findings } = judgeBy(
      hostOf(packages, { os: { id: 'amzn', versionId: '2' }, ...(repositories ? { repositories } : {}) }),
      advisories,
    );
    advisories.close();
    return findings.map((each) => each.split(' ')[0]);
  };
  test.each([
    ['docker', '20.10.1-1.amzn2', [repository('docker')], ['CVE-2026-1001']],
    // Nothing but the topic has it, so that is where it came from.
    ['docker', '20.10.1-1.amzn2', [repository('nginx1')], ['CVE-2026-1001']],
    ['mariadb', '5.5.71-1.amzn2', [repository('docker')], []],
    ['mariadb', '5.5.71-1.amzn2', [repository('lamp-mariadb10.2-php7.2', false)], []],
    ['mariadb', '5.5.69-1.amzn2', [repository('docker')], ['CVE-2026-1004']],
    ['mariadb', '10.2.49-1.amzn2', [repository('lamp-mariadb10.2-php7.2')], ['CVE-2026-1003']],
    // Where the host does not say what it has enabled, any may be.
    ['mariadb', '10.2.49-1.amzn2', undefined, ['CVE-2026-1003']],
    // The line of its version tells that it is of the topic, which was disabled later.
    ['kernel', '5.15.100-1.amzn2', [repository('docker')], ['CVE-2026-1002']],
    ['kernel', '4.14.350-1.amzn2', [repository('kernel-5.15')], ['CVE-2026-1000']],
  ])('%s %s with %j', async (name, version, repositories, cves) => {
    expect(await judged(name, version, repositories)).toEqual(cves);
  });
});
