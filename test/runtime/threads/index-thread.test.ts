import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFromParts, type IndexOrder } from '../../../packages/server/src/feeds/build-from-parts.ts';
import { FeedFault } from '../../../packages/server/src/feeds/feed-fault.ts';
import { originOf } from '../../../packages/server/src/feeds/feed-state.ts';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../../packages/server/src/feeds/index/open-advisories.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { buildIndexInThread } from '../../../packages/server/src/runtime/threads/index-thread.ts';
import { feedPorts } from '../../feeds/feed-server.ts';
import { testFile, testFolder } from '../../feeds/fixture-files.ts';
import { debianRecord } from '../../support/debian-host.ts';

const RECORDS = 5000;

/** A part of so many records, and the order to build an index of it. */
async function order(): Promise<IndexOrder> {
  const directory = feedsDirectory(testFolder());
  const lines = Array.from({ length: RECORDS }, (_, at) =>
    JSON.stringify(debianRecord(`CVE-2024-${10_000 + at}`, `p${at}`, '1-1')),
  );
  await updateFeeds(feedPorts(), directory, [
    { name: 'Debian', kind: 'osv', source: testFile('d.jsonl', lines.join('\n')) },
  ]);
  const parts = readCurrent(directory).feeds.flatMap(({ name, part }) =>
    part ? [{ origin: originOf(name, part), file: join(directory.parts, part.file) }] : [],
  );
  const folder = testFolder();
  return { draft: join(folder, 'index.sqlite'), staging: join(folder, 'staging.sqlite'), parts };
}

test('a thread builds the index that this one would, and tells how far it is', async () => {
  const [there, here] = [await order(), await order()];
  const shares: number[] = [];
  const digest = await buildIndexInThread(there, (share) => shares.push(share));
  expect(digest).toBe(await buildFromParts(here));
  expect(shares.length).toBeGreaterThan(3);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  const advisories = openAdvisories(there.draft);
  expect(advisories.digest).toBe(digest);
  expect(advisories.affected('Debian:12', 'p4999')).toMatchObject([{ record: 'DEBIAN-CVE-2024-14999' }]);
  advisories.close();
});

test('what is wrong with a part is told as it is in this thread, and a fault of ours is thrown', async () => {
  const broken = await order();
  const file = broken.parts[0]?.file ?? '';
  writeFileSync(file, readFileSync(file).subarray(0, 100));
  const here = await buildFromParts({
    ...broken,
    draft: `${broken.draft}-here`,
    staging: `${broken.staging}-here`,
  }).catch((error: unknown) => error);
  await expect(buildIndexInThread(broken)).rejects.toStrictEqual(here);
  expect(here).toBeInstanceOf(FeedFault);
  const nowhere = { ...(await order()), draft: '/nowhere/at/all' };
  await expect(buildIndexInThread(nowhere)).rejects.toThrow('unable to open database file');
});
