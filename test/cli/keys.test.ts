import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateAssessmentTargetCommand, ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    policy: 'administrator',
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

describe('a policy', () => {
  const document = (name: string, content: unknown): string => {
    const path = join(server.directory, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const readRuns = {
    Version: '2012-10-17',
    Id: 'runs only',
    Statement: { Effect: 'Allow', Action: 'inspector:ListAssessmentRuns', Resource: '*' },
  };

  test('is given with a new key, listed by its name, shown, changed, and held to by a running server', async () => {
    const created = await keys('create', '--policy', document('runs.json', readRuns), '--json');
    expect(created).toMatchObject({ status: 0, stderr: '' });
    const key = JSON.parse(created.stdout) as { accessKeyId: string; secretAccessKey: string; policy: string };
    expect(key.policy).toBe('runs only');
    const client = server.client('us-east-1', key);
    const create = (assessmentTargetName: string) =>
      client.send(new CreateAssessmentTargetCommand({ assessmentTargetName }));
    expect((await client.send(new ListAssessmentRunsCommand({}))).assessmentRunArns).toEqual([]);
    await expect(create('a')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      errorCode: 'ACCESS_DENIED_TO_ASSESSMENT_TARGET',
    });

    expect((await keys('list')).stdout).toMatch(new RegExp(`${key.accessKeyId} .* runs only .* valid`));
    expect(JSON.parse((await keys('policy', key.accessKeyId)).stdout)).toEqual(readRuns);
    expect(await keys('policy', key.accessKeyId, 'agent-operator')).toMatchObject({
      status: 0,
      stdout: `The policy of ${key.accessKeyId} is agent-operator.\n`,
    });
    await expect(create('a')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(JSON.parse((await keys('policy', key.accessKeyId)).stdout)).toMatchObject({ Id: 'agent-operator' });
    await keys('policy', key.accessKeyId, 'administrator');
    expect((await create('a')).assessmentTargetArn).toMatch(/^arn:/);
  });

  test('without effect is said to have none', async () => {
    const path = document('idle.json', {
      Statement: {
        Effect: 'Allow',
        Action: ['inspector:ListFinding', 's3:Get*'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' }, Bool: { 'aws:SecureTransport': true } },
      },
    });
    const { status, stdout, stderr } = await keys('create', '--policy', path);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Its policy: custom\n$/);
    expect(stderr).toBe(
      `assay: ${path}: No operation is called inspector:listfinding.\n` +
        `assay: ${path}: No request has the condition key "aws:principalorgid": it counts as missing.\n` +
        `assay: ${path}: The policy allows nothing.\n`,
    );
  });

  test('that is none is refused, and no key is made', async () => {
    const before = (await keys('list')).stdout;
    const refused = async (given: string, says: RegExp) =>
      expect(await keys('create', '--policy', given)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringMatching(says),
      });
    await refused(document('a.json', '{"Statement": {"Effect": "allow"}}'), /a\.json: Statement\[0\]\.Effect must be/);
    await refused(document('b.json', ' '.repeat(50_000)), /b\.json: a policy is at most 10240 bytes/);
    await refused('no-such-policy', /no-such-policy cannot be read \(ENOENT\)\. A policy is .*read-only/);
    expect((await keys('list')).stdout).toBe(before);
    expect(await keys('policy', 'NOSUCHKEY')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no key NOSUCHKEY/),
    });
  });

  test('has a name that does a terminal no harm', async () => {
    const path = document('escape.json', { ...readRuns, Id: '\u001b[31mred\u202e\nline' });
    const { stdout } = await keys('create', '--policy', path);
    expect(stdout).toMatch(/Its policy: \[31mred line\n$/);
  });
});
