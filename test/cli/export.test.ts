import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillRandomly } from '../engine/history/export/random-history.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { storeKind } from '../support/test-store.ts';
import { runAssay } from './run-assay.ts';

let server: TestServer;
let from: string[];
beforeAll(async () => {
  server = await startTestServer({ jobs: false });
  await fillRandomly(server.service.store, seededRandom(11));
  from = ['--data-dir', server.directory];
});
afterAll(() => server.stop());

test('a file, a compressed file and the standard output are the same, and go through import', async () => {
  const [plain, packed] = [join(server.directory, 'all.ndjson'), join(server.directory, 'all.ndjson.gz')];
  writeFileSync(plain, 'the one before');
  expect(await runAssay(['export', plain, ...from])).toMatchObject({ status: 0, stdout: '' });
  expect(await runAssay(['export', packed, '--gzip', ...from])).toMatchObject({ status: 0, stdout: '' });
  const { status, stdout, stderr } = await runAssay(['export', ...from]);
  expect(status).toBe(0);
  expect(readFileSync(plain, 'utf8')).toBe(stdout);
  expect(gunzipSync(readFileSync(packed)).toString()).toBe(stdout);
  expect(statSync(plain).mode & 0o077).toBe(statSync(packed).mode & 0o077);
  const lines = stdout.split('\n').length - 1;
  expect(stderr).toMatch(new RegExp(`^${lines.toLocaleString('en-US')} lines in .* s\n {2}resourceGroup +\\d+\n`));
  expect(stderr).not.toContain('\u001b');

  const other = join(server.directory, 'other');
  const taken = await runAssay(['import', packed, '--json', '--data-dir', other]);
  expect(taken.status).toBe(0);
  expect(JSON.parse(taken.stdout)).toMatchObject({ lines, added: lines, refused: 0, withUnknownMembers: 0 });
  const again = await runAssay(['export', '--kind', 'tags', 'exclusion', '--data-dir', other]);
  const wanted = stdout.split(/(?<=\n)/).filter((line) => /^\{"kind":"(tags|exclusion)"/.test(line));
  expect(again.stdout).toBe(wanted.join(''));
});

test('what cannot be written leaves what was there, and has status 2', async () => {
  const directory = join(server.directory, 'a directory');
  mkdirSync(directory);
  expect(await runAssay(['export', directory, ...from])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^assay: .* cannot be written: it is a directory\n$/),
  });
  expect(await runAssay(['export', join(server.directory, 'no', 'file'), ...from])).toMatchObject({ status: 2 });
  expect(readdirSync(server.directory).filter((name) => name.endsWith('.part'))).toEqual([]);
});

// A database is there or not, whatever the directory.
test.skipIf(storeKind === 'postgres')('a directory without a store is not made one', async () => {
  const nowhere = join(server.directory, 'nowhere');
  expect(await runAssay(['export', '--data-dir', nowhere])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^assay: There is no store in .*nowhere\. Name its directory with --data-dir, or its --database-url\.\n$/,
    ),
  });
  expect(existsSync(nowhere)).toBe(false);
  rmSync(nowhere, { force: true, recursive: true });
});

test('wrong kinds and accounts are refused', async () => {
  expect(await runAssay(['export', '--kind', 'run', ...from])).toMatchObject({ status: 2, stdout: '' });
  expect(await runAssay(['export', '--account', '12', ...from])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('An account has twelve digits.'),
  });
});
