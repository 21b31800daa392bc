import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportFeeds } from '../../packages/server/src/feeds/bundle/export-feeds.ts';
import { importFeeds, UnknownKeyFault } from '../../packages/server/src/feeds/bundle/import-feeds.ts';
import { readPublicKey, writePublicKey } from '../../packages/server/src/feeds/bundle/signing-key.ts';
import { FeedFault } from '../../packages/server/src/feeds/feed-fault.ts';
import {
  type FeedsDirectory,
  feedsDirectory,
  makeFeedsDirectory,
  readCurrent,
} from '../../packages/server/src/feeds/feeds-directory.ts';
import { updateFeeds } from '../../packages/server/src/feeds/update-feeds.ts';
import { propertyRuns } from '../support/effort.ts';
import { feedPorts } from './feed-server.ts';
import { debianCve, testFile, testFolder } from './fixture-files.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const word = writePublicKey(privateKey);
const trusting = (key: string) => key === word;

async function bundle(clock = { now: 1_700_000_000_000 }, key: KeyObject = privateKey) {
  const directory = feedsDirectory(testFolder());
  const source = testFile('x.jsonl', JSON.stringify(debianCve('CVE-2024-1000', 'thing')));
  await updateFeeds(feedPorts(clock), directory, [{ name: 'x', source }]);
  const path = join(directory.path, 'bundle');
  await exportFeeds(directory, path, { key, now: clock.now });
  return { directory, path, source };
}
const fresh = (): FeedsDirectory => feedsDirectory(testFolder());

test('feeds go from one place to another as they are, dates and digests included', async () => {
  const { directory, path } = await bundle();
  const there = fresh();
  expect(await importFeeds(there, path, trusting)).toMatchObject({ taken: ['x'], kept: [] });
  expect(readCurrent(there).digest).toBe(readCurrent(directory).digest);
  expect(readCurrent(there).feeds).toEqual(readCurrent(directory).feeds);
});

test('a key that is not trusted is named, and nothing is taken', async () => {
  const { path } = await bundle();
  const there = fresh();
  await expect(importFeeds(there, path, () => false)).rejects.toThrow(UnknownKeyFault);
  await expect(importFeeds(there, path, () => false)).rejects.toMatchObject({ publicKey: word });
  expect(readCurrent(there).feeds).toEqual([]);
});

test('another key’s signature is not this key’s', async () => {
  const { path } = await bundle(undefined, generateKeyPairSync('ed25519').privateKey);
  const forged = readFileSync(path, 'latin1').replace(/ed25519:[A-Za-z0-9_-]{43}/, word);
  await expect(importFeeds(fresh(), testFile('b', Buffer.from(forged, 'latin1')), trusting)).rejects.toThrow(
    'signature is wrong',
  );
});

test('whatever byte is changed, taken away or added, nothing is taken', async () => {
  const { path } = await bundle();
  const bytes = readFileSync(path);
  const there = fresh();
  makeFeedsDirectory(there);
  const change = fc.oneof(
    fc.record({ at: fc.nat(bytes.length - 1), xor: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ cut: fc.nat(bytes.length - 1) }),
    fc.record({ more: fc.uint8Array({ minLength: 1, maxLength: 9 }) }),
  );
  await fc.assert(
    fc.asyncProperty(change, async (how) => {
      let changed = Buffer.from(bytes);
      if ('at' in how) changed[how.at] = (changed[how.at] ?? 0) ^ how.xor;
      else changed = 'cut' in how ? changed.subarray(0, how.cut) : Buffer.concat([changed, how.more]);
      const file = join(there.path, 'changed');
      writeFileSync(file, changed);
      await expect(importFeeds(there, file, trusting)).rejects.toThrow(FeedFault);
      expect(readCurrent(there).feeds).toEqual([]);
      expect(readdirSync(there.index)).toEqual([]);
    }),
    { numRuns: propertyRuns(300) },
  );
});

test('older advisories never take the place of newer ones', async () => {
  const old = await bundle({ now: 1_600_000_000_000 });
  const recent = await bundle();
  const before = readCurrent(recent.directory);
  expect(await importFeeds(recent.directory, old.path, trusting)).toMatchObject({ taken: [], kept: ['x'] });
  expect(readCurrent(recent.directory)).toEqual(before);
});

test('keys are words', () => {
  expect(word).toMatch(/^ed25519:[A-Za-z0-9_-]{43}$/);
  expect(writePublicKey(readPublicKey(word))).toBe(word);
  for (const text of ['', 'ed25519:', `${word}x`, word.slice(8), 'rsa:x'])
    expect(() => readPublicKey(text)).toThrow(FeedFault);
});
