import { expect, test } from 'vitest';
import { givenFeeds, takeGivenFeeds } from '../../packages/server/src/cli/feeds/given-feeds.ts';
import { feedsDirectory, readCurrent } from '../../packages/server/src/feeds/feeds-directory.ts';
import { debianCve, testFile, testFolder } from '../feeds/fixture-files.ts';
import { runAssay } from './run-assay.ts';

test('a folder or a file is read, a URL of a file too, and any other URL is a mirror', () => {
  expect(givenFeeds('./advisories')).toEqual({ from: './advisories' });
  expect(givenFeeds('https://example.test/Debian/all.zip?x=1')).toEqual({
    from: 'https://example.test/Debian/all.zip?x=1',
  });
  expect(givenFeeds('https://example.test/feeds/')).toEqual({ mirror: 'https://example.test/feeds/' });
  expect(() => givenFeeds('https://exa mple')).toThrow('is not a URL');
});

test('if the given advisories cannot be read, the previous copy stays in use; without one it is an error', async () => {
  const data = testFolder();
  const file = testFile('Debian.jsonl', JSON.stringify(debianCve('CVE-2024-1000', 'thing')));
  await takeGivenFeeds(data, file);
  const { digest, feeds } = readCurrent(feedsDirectory(data));
  expect(feeds.find(({ name }) => name === 'Debian')?.part?.records).toBe(1);
  const broken = testFile('Debian.jsonl', '{"id": ');
  await takeGivenFeeds(data, broken);
  expect(readCurrent(feedsDirectory(data)).digest).toBe(digest);
  await expect(takeGivenFeeds(testFolder(), broken)).rejects.toThrow('none of it can be used');
});

test('serve does not start with advisories that are not there', async () => {
  const { status, stderr } = await runAssay(['serve', '--port', '0', '--data-dir', testFolder(), '--feeds', '/nope']);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^Reading the advisories of \/nope …\nassay: \/nope is not there\.?\n$/),
  });
});
