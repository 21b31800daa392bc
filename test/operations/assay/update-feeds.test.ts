import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { debianCve } from '../../feeds/fixture-files.ts';
import { assayProgram } from '../../support/assay-program.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { runProgram } from '../../support/run-program.ts';
import { testKey } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const program = [process.execPath, assayProgram];
const server = useServer({ service: { program } });
const alone = useServer();

const assay = (...args: string[]) =>
  runProgram(process.execPath, [assayProgram, ...args, '--endpoint', server().endpoint], {
    env: {
      PATH: process.env.PATH ?? '',
      AWS_ACCESS_KEY_ID: testKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey,
    },
  });

test('a server updates its feeds in a process of its own, and the command waits for it', async () => {
  const feeds = join(server().directory, 'feeds');
  mkdirSync(feeds);
  const [record, gone] = [join(feeds, 'record.json'), join(feeds, 'gone.json')];
  writeFileSync(record, JSON.stringify(debianCve('CVE-2026-0001', 'bash')));
  const definitions = [
    { name: 'gone', source: gone, kind: 'osv' },
    { name: 'mine', source: record, kind: 'osv' },
  ];
  writeFileSync(join(feeds, 'feeds.json'), JSON.stringify(definitions));
  const { status, stdout } = await assay('feeds', 'update');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^gone: failed: .*\nmine: 1 records\n$/);
  const { body } = await rawRequest(server(), 'ListFeeds', {});
  expect(body).toMatchObject({ updating: false, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await assay('feeds', 'update', '--from', record)).toMatchObject({ status: 2 });
});

test('a server that cannot start one says so', async () => {
  expect(errorOf(await rawRequest(alone(), 'UpdateFeeds', {}))).toBe('ConflictException');
});
