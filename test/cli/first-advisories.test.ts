import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { firstAdvisories } from '../../packages/server/src/cli/feeds/first-advisories.ts';
import { feedsDirectory, readCurrent } from '../../packages/server/src/feeds/feeds-directory.ts';
import type { FeedProgress } from '../../packages/server/src/feeds/take-feed.ts';
import { feedPorts, feedServer, file, status } from '../feeds/feed-server.ts';
import { debianCve, makeZip, testFolder } from '../feeds/fixture-files.ts';

const SYSTEM = 'Debian GNU/Linux 12 (bookworm)';
const zip = makeZip([{ name: '1.json', content: JSON.stringify(debianCve('CVE-2024-1000', 'thing')) }]);

afterEach(() => void vi.unstubAllEnvs());

test('scores alone are no advisories: they are asked for again', async () => {
  const kev = JSON.stringify({ vulnerabilities: [{ cveID: 'CVE-2024-1000', dateAdded: '2024-01-01' }] });
  const { url } = await feedServer((request, response) =>
    (request.url?.endsWith('known_exploited_vulnerabilities.json') ? file(kev) : status(404))(request, response),
  );
  const { first, directory } = await take(url);
  expect(first.outcome).toBe('none');
  expect(readCurrent(directory).feeds.find(({ name }) => name === 'kev')?.part?.records).toBe(1);
  expect((await firstAdvisories(directory, SYSTEM, () => undefined, feedPorts())).outcome).toBe('none');
});

async function take(url: string, system = SYSTEM, ports = feedPorts()) {
  vi.stubEnv('ASSAY_FEEDS_MIRROR', url);
  const directory = feedsDirectory(testFolder());
  const seen: FeedProgress[] = [];
  const first = await firstAdvisories(directory, system, (progress) => seen.push(progress), ports);
  return { first, seen, directory };
}

test('the advisories of this release, asked for before anything else, and nothing of other distributions', async () => {
  const { url, seen: requests } = await feedServer((request, response) => {
    if (request.url?.includes('/Debian/all.zip')) file(zip)(request, response);
    else status(404)(request, response);
  });
  const { first, seen, directory } = await take(url);
  expect(first).toEqual({ outcome: 'taken', line: 'Debian: 1 record.' });
  expect(seen[0]).toMatchObject({ feed: 'Debian', phase: 'ask' });
  expect(readCurrent(directory).feeds.find(({ name }) => name === 'Debian')?.part?.only).toEqual(['Debian:12']);
  expect(requests.filter((request) => /Ubuntu|Red%20Hat|secdb/.test(request.url ?? ''))).toEqual([]);
  expect(requests[0]?.headers['user-agent']).toContain('assay');
  const again = await firstAdvisories(directory, SYSTEM, () => undefined, feedPorts());
  expect(again).toEqual({ outcome: 'there' });
});

test('an index of another version is made again, also where nothing has changed', async () => {
  const { url } = await feedServer((request, response) => {
    if (request.url?.includes('/Debian/all.zip')) file(zip)(request, response);
    else status(404)(request, response);
  });
  const { directory } = await take(url);
  const index = join(directory.index, readCurrent(directory).index ?? '');
  const database = new DatabaseSync(index);
  database.exec("UPDATE meta SET value = '1' WHERE key = 'version'");
  database.close();
  const again = () => firstAdvisories(directory, SYSTEM, () => undefined, feedPorts());
  expect(await again()).toEqual({ outcome: 'taken', line: 'Debian: 1 record.' });
  expect(await again()).toEqual({ outcome: 'there' });
});

describe('what cannot be had is one line that says what to do', () => {
  const never = { ...feedPorts(), deadline: () => AbortSignal.timeout(20) };
  test.each([
    ['nobody listens', async () => 'http://127.0.0.1:1', feedPorts(), /HTTPS_PROXY/],
    ['it accepts and never answers', async () => (await feedServer(() => undefined)).url, never, /no answer/],
    [
      'it begins and stalls',
      async () => (await feedServer((_, response) => void response.writeHead(200).write('P'))).url,
      never,
      /nothing came|no answer/,
    ],
    [
      'a page of a portal',
      async () => (await feedServer(file('<html>Log in</html>'))).url,
      feedPorts(),
      /cannot|can be read/,
    ],
    ['everything is refused', async () => (await feedServer(status(403))).url, feedPorts(), /403/],
    ['the mirror is not a URL', async () => 'ftp://x', feedPorts(), /not an http or https URL/],
  ])('%s', async (_, mirror, ports, expected) => {
    const { first } = await take(await mirror(), SYSTEM, ports);
    expect(first.outcome).toBe('none');
    expect(first.line).toMatch(expected);
    expect(first.line).toContain('assay feeds');
    expect(first.line).not.toContain('\n');
  });

  test('a system without advisories', async () => {
    expect((await take('http://127.0.0.1:1', 'Plan 9')).first.line).toBe('No advisories are read for Plan 9.');
  });
});
