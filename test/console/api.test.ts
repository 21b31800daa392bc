/** The console's own client, as it runs in a browser, against a real server. */
import { describe, expect, test } from 'vitest';
import { ApiFault, createCall, refusesKey } from '../../packages/console/src/api.ts';
import { signRequest } from '../../packages/console/src/sign-request.ts';
import { signRequest as serverSignRequest } from '../../packages/server/src/wire/sigv4/sign.ts';
import { createTarget, createTemplate, newName } from '../support/scenario.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
const call = (key: Partial<Parameters<typeof createCall>[1]> = {}) =>
  createCall(server().endpoint, { ...testKey, region: 'us-east-1', ...key });

test('a signed call is answered, in its own region', async () => {
  const name = newName();
  const { assessmentTargetArn } = await call({ region: 'eu-west-1' })('CreateAssessmentTarget', {
    assessmentTargetName: name,
  });
  expect(assessmentTargetArn).toMatch(/^arn:aws:inspector:eu-west-1:/);
  const list = { filter: { assessmentTargetNamePattern: name } };
  expect(await call({ region: 'eu-west-1' })('ListAssessmentTargets', list)).toEqual({
    assessmentTargetArns: [assessmentTargetArn],
  });
  expect(await call()('ListAssessmentTargets', list)).toEqual({ assessmentTargetArns: [] });
});

test('text outside ASCII is signed as it is sent', async () => {
  const name = `ünï 測試 🦊 ${newName()}`;
  const { assessmentTargetArn } = await call()('CreateAssessmentTarget', { assessmentTargetName: name });
  const { assessmentTargets } = await call()('DescribeAssessmentTargets', {
    assessmentTargetArns: [assessmentTargetArn],
  });
  expect(assessmentTargets).toMatchObject([{ name }]);
});

test('a run is started and stopped', async () => {
  const client = server().client();
  const assessmentTemplateArn = await createTemplate(client, await createTarget(client));
  const { assessmentRunArn } = await call()('StartAssessmentRun', { assessmentTemplateArn });
  await call()('StopAssessmentRun', { assessmentRunArn, stopAction: 'SKIP_EVALUATION' });
  const { assessmentRuns } = await call()('DescribeAssessmentRuns', { assessmentRunArns: [assessmentRunArn] });
  expect(assessmentRuns).toMatchObject([{ arn: assessmentRunArn, state: 'CANCELED' }]);
});

describe('what the API refuses', () => {
  const faultOf = (answer: Promise<unknown>): Promise<unknown> =>
    answer.then(
      () => expect.unreachable(),
      (fault: unknown) => fault,
    );

  test('comes with its type, its code, its message and the request', async () => {
    const fault = await faultOf(call()('ListAssessmentRuns', { maxResults: 0 }));
    expect(fault).toBeInstanceOf(ApiFault);
    expect(fault).toMatchObject({ type: 'InvalidInputException', errorCode: 'INVALID_MAX_RESULTS' });
    expect(fault).toHaveProperty('message', expect.stringMatching(/maxResults/));
    expect(fault).toHaveProperty('requestId', expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(refusesKey(fault)).toBe(false);
  });

  test.each([
    [{ secretAccessKey: 'another' }, 'InvalidSignatureException'],
    [{ accessKeyId: 'AKIDUNKNOWN' }, 'UnrecognizedClientException'],
  ])('is a key when it is %j', async (change, type) => {
    const fault = await faultOf(call(change)('ListRulesPackages', {}));
    expect(fault).toHaveProperty('type', type);
    expect(refusesKey(fault)).toBe(true);
  });

  test('is told from a server that does not answer', async () => {
    const fault = await faultOf(
      createCall('http://127.0.0.1:1', { ...testKey, region: 'us-east-1' })('ListRulesPackages', {}),
    );
    expect(fault).toHaveProperty('type', 'NoAnswer');
  });

  test('has a type of its own where the server lacks the operation', async () => {
    const fault = await faultOf(
      createCall(server().endpoint, { ...testKey, region: 'us-east-1' })('NoSuchOperation' as 'ListRulesPackages', {}),
    );
    expect(fault).toHaveProperty('type', 'UnknownOperationException');
  });
});

test('the browser signs as the server’s own signer does', async () => {
  const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'x' };
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'InspectorService.ListFindings' };
  const [body, now] = ['{"a":"ü"}', Date.UTC(2026, 1, 3, 4, 5, 6, 789)];
  const { host, ...expected } = serverSignRequest({
    ...key,
    service: 'inspector',
    url: 'http://localhost:8020/',
    method: 'POST',
    headers,
    body,
    now,
  });
  expect(await signRequest({ key, host: 'localhost:8020', headers, body, service: 'inspector', now })).toEqual(
    expected,
  );
});
