import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openGapsHere } from '../../../packages/server/src/engine/judging/open-gaps-of.ts';
import { feedsDirectory } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { createGapsThread } from '../../../packages/server/src/runtime/threads/gaps-thread.ts';
import { feedPorts } from '../../feeds/feed-server.ts';
import { testFile, testFolder } from '../../feeds/fixture-files.ts';
import { hostOf } from '../../rules/common-vulnerabilities-and-exposures/hosts.ts';

const announced = (id: string, cve: string, fixed: string): string =>
  JSON.stringify({
    id,
    modified: '2026-01-01T00:00:00Z',
    upstream: [cve],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'thing' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  });

test('a thread finds what this one would, also where the file is gone', async () => {
  const directory = feedsDirectory(testFolder());
  const lines = [
    announced('DEBIAN-CVE-2024-1000', 'CVE-2024-1000', '1-1'),
    announced('DSA-1-1', 'CVE-2024-1001', '1-2'),
    announced('DSA-2-1', 'CVE-2024-1002', '1-4'),
  ];
  const source = testFile('Debian.jsonl', lines.join('\n'));
  await updateFeeds(feedPorts(), directory, [{ name: 'Debian', kind: 'osv', source }]);
  const file = join(directory.index, readdirSync(directory.index)[0] ?? '');
  const value = openAdvisories(file);
  const hosts = ['1-1', '1-3', '1-4'].map((version) => {
    const { osRelease, packages } = hostOf([{ name: 'thing', version }]);
    return { osRelease: gzipSync(JSON.stringify(osRelease)), packages: gzipSync(JSON.stringify(packages)) };
  });
  const thread = createGapsThread();
  try {
    const found = await thread.find(hosts, { file, digest: value.digest, value });
    expect(found.map((each) => [...each])).toEqual([[0, 1], [1], []]);
    expect(found).toEqual(await openGapsHere(hosts, { file, digest: value.digest, value }));
    const gone = { file: `${file}-gone`, digest: value.digest, value };
    expect(await thread.find(hosts, gone)).toEqual(found);
  } finally {
    await thread.end();
    value.close();
  }
});
