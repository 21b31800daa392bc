import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { FeedDefinition } from '../../packages/server/src/feeds/default-feeds.ts';
import { feedsDirectory, readCurrent } from '../../packages/server/src/feeds/feeds-directory.ts';
import { type OpenedAdvisories, openAdvisories } from '../../packages/server/src/feeds/index/open-advisories.ts';
import { removeFeed } from '../../packages/server/src/feeds/remove-feed.ts';
import { type UpdateSummary, updateFeeds } from '../../packages/server/src/feeds/update-feeds.ts';
import { feedPorts, feedServer, file, status } from './feed-server.ts';
import { debianCve, makeZip, testFile, testFolder } from './fixture-files.ts';

const zipOf = (...records: object[]): Buffer =>
  makeZip(records.map((record, index) => ({ name: `${index}.json`, content: JSON.stringify(record) })));
const outcomes = ({ feeds }: UpdateSummary): string[] => feeds.map(({ name, outcome }) => `${name} ${outcome}`);

function setUp() {
  const directory = feedsDirectory(testFolder());
  const clock = { now: 1_700_000_000_000 };
  const update = (feeds: readonly FeedDefinition[], only?: string[]): Promise<UpdateSummary> =>
    updateFeeds(feedPorts(clock), directory, feeds, only ? { only } : {});
  const open = (): OpenedAdvisories => openAdvisories(join(directory.index, readCurrent(directory).index ?? ''));
  return { directory, clock, update, open };
}

test('a feed is taken, found unchanged, and taken again when it has changed', async () => {
  const { clock, update, open } = setUp();
  const { url, seen } = await feedServer(
    file(zipOf(debianCve('CVE-2024-1000', 'thing')), '"1"'),
    file(zipOf(debianCve('CVE-2024-1000', 'thing')), '"1"'),
    file(zipOf(debianCve('CVE-2024-1000', 'thing', '1.2')), '"2"'),
  );
  const feed: FeedDefinition = { name: 'Debian', kind: 'osv', source: `${url}/all.zip` };
  const first = await update([feed]);
  expect(outcomes(first)).toEqual(['Debian updated']);
  clock.now += 1000;
  const second = await update([feed]);
  expect(outcomes(second)).toEqual(['Debian unchanged']);
  expect(seen[1]?.headers['if-none-match']).toBe('"1"');
  expect(second.digest).toBe(first.digest);
  const redated = open();
  expect(redated.coverage('Debian:12')).toMatchObject({ updatedAt: clock.now, feed: 'Debian' });
  expect(redated.feeds).toMatchObject([{ name: 'Debian', updatedAt: clock.now }]);
  const third = await update([feed]);
  expect(outcomes(third)).toEqual(['Debian updated']);
  expect(third.digest).not.toBe(first.digest);
  expect(open().affected('Debian:12', 'thing')[0]?.ranges).toEqual([[{ introduced: '0' }, { fixed: '1.2' }]]);
  // Whoever had the older one goes on with it.
  expect(redated.affected('Debian:12', 'thing')[0]?.ranges).toEqual([[{ introduced: '0' }]]);
});

test.each(["UPDATE meta SET value = 'of before' WHERE key = 'version'", 'DROP TABLE meta'])(
  'an index that this version cannot read is made again of the parts that there are: %s',
  async (spoil) => {
    const { directory, update, open } = setUp();
    const answer = file(zipOf(debianCve('CVE-2024-1000', 'thing')), '"1"');
    const { url } = await feedServer(answer, answer);
    const feed: FeedDefinition = { name: 'Debian', kind: 'osv', source: `${url}/all.zip` };
    const first = await update([feed]);
    const database = new DatabaseSync(join(directory.index, readCurrent(directory).index ?? ''));
    database.exec(spoil);
    database.close();
    const second = await update([feed]);
    expect(outcomes(second)).toEqual(['Debian unchanged']);
    expect(second.digest).toBe(first.digest);
    expect(open().affected('Debian:12', 'thing')).toHaveLength(1);
  },
);

describe('a feed that fails keeps what was had of it, and the others go on', () => {
  test.each([
    ['down', status(503)],
    ['gone', status(404)],
    ['cut short', file(zipOf(debianCve('CVE-2024-1000', 'thing')).subarray(0, 80), '"2"')],
    ['empty', file('', '"2"')],
    ['an error page', file('<html>Sorry</html>', '"2"')],
    ['nothing but what cannot be read', file(zipOf({ id: 7 }, { id: 8 }), '"2"')],
    ['a redirect to nowhere', status(302, { location: 'http://127.0.0.1:1/' })],
  ])('%s', async (_, answer) => {
    const { clock, update, open, directory } = setUp();
    const { url } = await feedServer(file(zipOf(debianCve('CVE-2024-1000', 'thing'))), answer);
    const alpine = testFile(
      'alpine.jsonl',
      JSON.stringify({ ...debianCve('CVE-2024-2000', 'thing'), id: 'CVE-2024-2000' }),
    );
    const debian: FeedDefinition = { name: 'Debian', source: `${url}/all.zip`, kind: 'osv' };
    const taken = clock.now;
    await update([debian]);
    clock.now += 1000;
    const summary = await update([debian, { name: 'more', source: alpine }]);
    expect(outcomes(summary)).toEqual(['Debian failed', 'more updated']);
    const advisories = open();
    expect(advisories.affected('Debian:12', 'thing').map(({ record }) => record)).toEqual([
      'CVE-2024-2000',
      'DEBIAN-CVE-2024-1000',
    ]);
    expect(advisories.coverage('Debian:12')).toMatchObject({ updatedAt: taken, feed: 'Debian, more' });
    expect(readCurrent(directory).feeds).toMatchObject([
      { name: 'Debian', part: { updatedAt: taken }, error: { at: clock.now } },
      { name: 'more', part: { updatedAt: clock.now } },
    ]);
  });
});

