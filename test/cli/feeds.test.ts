import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { readDefinitions, writeDefinitions } from '../../packages/server/src/feeds/feed-definitions.ts';
import { feedsDirectory, readCurrent } from '../../packages/server/src/feeds/feeds-directory.ts';
import { openAdvisories } from '../../packages/server/src/feeds/index/open-advisories.ts';
import { feedServer, file, status } from '../feeds/feed-server.ts';
import { debianCve, makeZip, testFile, testFolder } from '../feeds/fixture-files.ts';
import { assayProgram } from '../support/assay-program.ts';
import { runAssay } from './run-assay.ts';

const feeds = (dataDir: string, ...args: string[]) => runAssay(['feeds', ...args, '--data-dir', dataDir]);
const debian = (...cves: string[]): string =>
  testFile('Debian.jsonl', cves.map((cve) => JSON.stringify(debianCve(cve, 'thing'))).join('\n'));

test('feeds update takes files, folders and URLs; status shows them', async () => {
  const data = testFolder();
  expect((await feeds(data, 'status')).stdout).toContain(
    'No advisories have been downloaded yet. Download them: npx assay feeds update',
  );
  const updated = await feeds(data, 'update', '--from', debian('CVE-2024-1000', 'CVE-2024-1001'));
  expect(updated).toEqual({ status: 0, stdout: 'Debian: updated, 2 records\n', stderr: '' });
  const { stdout } = await feeds(data, 'status', '--json');
  const shown = JSON.parse(stdout) as { digest: string; feeds: { name: string; records: number; old: boolean }[] };
  expect(shown.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(shown.feeds.find(({ name }) => name === 'Debian')).toMatchObject({
    kind: 'osv',
    records: 2,
    needed: false,
    size: expect.any(Number),
    // Taken just now, of records that nobody has changed since.
    newestAt: '2025-01-01T00:00:00.000Z',
    old: true,
    error: null,
  });
});

test('a feed that fails ends update with status 1, and is said in status', async () => {
  const data = testFolder();
  const { url } = await feedServer(status(404));
  await feeds(data, 'update', '--from', debian('CVE-2024-1000'));
  const failed = await feeds(data, 'update', '--from', `${url}/Debian/all.zip`);
  expect(failed.status).toBe(1);
  expect(failed.stdout).toMatch(
    /^Debian: failed: the server answered 404 Not Found; that of \d{4}-\d\d-\d\d still serves\n$/,
  );
  expect((await feeds(data, 'status')).stdout.replaceAll(/\s+/g, ' ')).toContain('answered 404');
});

test('a feed of more than a week ago is marked', async () => {
  const data = testFolder();
  await feeds(data, 'update', '--from', debian('CVE-2024-1000'));
  const { current } = feedsDirectory(data);
  writeFileSync(current, readFileSync(current, 'utf8').replace(/"updatedAt": \d+/, '"updatedAt": 1700000000000'));
  expect((await feeds(data, 'status')).stdout).toMatch(
    / OLD[\s\S]*Out of date \(.*\): Debian\. Update: npx assay feeds update/,
  );
});

test('feeds are chosen and given up', async () => {
  const data = testFolder();
  expect(await feeds(data, 'add', 'mine', debian('CVE-2024-1000'), '--kind', 'osv')).toMatchObject({ status: 0 });
  expect((await feeds(data, 'status')).stdout).toMatch(/mine +osv +0 +never/);
  const directory = feedsDirectory(data);
  writeDefinitions(
    directory,
    readDefinitions(directory).filter(({ name }) => name === 'mine' || name === 'Debian'),
  );
  expect(await feeds(data, 'remove', 'Debian')).toMatchObject({ status: 0 });
  expect((await feeds(data, 'update')).stdout).toBe('mine: updated, 1 records\n');
  expect((await feeds(data, 'remove', 'mine')).stdout).toBe('mine is removed.\n');
  expect(await feeds(data, 'remove', 'mine')).toMatchObject({ status: 2 });
});

describe('wrong arguments end with status 2 and say what is wrong', () => {
  test.each([
    [['add', '../x', '/etc/hostname'], 'A name is letters'],
    [['add', 'x', '/not/there'], 'is no file'],
    [['add', 'x', 'ftp://example.org/x'], 'is no http, https or file URL'],
    [['add', 'x', '/etc/hostname', '--kind', 'rss'], 'Allowed choices are osv'],
    [['update', '--from', '/not/there'], '/not/there is not there'],
    [['export', '/tmp/never-written'], 'There are no feeds yet'],
    [['import', '/not/there'], 'cannot be read'],
    [['import', '/etc/hostname', '--public-key', 'hello'], 'no public key'],
  ])('%j', async (args, message) => {
    const ended = await feeds(testFolder(), ...args);
    expect(ended.stderr).toContain(message);
    expect(ended.status).toBe(2);
  });
});

test('feeds go to a server without a way out, once its operator trusts the key', async () => {
  const [here, there] = [testFolder(), testFolder()];
  await feeds(here, 'update', '--from', debian('CVE-2024-1000'));
  const bundle = join(here, 'bundle');
  expect(await feeds(here, 'export', bundle)).toMatchObject({ status: 0 });
  const key = (await feeds(here, 'key')).stdout.trim();
  const refused = await feeds(there, 'import', bundle);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain(`npx assay feeds import --data-dir ${there} ${bundle} --public-key ${key}`);
  expect(await feeds(there, 'import', bundle, '--public-key', key)).toEqual({
    status: 0,
    stdout: 'Imported: Debian\n',
    stderr: '',
  });
  expect(await feeds(there, 'import', bundle)).toMatchObject({ status: 0 });
  expect(readCurrent(feedsDirectory(there)).digest).toBe(readCurrent(feedsDirectory(here)).digest);
});

test('the journal of an index that a killed update left is not rolled back into the next one', async () => {
  const data = testFolder();
  const first = debian('CVE-2024-1000');
  await feeds(data, 'update', '--from', first);
  const directory = feedsDirectory(data);
  const draft = join(directory.work, 'index.sqlite');
  const database = new DatabaseSync(draft);
  database.exec(`PRAGMA journal_mode = delete; PRAGMA cache_size = 5; CREATE TABLE left_over (content BLOB);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
    INSERT INTO left_over SELECT zeroblob(4000) FROM n;
    BEGIN; UPDATE left_over SET content = randomblob(4000)`);
  const journal = readFileSync(`${draft}-journal`);
  database.close();
  rmSync(draft);
  writeFileSync(`${draft}-journal`, journal);
  expect(await feeds(data, 'update', '--from', first)).toMatchObject({ status: 0 });
  const advisories = openAdvisories(join(directory.index, readCurrent(directory).index ?? ''));
  expect(advisories.affected('Debian:12', 'thing')).toHaveLength(1);
  advisories.close();
  expect(readdirSync(directory.work)).toEqual([]);
});

test.each<[string, (work: string, served: () => boolean) => boolean]>([
  ['its download stops in the middle', (work) => existsSync(join(work, 'Debian.download'))],
  ['its records are read', (work) => existsSync(join(work, 'Debian.part'))],
  ['its index is built', (work) => existsSync(join(work, 'index.sqlite'))],
  ['its index is served', (_, served) => served()],
])('an update that is killed while %s leaves the feeds as they were or as they will be', async (moment, reached) => {
  const data = testFolder();
  const first = debian('CVE-2024-1000');
  await feeds(data, 'update', '--from', first);
  const directory = feedsDirectory(data);
  const before = readCurrent(directory).digest;
  const text = readFileSync(debian(...Array.from({ length: 4000 }, (_, index) => `CVE-2025-${10_000 + index}`)));
  const stalls = moment.startsWith('its download');
  const { url } = await feedServer((_, response) => {
    response.writeHead(200, { 'content-length': text.length });
    if (stalls) response.write(text.subarray(0, text.length / 2));
    else response.end(text);
  });
  const from = ['--from', `${url}/Debian.jsonl`];
  const child = spawn(process.execPath, [assayProgram, 'feeds', 'update', ...from, '--data-dir', data], {
    stdio: 'ignore',
  });
  const ended = once(child, 'close');
  const served = () => readCurrent(directory).digest !== before;
  while (child.exitCode === null && !reached(directory.work, served)) await delay(1);
  child.kill('SIGKILL');
  await ended;
  const { index, digest } = readCurrent(directory);
  if (stalls) expect(digest).toBe(before);
  const advisories = openAdvisories(join(directory.index, index ?? ''));
  expect(advisories.digest).toBe(digest);
  expect(advisories.affected('Debian:12', 'thing')).toHaveLength(digest === before ? 1 : 4000);
  expect(advisories.coverage('Debian:12')?.cveRecords).toBe(digest === before ? 1 : 4000);
  advisories.close();
  expect(await feeds(data, 'update', '--from', first)).toMatchObject({ status: 0 });
  expect(readdirSync(directory.work)).toEqual([]);
});

test('two updates at once: the second says who is at it', async () => {
  const data = testFolder();
  await feeds(data, 'update', '--from', debian('CVE-2024-1000'));
  writeFileSync(join(data, 'feeds/lock'), `${process.pid}\n`);
  const second = await feeds(data, 'update', '--from', debian('CVE-2024-1000'));
  expect(second).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`Process ${process.pid} is changing the feeds`),
  });
});

