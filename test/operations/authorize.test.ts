import type { OperationName } from '@assay/model/api/operations.ts';
import { operations } from '@assay/model/api/operations.ts';
import { Arn } from '@assay/model/api/values.ts';
import { type ListShape, membersOf } from '@assay/model/shape.ts';
import * as sdk from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltInName, builtInNames, keptPolicy } from '../../packages/server/src/domain/policy/built-in.ts';
import { evaluatePolicy } from '../../packages/server/src/domain/policy/evaluate-policy.ts';
import { builtOperations } from '../support/built-operations.ts';
import { errorOf, rawRequest } from '../support/raw-request.ts';
import { startTestServer, type TestServer, testAccount } from '../support/test-server.ts';

const target = `arn:aws:inspector:us-east-1:${testAccount}:target/0-aaaaaaaa`;
const template = `${target}/template/0-aaaaaaaa`;
const run = `${template}/run/0-aaaaaaaa`;
const finding = `${run}/finding/0-aaaaaaaa`;
const group = `arn:aws:inspector:us-east-1:${testAccount}:resourcegroup/0-aaaaaaaa`;
const topic = `arn:aws:sns:us-east-1:${testAccount}:topic`;

let server: TestServer;
let keys = 0;
beforeAll(async () => {
  server = await startTestServer({ jobs: false });
});
afterAll(() => server.stop());

/** A key under a policy. */
async function keyUnder(policy: string | object) {
  const key = await server.addKey(`AKIDPOLICY${++keys}`, testAccount);
  const text = typeof policy === 'string' ? policy : JSON.stringify({ Version: '2012-10-17', ...policy });
  expect(await server.service.store.accessKeys.setPolicy(key.accessKeyId, text)).toBe(true);
  return key;
}
/** What AWS's SDK says to an operation without input: its error and errorCode, or `OK`. */
async function send(operation: OperationName, key: Awaited<ReturnType<typeof keyUnder>>): Promise<string> {
  const command = new (sdk as unknown as Record<`${OperationName}Command`, new (input: object) => never>)[
    `${operation}Command`
  ]({});
  try {
    await server.client('us-east-1', key).send(command);
    return 'OK';
  } catch (error) {
    const { name, errorCode } = error as { name: string; errorCode?: string };
    return errorCode === undefined ? name : `${name} ${errorCode}`;
  }
}
const allow = (statement: object) => ({ Statement: { Effect: 'Allow', Resource: '*', ...statement } });

const all = ['administrator', 'read-only', 'auditor', 'agent-operator'] as const;
const working = ['administrator', 'agent-operator'] as const;
const reporting = ['administrator', 'auditor', 'agent-operator'] as const;
const managing = ['administrator'] as const;

