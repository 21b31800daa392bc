import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addContent, removeContent } from '../../../packages/server/src/content/add-content.ts';
import {
  contentDirectory,
  makeContentDirectory,
  readContent,
  writeContent,
} from '../../../packages/server/src/content/content-directory.ts';
import { writeDefinitions } from '../../../packages/server/src/feeds/feed-definitions.ts';
import { feedsDirectory, readCurrent } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { removeFeed } from '../../../packages/server/src/feeds/remove-feed.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { openAdvisorySource } from '../../../packages/server/src/runtime/advisory-source.ts';
import { openContentSource } from '../../../packages/server/src/runtime/content-source.ts';
import { sharedContent } from '../../../packages/server/src/runtime/sharing/shared-content.ts';
import { sharedFeeds } from '../../../packages/server/src/runtime/sharing/shared-feeds.ts';
import {
  createSharedKnowledge,
  type SharedKnowledge,
} from '../../../packages/server/src/runtime/sharing/shared-knowledge.ts';
import { openStore, type Store } from '../../../packages/server/src/store/store.ts';
import { askStore } from '../../support/ask-store.ts';
import { debianRecord, writeFeed } from '../../support/debian-host.ts';
import { smallStream } from '../../support/small-stream.ts';
import { newDataDirectory, storeIn } from '../../support/test-store.ts';

const DAY = 86_400_000;
const NOON = 1_700_000_000_000;

/** A data directory of one server of several. */
interface Server extends SharedKnowledge {
  readonly path: string;
  readonly logged: string[];
  readonly reported: string[];
}

let directory: string;
let store: Store;
beforeEach(async () => {
  directory = newDataDirectory();
  store = await openStore(await storeIn(directory));
});
afterEach(() => store.close());

function server(name: string, of: Pick<Store, 'settings' | 'sharedFiles' | 'transaction'> = store): Server {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  const [logged, reported]: [string[], string[]] = [[], []];
  const sharing = createSharedKnowledge({
    store: of,
    kinds: [sharedFeeds(feedsDirectory(path)), sharedContent(contentDirectory(path))],
    now: () => NOON,
    log: (line) => logged.push(line),
    report: (message, error) => reported.push(`${message}: ${(error as Error).message}`),
  });
  return { ...sharing, path, logged, reported };
}

/** What `assay feeds update` does, of a feed with these CVEs, `day` days after the first. */
async function update({ path }: Server, day: number, cves: readonly string[], feed = 'Debian'): Promise<void> {
  const file = join(directory, `${feed}.jsonl.gz`);
  writeFeed(
    file,
    cves.map((cve) => debianRecord(cve, 'openssl', '3.0.9')),
  );
  const ports = {
    now: () => NOON + day * DAY,
    fetch: () => Promise.reject(new Error('no network')),
    sleep: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  };
  const { feeds } = await updateFeeds(ports, feedsDirectory(path), [{ name: feed, source: file }]);
  expect(feeds.flatMap(({ error }) => error ?? [])).toEqual([]);
}

/** The CVEs that hosts are judged by at a server, and the digest that a run records. */
function served({ path }: Server): { readonly cves: readonly string[]; readonly digest: string | undefined } {
  const source = openAdvisorySource(feedsDirectory(path), (message, error) => {
    throw new Error(message, { cause: error });
  });
  const current = source.current();
  const known = ['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003'];
  const cves = known.filter((cve) => current?.value.record(`DEBIAN-${cve}`));
  const { digest } = current ?? {};
  current?.release();
  source.close();
  return { cves, digest };
}

const add = async ({ path }: Server, stream: string, now = NOON): Promise<void> => {
  const content = contentDirectory(path);
  makeContentDirectory(content);
  const file = join(directory, 'stream.xml');
  writeFileSync(file, stream);
  await addContent(content, file, { source: file, now, onFile: () => undefined });
};

const namesOf = ({ path }: Server): string[] => readContent(contentDirectory(path)).entries.map(({ name }) => name);

const inStep = async (...servers: readonly Server[]): Promise<void> => {
  for (const each of servers) {
    expect(await each.catchUp('advisories')).toBeUndefined();
    expect(await each.catchUp('content')).toBeUndefined();
  }
};

