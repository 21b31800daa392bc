/** Two services on one wire: neither answers for the other, and what is true of calls is true of both. */
import { operations } from '@assay/model/api/operations.ts';
import { assayModel } from '@assay/model/assay/assay-model.ts';
import { assayOperations } from '@assay/model/assay/operations.ts';
import { expect, test } from 'vitest';
import { isRead } from '../../../packages/server/src/operations/is-read.ts';
import { NO_SCOPE } from '../../../packages/server/src/store/tables/scopes.ts';
import { auditRecords } from '../../support/audit-records.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testAccount } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();

test('a signature for one service is not good for the other', async () => {
  const wrong = await rawRequest(server(), 'ListHosts', {}, { service: 'inspector' });
  expect(errorOf(wrong)).toBe('InvalidSignatureException');
  expect(wrong.body.message).toContain('must be scoped to the service "assay"');
  expect(errorOf(await rawRequest(server(), 'ListAssessmentRuns', {}, { service: 'assay' }))).toBe(
    'InvalidSignatureException',
  );
});

test('an operation of the other service, and a service that is none, are unknown', async () => {
  for (const target of [`${assayModel.targetPrefix}.ListAssessmentRuns`, `${assayModel.targetPrefix}.Nothing`]) {
    const reply = await rawRequest(server(), 'ListAssessmentRuns', {}, { target, service: 'assay' });
    expect(errorOf(reply)).toBe('UnknownOperationException');
  }
  const other = await rawRequest(server(), 'ListHosts', {}, { target: 'Assay_20200101.ListHosts' });
  expect(errorOf(other)).toBe('UnknownOperationException');
});

test('no operation has a name in both, so that policies, limits and figures mean one', () => {
  expect(Object.keys(assayOperations).filter((name) => Object.hasOwn(operations, name))).toEqual([]);
});

test('every name says whether its operation changes anything', () => {
  const reads = /^(?:Describe|Explain|Get|Group|List|Search|Simulate|Compare)[A-Z]/;
  for (const name of Object.keys(assayOperations))
    expect(`${name} ${isRead(name)}`).toBe(`${name} ${reads.test(name)}`);
});

test('policies name its actions and its resources', async () => {
  const key = await server().addKey('AKIDASSAYPOLICY', testAccount);
  const allow = async (Action: string, Resource: string): Promise<void> => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
    await server().service.store.accessKeys.setPolicy(key.accessKeyId, JSON.stringify(policy));
  };
  const hostArns = [`arn:aws:assay:us-east-1:${testAccount}:host/i-1`];
  await allow('inspector:*', '*');
  const denied = await rawRequest(server(), 'ListHosts', {}, { key });
  expect(errorOf(denied)).toBe('AccessDeniedException ACCESS_DENIED_BY_POLICY');
  expect(denied.body.message).toContain('assay:ListHosts on resource: *');
  await allow('assay:DescribeHosts', `arn:aws:assay:*:*:host/i-1`);
  expect((await rawRequest(server(), 'DescribeHosts', { hostArns }, { key })).status).toBe(200);
  const others = [...hostArns, `arn:aws:assay:us-east-1:${testAccount}:host/i-2`];
  expect(errorOf(await rawRequest(server(), 'DescribeHosts', { hostArns: others }, { key }))).toBe(
    'AccessDeniedException ACCESS_DENIED_BY_POLICY',
  );
});

test('its calls are on the audit trail under its own name', async () => {
  await rawRequest(server(), 'ListHosts', { maxResults: 7 });
  const record = auditRecords(server().directory).find(({ requestParameters: parameters }) =>
    JSON.stringify(parameters)?.includes('"maxResults":7'),
  );
  expect(record).toMatchObject({
    eventSource: 'assay.amazonaws.com',
    eventName: 'ListHosts',
    apiVersion: 'v20261201',
    readOnly: true,
  });
});

test('a read of a region in which there is nothing writes nothing', async () => {
  const { store } = server().service;
  const region = 'eu-north-1';
  const found = await rawRequest(server(), 'ListHosts', {}, { service: 'assay', region });
  expect(found.body).toEqual({ hosts: [] });
  const denied = await server().addKey('AKIDASSAYNOTHING', testAccount);
  await store.accessKeys.setPolicy(denied.accessKeyId, JSON.stringify({ Statement: [], Version: '2012-10-17' }));
  await rawRequest(server(), 'CreateEnrollmentTokens', {}, { service: 'assay', region, key: denied });
  expect(await store.scopes.find({ account: testAccount, region })).toBe(NO_SCOPE);
  await rawRequest(server(), 'CreateEnrollmentTokens', {}, { service: 'assay', region });
  expect(await store.scopes.find({ account: testAccount, region })).not.toBe(NO_SCOPE);
});