/** Who may, and what the denial of the rest says; the input has no ARN unless it must. */
const table: Readonly<Record<OperationName, readonly [may: readonly BuiltInName[], denied: string]>> = {
  AddAttributesToFindings: [working, 'FINDING'],
  CreateAssessmentTarget: [managing, 'ASSESSMENT_TARGET'],
  CreateAssessmentTemplate: [managing, 'ASSESSMENT_TEMPLATE'],
  CreateExclusionsPreview: [working, 'ASSESSMENT_TEMPLATE'],
  CreateResourceGroup: [managing, 'RESOURCE_GROUP'],
  DeleteAssessmentRun: [managing, 'ASSESSMENT_RUN'],
  DeleteAssessmentTarget: [managing, 'ASSESSMENT_TARGET'],
  DeleteAssessmentTemplate: [managing, 'ASSESSMENT_TEMPLATE'],
  DescribeAssessmentRuns: [all, 'ASSESSMENT_RUN'],
  DescribeAssessmentTargets: [all, 'ASSESSMENT_TARGET'],
  DescribeAssessmentTemplates: [all, 'ASSESSMENT_TEMPLATE'],
  DescribeCrossAccountAccessRole: [all, 'IAM_ROLE'],
  DescribeExclusions: [all, 'ASSESSMENT_RUN'],
  DescribeFindings: [all, 'FINDING'],
  DescribeResourceGroups: [all, 'RESOURCE_GROUP'],
  DescribeRulesPackages: [all, 'RULES_PACKAGE'],
  GetAssessmentReport: [reporting, 'ASSESSMENT_RUN'],
  GetExclusionsPreview: [all, 'ASSESSMENT_TEMPLATE'],
  GetTelemetryMetadata: [all, 'ASSESSMENT_RUN'],
  ListAssessmentRunAgents: [all, 'ASSESSMENT_RUN'],
  ListAssessmentRuns: [all, 'ASSESSMENT_RUN'],
  ListAssessmentTargets: [all, 'ASSESSMENT_TARGET'],
  ListAssessmentTemplates: [all, 'ASSESSMENT_TEMPLATE'],
  ListEventSubscriptions: [all, 'ASSESSMENT_TEMPLATE'],
  ListExclusions: [all, 'ASSESSMENT_RUN'],
  ListFindings: [all, 'FINDING'],
  ListRulesPackages: [all, 'RULES_PACKAGE'],
  ListTagsForResource: [all, 'ASSESSMENT_TEMPLATE'],
  PreviewAgents: [all, 'ASSESSMENT_TARGET'],
  RegisterCrossAccountAccessRole: [managing, 'IAM_ROLE'],
  RemoveAttributesFromFindings: [working, 'FINDING'],
  SetTagsForResource: [managing, 'ASSESSMENT_TEMPLATE'],
  StartAssessmentRun: [working, 'ASSESSMENT_RUN'],
  StopAssessmentRun: [working, 'ASSESSMENT_RUN'],
  SubscribeToEvent: [managing, 'ASSESSMENT_TEMPLATE'],
  UnsubscribeFromEvent: [managing, 'ASSESSMENT_TEMPLATE'],
  UpdateAssessmentTarget: [managing, 'ASSESSMENT_TARGET'],
};

describe.each(builtInNames)('the built-in policy %s', (name) => {
  let key: Awaited<ReturnType<typeof keyUnder>>;
  let nobody: typeof key;
  beforeAll(async () => {
    key = await keyUnder(name);
    nobody = await keyUnder(allow({ Action: 's3:*' }));
  });
  test.each(Object.keys(table) as OperationName[])('decides about %s', (operation) => {
    const request = { action: `inspector:${operation}`, resource: '*', lookup: () => undefined };
    const expected = table[operation][0].includes(name) ? 'Allow' : 'ImplicitDeny';
    expect(evaluatePolicy(keptPolicy(name), request).effect).toBe(expected);
  });
  test.each(builtOperations)('is asked by %s', async (operation) => {
    const [may, denied] = table[operation];
    const refusal = `AccessDeniedException ACCESS_DENIED_TO_${denied}`;
    const answer = await send(operation, key);
    if (may.includes(name)) expect(answer).not.toMatch(/AccessDenied/);
    else expect(answer).toBe(refusal);
    expect(await send(operation, nobody)).toBe(refusal);
  });
});

describe('the order of faults', () => {
  test('unknown operation, serialization, authorization, shape, existence', async () => {
    const reader = await keyUnder('read-only');
    const operator = await keyUnder('agent-operator');
    const answer = async (operation: string, input: unknown, key: typeof reader) =>
      errorOf(await rawRequest(server, operation, input, { key }));
    expect(await answer('NoSuchOperation', '{', reader)).toBe('UnknownOperationException');
    expect(await answer('StopAssessmentRun', '{', reader)).toBe('SerializationException');
    expect(await answer('StopAssessmentRun', { assessmentRunArn: 1 }, reader)).toBe('SerializationException');
    expect(await answer('StopAssessmentRun', { assessmentRunArn: 'x' }, reader)).toBe(
      'AccessDeniedException ACCESS_DENIED_TO_ASSESSMENT_RUN',
    );
    expect(await answer('StopAssessmentRun', { assessmentRunArn: 'x' }, operator)).toBe(
      'InvalidInputException INVALID_ASSESSMENT_RUN_ARN',
    );
    expect(await answer('StopAssessmentRun', { assessmentRunArn: run }, operator)).toBe(
      'NoSuchEntityException ASSESSMENT_RUN_DOES_NOT_EXIST',
    );
  });
});