describe('advisories', () => {
  test('that one server took are in force at every other one', async () => {
    const [a, b] = [server('a'), server('b')];
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a, b);
    expect(served(b)).toEqual({ cves: ['CVE-2026-0001'], digest: served(a).digest });
    expect(b.logged).toEqual([expect.stringMatching(/^The advisories that another server shared .* are in force$/)]);

    await update(b, 1, ['CVE-2026-0001', 'CVE-2026-0002']);
    await inStep(b, a);
    expect(served(a)).toEqual({ cves: ['CVE-2026-0001', 'CVE-2026-0002'], digest: served(b).digest });
    // What changed nothing says nothing.
    await inStep(a, b, a, b);
    expect([a.logged.length, b.logged.length]).toEqual([1, 1]);
  });

  test('can be updated, extended and passed on by the server that took them', async () => {
    const [a, b, c] = [server('a'), server('b'), server('c')];
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a, b);
    // The part of the feed that is not asked for must be here too: the index is made of both.
    await update(b, 1, ['CVE-2026-0002'], 'More');
    await inStep(b, c);
    expect(served(c).cves).toEqual(['CVE-2026-0001', 'CVE-2026-0002']);
    expect(readCurrent(feedsDirectory(c.path)).feeds.map(({ name }) => name)).toEqual(['Debian', 'More']);
  });

  test('that an operator removed, and feeds that were chosen, are so at every server', async () => {
    const [a, b] = [server('a'), server('b')];
    await update(a, 0, ['CVE-2026-0001']);
    await update(a, 0, ['CVE-2026-0002'], 'More');
    await inStep(a, b);
    await removeFeed(feedsDirectory(a.path), 'More');
    writeDefinitions(feedsDirectory(a.path), [{ name: 'Own', source: '/srv/own.jsonl' }]);
    await inStep(a, b);
    expect(served(b).cves).toEqual(['CVE-2026-0001']);
    expect(readFileSync(feedsDirectory(b.path).definitions)).toEqual(readFileSync(feedsDirectory(a.path).definitions));
  });

  test('that two servers changed at the same time are put together, the newer of each', async () => {
    const [a, b] = [server('a'), server('b')];
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a, b);
    await update(a, 2, ['CVE-2026-0001', 'CVE-2026-0003']);
    await update(b, 1, ['CVE-2026-0001']);
    await update(b, 1, ['CVE-2026-0002'], 'More');
    await inStep(a, b, a);
    for (const each of [a, b]) expect(served(each).cves).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003']);
    expect(served(a).digest).toBe(served(b).digest);
    expect(b.logged.at(-1)).toContain('put together');
  });

  test('of a server that was away for long give way, and never the other way round', async () => {
    const [a, b] = [server('a'), server('b')];
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a, b);
    await update(a, 30, ['CVE-2026-0001', 'CVE-2026-0002']);
    await inStep(a);
    // An operator of the other one imports something old by hand while it is off.
    await update(b, 5, ['CVE-2026-0001']);
    await inStep(b, a);
    for (const each of [a, b]) expect(served(each).cves).toEqual(['CVE-2026-0001', 'CVE-2026-0002']);
  });

  test('do not go back with a store that was restored, nor in the directory of another store', async () => {
    // A restore brings the files back that went with their row.
    const a = server('a', {
      ...store,
      transaction: (work) =>
        store.transaction((tables) =>
          work({ ...tables, sharedFiles: { ...tables.sharedFiles, keepOnly: async () => undefined } }),
        ),
    });
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a);
    const before = await store.settings.find('shared advisories');
    await update(a, 1, ['CVE-2026-0002']);
    await inStep(a);
    await store.settings.put('shared advisories', before ?? '');
    await inStep(a);
    expect(served(a).cves).toEqual(['CVE-2026-0002']);
    await store.settings.put('shared store', 'another');
    const b = server('b');
    await update(b, 0, ['CVE-2026-0001']);
    await inStep(b, a);
    for (const each of [a, b]) expect(served(each).cves).toEqual(['CVE-2026-0002']);
  });

  test('that cannot be taken are said to be missing, until they can', async () => {
    const [a, b] = [server('a'), server('b')];
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a, b);
    await update(a, 1, ['CVE-2026-0002']);
    await inStep(a);
    const index = feedsDirectory(b.path).index;
    rmSync(index, { recursive: true });
    // Nothing can be put in its place, as on a disk that is full.
    writeFileSync(index, '');
    const reason = await b.catchUp('advisories');
    expect(reason).toMatch(/EEXIST|ENOTDIR/);
    expect(await b.catchUp('advisories')).toBe(reason);
    expect(b.reported).toHaveLength(1);
    rmSync(index);
    await inStep(b);
    expect(served(b).cves).toEqual(['CVE-2026-0002']);
  });

  test('that a store lost its files of are given to it again by whoever has them', async () => {
    const a = server('a');
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a);
    await store.sharedFiles.keepOnly('advisories', []);
    await inStep(server('a'));
    const b = server('b');
    await inStep(b);
    expect(served(b)).toEqual(served(a));
  });

  test('that are damaged in the store are not put in force', async () => {
    const [a, b] = [server('a'), server('b')];
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a);
    const { read } = store.sharedFiles;
    const damaged: Store['sharedFiles']['read'] = async function* (...which) {
      for await (const chunk of read(...which)) yield chunk.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
    };
    const other = server('b', { ...store, sharedFiles: { ...store.sharedFiles, read: damaged } });
    expect(await other.catchUp('advisories')).toContain('is damaged');
    expect(served(b).cves).toEqual([]);
    expect(readdirSync(join(directory, 'b', 'feeds')).filter((name) => name.startsWith('.sharing'))).toEqual([]);
    await inStep(b);
    expect(served(b).cves).toEqual(['CVE-2026-0001']);
  });

  test('are written nowhere else than where they belong, whatever the store says', async () => {
    const [a, b] = [server('a'), server('b')];
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a);
    const { read } = store.sharedFiles;
    const elsewhere: Store['sharedFiles']['read'] = async function* (...which) {
      for await (const chunk of read(...which))
        yield Buffer.from(Buffer.from(chunk).toString('latin1').replace('index/', '../../a'), 'latin1');
    };
    const other = server('b', { ...store, sharedFiles: { ...store.sharedFiles, read: elsewhere } });
    expect(await other.catchUp('advisories')).toBeDefined();
    expect(existsSync(feedsDirectory(b.path).current)).toBe(false);
  });

  test('leave nothing in the store but what is in force', async () => {
    const [a, b] = [server('a'), server('b')];
    const kept = async () =>
      Number(
        (await askStore(await storeIn(directory), 'select count(distinct file) as n from shared_files'))[0]?.[0]?.n,
      );
    await update(a, 0, ['CVE-2026-0001']);
    await inStep(a, b);
    const first = await kept();
    for (const day of [1, 2, 3]) {
      await update(a, day, [`CVE-2026-000${day}`]);
      await inStep(a, b);
    }
    expect(await kept()).toBe(first);
    // And as many generations at each server as one keeps that updates by itself.
    expect(readdirSync(feedsDirectory(b.path).parts)).toHaveLength(1);
  });
});

