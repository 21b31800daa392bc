import { ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { runAssay } from './run-assay.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ jobs: false });
});
afterAll(() => server.stop());

const keys = (...args: string[]) => runAssay(['keys', ...args, '--data-dir', server.directory]);

test('a key that was made is taken by a running server, and refused from when it is revoked', async () => {
  const created = await keys('create', '--account', '111122223333', '--json');
  expect(created).toMatchObject({ status: 0, stderr: '' });
  const key = JSON.parse(created.stdout) as { accessKeyId: string; secretAccessKey: string; account: string };
  expect(key.account).toBe('111122223333');
  const client = server.client('us-east-1', key);
  const list = () => client.send(new ListAssessmentRunsCommand({}));
  expect((await list()).assessmentRunArns).toEqual([]);

  const listed = await keys('list', '--json');
  expect(JSON.parse(listed.stdout)).toContainEqual({
    accessKeyId: key.accessKeyId,
    account: '111122223333',
    createdAt: expect.stringMatching(/^\d{4}-/),
    revokedAt: null,
  });
  for (const { stdout } of [listed, await keys('list')]) {
    expect(stdout).toContain(key.accessKeyId);
    expect(stdout).not.toContain(key.secretAccessKey);
  }

  expect(await keys('revoke', key.accessKeyId)).toMatchObject({
    status: 0,
    stdout: `${key.accessKeyId} is revoked.\n`,
  });
  await expect(list()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  expect(await keys('revoke', key.accessKeyId)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/revoked before/),
  });
  expect((await keys('list')).stdout).toMatch(new RegExp(`${key.accessKeyId} .* revoked \\d{4}-`));
});

test('what cannot be done says why', async () => {
  expect(await keys('revoke', 'NOSUCHKEY')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/There is no key NOSUCHKEY/),
  });
  expect(await keys('create', '--account', 'me')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/12 digits/),
    stdout: '',
  });
  expect((await keys('create')).stdout).toMatch(
    /^A key of account 123456789012; .*\n {2}AWS_ACCESS_KEY_ID=ASSAY.+\n {2}AWS_SECRET_ACCESS_KEY=.{40}\n$/,
  );
});
