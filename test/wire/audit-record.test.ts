import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import { operations } from '@assay/model/api/operations.ts';
import { membersOf } from '@assay/model/shape.ts';
import { describe, expect, test } from 'vitest';
import { isRead } from '../../packages/server/src/operations/is-read.ts';
import { type AuditedCall, auditRecord } from '../../packages/server/src/wire/audit-record.ts';

const call: AuditedCall = {
  at: Date.UTC(2026, 2, 4, 5, 6, 7, 890),
  service: inspectorModel,
  requestId: 'request-1',
  eventId: 'event-1',
  operation: 'CreateResourceGroup',
  identity: { proved: true, accessKeyId: 'AKIDONE', account: '123456789012', region: 'eu-west-1' },
  origin: { address: '203.0.113.7', userAgent: 'aws-cli/2', host: 'assay.example', tls: undefined },
  input: { resourceGroupTags: [{ key: 'a', value: 'b' }] },
  inputBytes: 50,
  output: { resourceGroupArn: 'arn:aws:inspector:eu-west-1:123456789012:resourcegroup/0-abcdefgh' },
  error: undefined,
  leftOut: 0,
};
const record = (changes: Partial<AuditedCall> = {}) =>
  JSON.parse(auditRecord({ ...call, ...changes })) as Record<string, unknown>;

test("a write is a whole record in CloudTrail's format", () => {
  expect(record()).toEqual({
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AKIDONE',
      arn: 'arn:aws:iam::123456789012:user/AKIDONE',
      accountId: '123456789012',
      accessKeyId: 'AKIDONE',
      userName: 'AKIDONE',
    },
    eventTime: '2026-03-04T05:06:07Z',
    eventSource: 'inspector.amazonaws.com',
    eventName: 'CreateResourceGroup',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2',
    requestParameters: { resourceGroupTags: [{ key: 'a', value: 'b' }] },
    responseElements: { resourceGroupArn: 'arn:aws:inspector:eu-west-1:123456789012:resourcegroup/0-abcdefgh' },
    requestID: 'request-1',
    eventID: 'event-1',
    readOnly: false,
    eventType: 'AwsApiCall',
    apiVersion: 'v20160216',
    managementEvent: true,
    recipientAccountId: '123456789012',
    eventCategory: 'Management',
  });
});

test('of a read the reply is left out, and of all calls the pagination token', () => {
  const { readOnly, requestParameters, responseElements } = record({
    operation: 'ListFindings',
    input: { maxResults: 5, nextToken: 'a token' },
    output: { findingArns: ['arn'] },
  });
  expect({ readOnly, requestParameters, responseElements }).toEqual({
    readOnly: true,
    requestParameters: { maxResults: 5, nextToken: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    responseElements: null,
  });
});

test('nothing that went in, or an answer with nothing in it, is null', () => {
  expect(record({ input: {}, output: {} })).toMatchObject({ requestParameters: null, responseElements: null });
  expect(record({ input: undefined, output: undefined })).toMatchObject({
    requestParameters: null,
    responseElements: null,
  });
});

test('a refusal has its type, and its code before its message', () => {
  const { errorCode, errorMessage, responseElements } = record({
    output: undefined,
    error: { type: 'InvalidInputException', errorCode: 'INVALID_TAG', message: 'Wrong' },
  });
  expect({ errorCode, errorMessage, responseElements }).toEqual({
    errorCode: 'InvalidInputException',
    errorMessage: 'INVALID_TAG: Wrong',
    responseElements: null,
  });
});

test('who was not authenticated is unknown, with the key that the request claims', () => {
  const unknown = record({
    identity: { proved: false, accessKeyId: 'AKIDWHO', region: undefined },
    operation: undefined,
  });
  expect(unknown).toMatchObject({
    userIdentity: { type: 'Unknown', accessKeyId: 'AKIDWHO' },
    awsRegion: 'unknown',
    eventName: 'Unknown',
  });
  expect(unknown).not.toHaveProperty('recipientAccountId');
});

test('over TLS the connection is described', () => {
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' };
  expect(record({ origin: { ...call.origin, tls } }).tlsDetails).toEqual({
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    clientProvidedHostHeader: 'assay.example',
  });
});

describe('sizes', () => {
  test('parameters over 100 KiB are left out as CloudTrail does', () => {
    const input = { name: 'x'.repeat(110_000) };
    expect(record({ input, inputBytes: 110_011 }).requestParameters).toEqual({
      reason: 'requestParameters too large',
      omitted: 'true',
      originalSize: '110011',
    });
  });
  test('padding a request does not hide its parameters', () => {
    expect(record({ inputBytes: 900_000 }).requestParameters).toEqual(call.input);
  });
  test('user agents and messages are cut at 1,024 characters, and line breaks stay inside a line', () => {
    const text = `\n${'é'.repeat(5000)}`;
    const line = auditRecord({
      ...call,
      origin: { ...call.origin, userAgent: text },
      error: { type: 'InternalException', message: text },
    });
    expect(line).not.toContain('\n');
    const { userAgent, errorMessage } = JSON.parse(line) as Record<string, string>;
    expect([userAgent?.length, errorMessage?.length]).toEqual([1024, 1024]);
  });
});

test('which operations only read', () => {
  expect(Object.keys(operations).filter((name) => !isRead(name))).toEqual([
    'AddAttributesToFindings',
    'CreateAssessmentTarget',
    'CreateAssessmentTemplate',
    'CreateExclusionsPreview',
    'CreateResourceGroup',
    'DeleteAssessmentRun',
    'DeleteAssessmentTarget',
    'DeleteAssessmentTemplate',
    'RegisterCrossAccountAccessRole',
    'RemoveAttributesFromFindings',
    'SetTagsForResource',
    'StartAssessmentRun',
    'StopAssessmentRun',
    'SubscribeToEvent',
    'UnsubscribeFromEvent',
    'UpdateAssessmentTarget',
  ]);
});

test('no input of the API has a secret in it but pagination tokens', () => {
  const names = new Set(Object.values(operations).flatMap(({ input }) => Object.keys(membersOf(input))));
  // The previewToken is the id of an exclusions preview.
  expect([...names].filter((name) => /token|secret|password|credential/i.test(name)).sort()).toEqual([
    'nextToken',
    'previewToken',
  ]);
});