describe('resources', () => {
  test('every resource that the input names must be allowed, and the denied one is named', async () => {
    const other = target.replace('0-aaaaaaaa', '0-bbbbbbbb');
    const key = await keyUnder(allow({ Action: 'inspector:*', Resource: [`${target}*`, group] }));
    const answer = async (operation: string, input: object) => {
      const { body } = await rawRequest(server, operation, input, { key });
      return [body.errorCode, body.message];
    };
    const message = (operation: string, resource: string) =>
      `Access key ${key.accessKeyId} is not authorized to perform: inspector:${operation} on resource: ${resource} because no statement of its policy allows it`;
    expect(await answer('DescribeAssessmentTargets', { assessmentTargetArns: [target, other] })).toEqual([
      'ACCESS_DENIED_TO_ASSESSMENT_TARGET',
      message('DescribeAssessmentTargets', other),
    ]);
    expect(await answer('DescribeAssessmentTargets', { assessmentTargetArns: [target] })).toEqual([
      undefined,
      undefined,
    ]);
    expect(await answer('ListAssessmentTargets', {})).toEqual([
      'ACCESS_DENIED_TO_ASSESSMENT_TARGET',
      message('ListAssessmentTargets', '*'),
    ]);
    expect(await answer('ListAssessmentRuns', { assessmentTemplateArns: [] })).toEqual([
      'ACCESS_DENIED_TO_ASSESSMENT_RUN',
      message('ListAssessmentRuns', '*'),
    ]);
    const foreign = `${other}/template/0-bbbbbbbb`;
    expect(await answer('ListAssessmentRuns', { assessmentTemplateArns: [template, foreign] })).toEqual([
      'ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE',
      message('ListAssessmentRuns', foreign),
    ]);
    expect(await answer('SubscribeToEvent', { resourceArn: template, event: 'OTHER', topicArn: topic })).toEqual([
      'ACCESS_DENIED_TO_SNS_TOPIC',
      message('SubscribeToEvent', topic),
    ]);
    const role = `arn:aws:iam::${testAccount}:role/inspector`;
    expect(await answer('RegisterCrossAccountAccessRole', { roleArn: role })).toEqual([
      'ACCESS_DENIED_TO_IAM_ROLE',
      message('RegisterCrossAccountAccessRole', role),
    ]);
  });

  test('an explicit deny says so, with its Sid or its place', async () => {
    const key = await keyUnder({
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'inspector:Describe*', Resource: `${run}*` },
        { Sid: 'KeepTargets', Effect: 'Deny', Action: 'inspector:DeleteAssessmentTarget', Resource: '*' },
      ],
    });
    const denied = await rawRequest(server, 'DeleteAssessmentTarget', { assessmentTargetArn: target }, { key });
    expect(denied.status).toBe(400);
    expect(denied.body).toEqual({
      __type: 'AccessDeniedException',
      errorCode: 'ACCESS_DENIED_TO_ASSESSMENT_TARGET',
      canRetry: false,
      message: `Access key ${key.accessKeyId} is not authorized to perform: inspector:DeleteAssessmentTarget on resource: ${target} with an explicit deny in the statement "KeepTargets" of its policy`,
    });
    const { body } = await rawRequest(server, 'DescribeFindings', { findingArns: [finding] }, { key });
    expect(body.message).toContain('an explicit deny in the statement [1] of its policy');
    expect(body.errorCode).toBe('ACCESS_DENIED_TO_FINDING');
  });

  test('ARNs beyond what is judged never pass the check of shapes', () => {
    const lists = Object.values(operations).flatMap(({ input }) =>
      Object.values(membersOf(input)).filter((shape): shape is ListShape => shape.type === 'list' && shape.of === Arn),
    );
    expect(lists.length).toBeGreaterThan(9);
    for (const { max = Number.POSITIVE_INFINITY } of lists) expect(max).toBeLessThanOrEqual(100);
    // 300 characters are at most 600 UTF-16 units.
    expect(Arn.max).toBe(300);
  });

  test('a body as long as can be is answered like any other', async () => {
    const key = await keyUnder(allow({ Action: '*', Resource: `arn:aws:inspector:*${'*a'.repeat(500)}b` }));
    const findingArns = Array.from({ length: 1500 }, (_, at) => `arn:aws:inspector:${at}:${'a'.repeat(600)}`);
    expect(errorOf(await rawRequest(server, 'DescribeFindings', { findingArns }, { key }))).toBe(
      'AccessDeniedException ACCESS_DENIED_TO_FINDING',
    );
  });
});