test('the first of all feeds fails: there is nothing, and it is said', async () => {
  const { directory, update } = setUp();
  const summary = await update([{ name: 'x', source: '/not/there.jsonl' }]);
  expect(summary).toEqual({ feeds: [{ name: 'x', outcome: 'failed', error: 'it is not there' }] });
  expect(readCurrent(directory)).toMatchObject({ feeds: [{ name: 'x' }] });
  expect(readCurrent(directory).index).toBeUndefined();
});

test('only some ecosystems: the rest of a feed is left, a feed without any is skipped', async () => {
  const { update, open } = setUp();
  const other = {
    ...debianCve('CVE-2024-1001', 'thing'),
    affected: [{ package: { ecosystem: 'Debian:13', name: 'thing' }, versions: ['1'] }],
  };
  const source = testFile(
    'x.jsonl',
    [debianCve('CVE-2024-1000', 'thing'), other].map((each) => JSON.stringify(each)).join('\n'),
  );
  expect(outcomes(await update([{ name: 'x', source }], ['Debian:13']))).toEqual(['x updated']);
  expect(open().ecosystems()).toEqual(['Debian:13']);
  expect(outcomes(await update([{ name: 'x', source }], ['Debian:1']))).toEqual(['x skipped']);
  expect(outcomes(await update([{ name: 'x', source }]))).toEqual(['x updated']);
  expect(open().ecosystems()).toEqual(['Debian:12', 'Debian:13']);
});

test('a feed that is removed is served no more, and nothing of it is left but the index before', async () => {
  const { directory, update, open } = setUp();
  const source = testFile('x.jsonl', JSON.stringify(debianCve('CVE-2024-1000', 'thing')));
  await update([
    { name: 'a', source },
    { name: 'b', source },
  ]);
  expect(await removeFeed(directory, 'a')).toBe(true);
  expect(await removeFeed(directory, 'a')).toBe(false);
  expect(open().coverage('Debian:12')?.feed).toBe('b');
  expect(await removeFeed(directory, 'b')).toBe(true);
  expect(open().ecosystems()).toEqual([]);
  expect(readdirSync(directory.parts)).toEqual([]);
});

test('what a killed update left is in nobody’s way', async () => {
  const { directory, update, open } = setUp();
  const source = testFile('x.jsonl', JSON.stringify(debianCve('CVE-2024-1000', 'thing')));
  await update([{ name: 'a', source }]);
  const served = readCurrent(directory);
  mkdirSync(directory.work, { recursive: true });
  for (const name of ['index.sqlite', 'staging.sqlite', 'a.download', 'a.part'])
    writeFileSync(join(directory.work, name), 'half');
  writeFileSync(join(directory.parts, 'a-0123.zst'), 'half');
  writeFileSync(`${directory.current}.new`, '{');
  expect(readCurrent(directory)).toEqual(served);
  expect(open().affected('Debian:12', 'thing')).toHaveLength(1);
  await update([{ name: 'b', source }]);
  expect(open().coverage('Debian:12')?.feed).toBe('a, b');
  expect(readdirSync(directory.work)).toEqual([]);
});

test('a part that was damaged on disk is fetched again, whatever the server says of changes', async () => {
  const { directory, update } = setUp();
  const { url, seen } = await feedServer(file(zipOf(debianCve('CVE-2024-1000', 'thing'))));
  const feed: FeedDefinition = { name: 'Debian', source: url };
  await update([feed]);
  const part = join(directory.parts, readdirSync(directory.parts)[0] ?? '');
  writeFileSync(part, readFileSync(part).fill(0, 3));
  await update([feed]);
  expect(seen[1]?.headers['if-none-match']).toBeUndefined();
  // Of another feed it cannot be had again here: what is served stays.
  writeFileSync(part, 'broken');
  const source = testFile('x.jsonl', JSON.stringify(debianCve('CVE-2024-2000', 'thing')));
  const before = readCurrent(directory);
  await expect(update([{ name: 'other', source }])).rejects.toThrow('what was kept of Debian is damaged');
  expect(readCurrent(directory)).toEqual(before);
  expect(existsSync(join(directory.index, before.index ?? ''))).toBe(true);
});

test('a file that is no index is refused', () => {
  expect(() => openAdvisories(testFile('x.sqlite', 'hello'))).toThrow('is no index of advisories');
  expect(() => openAdvisories('/not/there')).toThrow('is no index of advisories');
});

test('the addresses of a feed are asked in order, past one that is down and one that answers with something else', async () => {
  const { update } = setUp();
  const [down, portal, right] = await Promise.all([
    feedServer(status(404)),
    feedServer(file('<html>Log in</html>')),
    feedServer(file(zipOf(debianCve('CVE-2024-1000', 'thing')))),
  ]);
  const feed: FeedDefinition = { name: 'Debian', kind: 'osv', source: down.url, mirrors: [portal.url, right.url] };
  const { feeds } = await update([feed]);
  expect(feeds).toMatchObject([{ outcome: 'updated', part: { source: down.url, address: right.url, records: 1 } }]);
  // What one address says of versions is nothing to another.
  await update([feed]);
  expect(down.seen[1]?.headers['if-none-match']).toBeUndefined();
  expect(right.seen[1]?.headers['if-none-match']).toBe('"1"');
  const { feeds: none } = await update([{ ...feed, name: 'other', mirrors: [portal.url] }]);
  expect(none[0]?.error).toMatch(/127\.0\.0\.1:\d+: the server answered 404.*; 127\.0\.0\.1:\d+: nothing in it/);
});
