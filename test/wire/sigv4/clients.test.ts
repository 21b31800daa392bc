/** Requests of real clients, captured off a socket, verify. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InspectorClient, ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signRequest } from '../../../packages/server/src/wire/sigv4/sign.ts';
import { accessKeyId, authenticate, type Received, secretAccessKey } from './signed-request.ts';

const captured: Received[] = [];
let server: Server;
let endpoint = '';

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', rawHeaders } = request;
    captured.push({ method, url, headers: rawHeaders, body: Buffer.concat(chunks) });
    response.setHeader('content-type', 'application/x-amz-json-1.1').end('{"assessmentRunArns":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  captured.length = 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Whether the one request that was captured verifies, and stops doing so with another body. */
function expectVerified(sessionToken?: string): void {
  expect(captured).toHaveLength(1);
  for (const request of captured) {
    const conditions = { secret: { secretAccessKey, sessionToken }, now: Date.now() };
    expect(authenticate(request, conditions)).toEqual({ accessKeyId, region: 'eu-west-1' });
    expect(authenticate({ ...request, body: Buffer.from('{ }') }, conditions)).toHaveProperty('type');
  }
}

test.each([undefined, 'a/session+token=='])('AWS SDK for JavaScript, session token %j', async (sessionToken) => {
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const client = new InspectorClient({ endpoint, region: 'eu-west-1', credentials });
  await client.send(new ListAssessmentRunsCommand({ filter: { namePattern: 'ünï*' } }));
  client.destroy();
  expectVerified(sessionToken);
});

test('our own signer with fetch', async () => {
  const body = '{"maxResults":5}';
  const headers = signRequest({
    accessKeyId,
    secretAccessKey,
    region: 'eu-west-1',
    service: 'inspector',
    url: endpoint,
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'InspectorService.ListAssessmentRuns' },
    body,
    now: Date.now(),
  });
  await (await fetch(endpoint, { method: 'POST', headers, body })).arrayBuffer();
  expectVerified();
});

const environment = (sessionToken?: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
});

async function run(command: string, args: readonly string[], sessionToken?: string): Promise<void> {
  const child = spawn(command, args, { env: environment(sessionToken), stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, errors: code === 0 ? '' : errors }).toEqual({ code: 0, errors: '' });
}

const works = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const unless = (available: boolean, why: string): string => (available ? '' : ` (skipped: ${why})`);

const boto3 = works('python3', '-c', 'import boto3; boto3.client("inspector", region_name="eu-west-1")');
for (const sessionToken of [undefined, 'a/session+token==']) {
  test.skipIf(!boto3)(
    `boto3, session token ${sessionToken}${unless(boto3, 'python3 cannot import boto3 with Inspector')}`,
    { timeout: 60_000 },
    async () => {
      const script = `import boto3; boto3.client('inspector', region_name='eu-west-1', endpoint_url='${endpoint}').list_assessment_runs(filter={'namePattern': 'ü*'})`;
      await run('python3', ['-c', script], sessionToken);
      expectVerified(sessionToken);
    },
  );
}

const cli = works('aws', '--version');
test.skipIf(!cli)(`AWS CLI${unless(cli, 'no aws command')}`, { timeout: 60_000 }, async () => {
  await run('aws', ['inspector', 'list-assessment-runs', '--region', 'eu-west-1', '--endpoint-url', endpoint]);
  expectVerified();
});

const curl = works('curl', '--aws-sigv4', 'aws:amz:eu-west-1:inspector', '--version');
test.skipIf(!curl)(`curl --aws-sigv4${unless(curl, 'no curl that can sign')}`, { timeout: 60_000 }, async () => {
  const headers = ['Content-Type: application/x-amz-json-1.1', 'X-Amz-Target: InspectorService.ListAssessmentRuns'];
  await run('curl', [
    ...['-sS', '--aws-sigv4', 'aws:amz:eu-west-1:inspector', '--user', `${accessKeyId}:${secretAccessKey}`],
    ...headers.flatMap((header) => ['-H', header]),
    ...['-d', '{"maxResults":7}', `${endpoint}/`],
  ]);
  expectVerified();
});