describe('SCAP content', () => {
  test('that an operator added or removed at one server is so at every other one', async () => {
    const [a, b] = [server('a'), server('b')];
    await add(a, smallStream());
    await inStep(a, b);
    const [taken, given] = [b, a].map(({ path }) =>
      openContentSource(contentDirectory(path), (message, error) => {
        throw new Error(message, { cause: error });
      }),
    );
    const [here, there] = [given?.current(), taken?.current()];
    expect(there?.digest).toBe(here?.digest);
    const [entry] = there?.value.all ?? [];
    expect(there?.value.byDigest(entry?.digest ?? '')?.rules.size).toBeGreaterThan(0);
    expect(taken?.streamFile(entry?.digest ?? '')).toBeDefined();
    removeContent(contentDirectory(b.path), 'example-12');
    await inStep(b, a);
    expect(namesOf(a)).toEqual([]);
  });

  test('that two servers changed at the same time is put together, with the rules that either leaves out', async () => {
    const [a, b] = [server('a'), server('b')];
    await add(a, smallStream());
    await inStep(a, b);
    await add(a, smallStream().replaceAll('EXAMPLE-12', 'EXAMPLE-13'));
    const leftOut = [
      { rule: 'xccdf_org.example_rule_umask', reason: 'ours is stricter', author: 'ada', expires: '2030-01-01' },
    ];
    writeContent(contentDirectory(b.path), { ...readContent(contentDirectory(b.path)), leftOut });
    await inStep(a, b, a);
    for (const each of [a, b]) {
      expect(namesOf(each)).toEqual(['example-12', 'example-13']);
      expect(readContent(contentDirectory(each.path)).leftOut).toEqual(leftOut);
    }
  });
});

test('a directory of which another process changes something is left alone, and is behind meanwhile', async () => {
  const [a, b] = [server('a'), server('b')];
  await update(a, 0, ['CVE-2026-0001']);
  await inStep(a);
  mkdirSync(feedsDirectory(b.path).path, { recursive: true });
  // The process that started this one lives as long.
  writeFileSync(join(feedsDirectory(b.path).path, 'lock'), `${process.ppid}\n`);
  expect(await b.catchUp('advisories')).toContain(`Process ${process.ppid} is changing the feeds`);
  rmSync(join(feedsDirectory(b.path).path, 'lock'));
  await inStep(b);
});