describe('conditions see', () => {
  const may = async (condition: object, operation = 'ListFindings', input: object = {}) => {
    const key = await keyUnder(allow({ Action: 'inspector:*', Condition: condition }));
    return errorOf(await rawRequest(server, operation, input, { key })).startsWith('AccessDenied')
      ? 'denied'
      : 'allowed';
  };
  test.each([
    ['the address', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
    ['TLS', { Bool: { 'aws:SecureTransport': false } }, { Bool: { 'aws:SecureTransport': 'true' } }],
    [
      'the region',
      { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
      { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    ],
    [
      'the account',
      { StringEquals: { 'aws:PrincipalAccount': testAccount } },
      { StringNotEquals: { 'aws:PrincipalAccount': testAccount } },
    ],
    ['the key', { StringLike: { 'aws:username': 'AKIDPOLICY*' } }, { StringLike: { 'aws:userid': 'B*' } }],
    ['the client', { StringLike: { 'aws:UserAgent': '*node*' } }, { StringLike: { 'aws:UserAgent': 'aws-cli/*' } }],
    [
      'the time',
      { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
      { NumericLessThan: { 'aws:EpochTime': 1577836800 } },
    ],
    ['no service in between', { Bool: { 'aws:ViaAWSService': 'false' } }, { Bool: { 'aws:ViaAWSService': 'true' } }],
    [
      'no key of other services',
      { Null: { 'aws:MultiFactorAuthAge': 'true' } },
      { Null: { 'aws:MultiFactorAuthAge': 'false' } },
    ],
  ])('%s', async (_, allows, denies) => {
    expect(await may(allows)).toBe('allowed');
    expect(await may(denies)).toBe('denied');
  });

  test('the tags of SetTagsForResource', async () => {
    const input = {
      resourceArn: template,
      tags: [
        { key: 'Team', value: 'blue' },
        { key: 'stage', value: 'test' },
      ],
    };
    const set = (condition: object) => may(condition, 'SetTagsForResource', input);
    expect(await set({ StringEquals: { 'aws:RequestTag/team': 'blue' } })).toBe('allowed');
    expect(await set({ StringEquals: { 'aws:RequestTag/Team': 'Blue' } })).toBe('denied');
    expect(await set({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team', 'stage'] } })).toBe('allowed');
    expect(await set({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team'] } })).toBe('denied');
    expect(await set({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['Team'] } })).toBe('allowed');
    expect(await set({ Null: { 'aws:RequestTag/owner': 'true' } })).toBe('allowed');
  });
});

describe('a policy that changes', () => {
  test('holds from the next request on', async () => {
    const key = await keyUnder('read-only');
    const start = async () => errorOf(await rawRequest(server, 'StartAssessmentRun', {}, { key }));
    expect(await start()).toMatch(/^AccessDenied/);
    await server.service.store.accessKeys.setPolicy(key.accessKeyId, 'agent-operator');
    expect(await start()).toMatch(/^InvalidInput/);
    await server.service.store.accessKeys.setPolicy(key.accessKeyId, null);
    expect(await start()).toMatch(/^InvalidInput/);
    await server.service.store.accessKeys.setPolicy(key.accessKeyId, 'no policy at all');
    expect(await start()).toMatch(/^AccessDenied/);
  });

  test('a key that is put again keeps its policy', async () => {
    const key = await keyUnder('read-only');
    await server.addKey(key.accessKeyId, testAccount);
    expect(await server.service.store.accessKeys.find(key.accessKeyId)).toMatchObject({ policy: 'read-only' });
  });
});