test('feeds come by way of the proxy that the environment names, and those of this machine do not', async () => {
  const zip = makeZip([{ name: '1.json', content: JSON.stringify(debianCve('CVE-2024-1000', 'thing')) }]);
  const proxy = await feedServer(file(zip));
  const own = await feedServer(file(zip));
  vi.stubEnv('HTTP_PROXY', proxy.url);
  const sources = ['--from', 'http://feeds.invalid/Debian/all.zip', '--from', `${own.url}/Ubuntu/all.zip`];
  const { status, stdout } = await runAssay(['feeds', 'update', '--data-dir', testFolder(), ...sources]);
  vi.unstubAllEnvs();
  expect(stdout).toContain('Debian: updated');
  expect(status).toBe(0);
  // What there is, and the list of its changes.
  const both = (folder: string) =>
    ['all.zip', 'modified_id.csv'].map((name) => expect.stringContaining(`${folder}/${name}`));
  expect(proxy.seen.map((request) => request.url ?? '')).toEqual(both('feeds.invalid/Debian'));
  expect(own.seen.map((request) => request.url ?? '')).toEqual(both('/Ubuntu'));
});

test('a file lands on the feed that it is a copy of, whatever it is called', async () => {
  const data = testFolder();
  const kev = testFile(
    'x.json',
    JSON.stringify({ catalogVersion: '1', vulnerabilities: [{ cveID: 'CVE-2024-1000', dateAdded: '2024-01-01' }] }),
  );
  const secdb = testFile(
    'y.json',
    JSON.stringify({
      distroversion: 'v3.24',
      reponame: 'community',
      packages: [{ pkg: { name: 'thing', secfixes: { '1-r0': ['CVE-2024-1000'] } } }],
    }),
  );
  const osv = testFile('z.jsonl', JSON.stringify(debianCve('CVE-2024-1000', 'thing')));
  const { stdout } = await feeds(data, 'update', ...[kev, secdb, osv].flatMap((path) => ['--from', path]));
  expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual(['kev', 'alpine-3.24-community', 'Debian', '']);
});
