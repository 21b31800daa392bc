import {
  CreateResourceGroupCommand,
  ListAssessmentRunsCommand,
  ListAssessmentTemplatesCommand,
} from '@aws-sdk/client-inspector';
import { afterEach, expect, test } from 'vitest';
import { rawRequest } from '../support/raw-request.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type StubApi, startStubApi } from './stub-api.ts';

const never = (burst: number) => ({ perSecond: 0.000_001, burst });
const group = new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'a', value: 'b' }] });
const list = new ListAssessmentRunsCommand({});

let server: TestServer | undefined;
let stub: StubApi | undefined;
afterEach(async () => {
  await server?.stop();
  await stub?.stop();
  server = undefined;
  stub = undefined;
});

const startLimited = async (reads: number, writes: number): Promise<TestServer> => {
  server = await startTestServer({
    jobs: false,
    service: { rateLimits: { reads: never(reads), writes: never(writes) } },
  });
  return server;
};

test("AWS's SDK waits and tries again when it is throttled, and succeeds", async () => {
  const answers = [false, false, true];
  stub = await startStubApi({ rateLimiter: { allows: () => answers.shift() ?? true } });
  const { $metadata } = await stub.client(3).send(list);
  expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 3 });
  expect(stub.performed).toEqual(['ListAssessmentRuns']);
  expect(stub.records.map(({ errorCode }) => errorCode)).toEqual([
    'ThrottlingException',
    'ThrottlingException',
    undefined,
  ]);
});

test('a key that asks too much is answered with ThrottlingException; others and its writes are not', async () => {
  const { client, addKey } = await startLimited(2, 1);
  const one = client();
  await one.send(list);
  await one.send(new ListAssessmentTemplatesCommand({}));
  await expect(one.send(list)).rejects.toMatchObject({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400, attempts: 1 },
  });
  await one.send(group);
  await expect(one.send(group)).rejects.toMatchObject({ name: 'ThrottlingException' });
  await client('us-east-1', await addKey('AKIDOTHER', '123456789012')).send(list);

  const metrics = await (await fetch(`${server?.endpoint}/metrics`)).text();
  expect(metrics).toContain(
    'assay_api_requests_total{operation="ListAssessmentRuns",outcome="ThrottlingException"} 1\n',
  );
  expect(metrics).toContain(
    'assay_api_requests_total{operation="CreateResourceGroup",outcome="ThrottlingException"} 1\n',
  );
});

test('requests count once they are authenticated, and before anything else is looked at', async () => {
  const limited = await startLimited(1, 0.5);
  const forged = { accessKeyId: 'AKIDTEST', secretAccessKey: 'not its secret' };
  for (let index = 0; index < 5; index++) {
    const { body } = await rawRequest(limited, 'ListAssessmentRuns', {}, { key: forged });
    expect(body.__type).toBe('InvalidSignatureException');
  }
  expect((await rawRequest(limited, 'ListAssessmentRuns', {})).status).toBe(200);
  for (const body of ['{', '{"maxResults": 0}']) {
    expect((await rawRequest(limited, 'ListAssessmentRuns', body)).body).toEqual({
      __type: 'ThrottlingException',
      message: 'Rate exceeded',
    });
  }
  const unknown = await rawRequest(limited, 'NoSuchOperation', {});
  expect(unknown.body.__type).toBe('ThrottlingException');
  expect(unknown.headers.get('x-amzn-errortype')).toBe('ThrottlingException');
});

test('a server is not limited unless it is told to be', async () => {
  server = await startTestServer({ jobs: false });
  for (let index = 0; index < 1100; index++) {
    const { status } = await rawRequest(server, 'ListRulesPackages', { maxResults: 1 });
    expect(status).toBe(200);
  }
});
