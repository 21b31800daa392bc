import { assayArn } from '@assay/model/assay/arn.ts';
import { describe, expect, test } from 'vitest';
import { auditRecords } from '../../support/audit-records.ts';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testAccount, testKey } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();

interface Created {
  readonly accessKey: { readonly accessKeyArn: string; readonly accessKeyId: string; readonly policyName: string };
  readonly secretAccessKey: string;
  readonly warnings: string[];
}

async function create(policy?: string): Promise<Created & { accessKeyId: string }> {
  const { status, text, body } = await rawRequest(server(), 'CreateAccessKey', { policy });
  expect(status, text).toBe(200);
  const created = body as unknown as Created;
  return { ...created, accessKeyId: created.accessKey.accessKeyId };
}

test('a key lives: created, used, given another policy, revoked', async () => {
  const key = await create('read-only');
  expect(key.accessKey).toMatchObject({ policyName: 'read-only', account: testAccount });
  expect((await rawRequest(server(), 'ListHosts', {}, { key })).status).toBe(200);
  expect(errorOf(await rawRequest(server(), 'CreateAccessKey', {}, { key }))).toBe(
    'AccessDeniedException ACCESS_DENIED_BY_POLICY',
  );

  const { accessKeyArn } = key.accessKey;
  const policy = JSON.stringify({ Id: 'mine', Statement: { Effect: 'Allow', Action: 'assay:Nothing', Resource: '*' } });
  const set = await rawRequest(server(), 'SetAccessKeyPolicy', { accessKeyArn, policy });
  expect(set.body).toEqual({
    policyName: 'mine',
    warnings: ['No operation is called assay:nothing.', 'The policy allows nothing.'],
  });
  expect((await rawRequest(server(), 'GetAccessKeyPolicy', { accessKeyArn })).body).toEqual({
    policyName: 'mine',
    policyDocument: policy,
  });
  expect((await rawRequest(server(), 'ListHosts', {}, { key })).status).toBe(400);

  const revoked = await rawRequest(server(), 'RevokeAccessKey', { accessKeyArn });
  expect(revoked.body).toEqual({ revokedAt: expect.any(Number), revokedBefore: false });
  expect((await rawRequest(server(), 'RevokeAccessKey', { accessKeyArn })).body).toEqual({
    revokedAt: revoked.body.revokedAt,
    revokedBefore: true,
  });
  expect(errorOf(await rawRequest(server(), 'ListHosts', {}, { key }))).toBe('UnrecognizedClientException');
});

test('a secret is in its answer and in no record', async () => {
  const { secretAccessKey } = await create();
  const record = auditRecords(server().directory).findLast(({ eventName }) => eventName === 'CreateAccessKey');
  expect(record?.responseElements).toMatchObject({ secretAccessKey: 'HIDDEN_DUE_TO_SECURITY_REASONS' });
  expect(JSON.stringify(auditRecords(server().directory))).not.toContain(secretAccessKey);
  expect((await rawRequest(server(), 'ListAccessKeys', {})).text).not.toContain(secretAccessKey);
});

test('keys of another account are neither listed nor named', async () => {
  const other = await server().addKey('AKIDELSEWHERE', '210987654321');
  const { body } = await rawRequest(server(), 'ListAccessKeys', { maxResults: 500 });
  const listed = (body.accessKeys as Created['accessKey'][]).map(({ accessKeyId }) => accessKeyId);
  expect(listed).toContain(testKey.accessKeyId);
  expect(listed).not.toContain(other.accessKeyId);
  for (const account of [testAccount, '210987654321']) {
    const accessKeyArn = assayArn({ account, region: 'us-east-1' }, 'key', other.accessKeyId);
    expect(errorOf(await rawRequest(server(), 'RevokeAccessKey', { accessKeyArn }))).toBe(
      account === testAccount
        ? 'NoSuchEntityException ACCESS_KEY_DOES_NOT_EXIST'
        : 'AccessDeniedException ACCESS_DENIED_TO_RESOURCE',
    );
  }
  expect((await rawRequest(server(), 'ListHosts', {}, { key: other })).status).toBe(200);
});

test.each(['{"Statement": {}}', 'reader', ''])('a policy that is none is refused: %s', async (policy) => {
  expect(errorOf(await rawRequest(server(), 'CreateAccessKey', { policy }))).toBe(
    'InvalidInputException INVALID_MEMBER',
  );
});

describe('ListAccessKeys', () => {
  testPages({ operation: 'ListAccessKeys', items: 'accessKeys', server, input: () => ({}) });
});

test('the server says how it is, and what its feeds hold', async () => {
  const { body } = await rawRequest(server(), 'GetServerStatus', {});
  expect(body).toMatchObject({ account: testAccount, hosts: 0, healthyHosts: 0, runsInProgress: 0, oldFeeds: [] });
  expect(Number(body.time)).toBeGreaterThanOrEqual(Number(body.startedAt));
  const { feeds } = (await rawRequest(server(), 'ListFeeds', {})).body as { feeds: { name: string }[] };
  expect(feeds.map(({ name }) => name)).toContain('alpine-3.23-main');
});
