import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateResourceGroupCommand, InspectorClient, ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterEach, expect, test } from 'vitest';
import { signRequest } from '../../packages/server/src/wire/sigv4/sign.ts';
import { auditRecords } from '../support/audit-records.ts';
import { rawRequest } from '../support/raw-request.ts';
import { startTestServer, type TestServer, testKey } from '../support/test-server.ts';
import { type StubApi, startStubApi } from './stub-api.ts';

let server: TestServer | undefined;
let stub: StubApi | undefined;
afterEach(async () => {
  await server?.stop();
  await stub?.stop();
  server = undefined;
  stub = undefined;
});

const start = async (service = {}): Promise<TestServer> => {
  server = await startTestServer({ jobs: false, service });
  return server;
};
const group = new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'a', value: 'b' }] });

test('a write is on the trail with what it made, under the id that the client was given', async () => {
  const { client, directory } = await start();
  const { resourceGroupArn, $metadata } = await client('eu-west-1').send(group);
  expect(auditRecords(directory)).toEqual([
    expect.objectContaining({
      eventName: 'CreateResourceGroup',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '127.0.0.1',
      userAgent: expect.stringContaining('aws-sdk-js/'),
      requestParameters: { resourceGroupTags: [{ key: 'a', value: 'b' }] },
      responseElements: { resourceGroupArn },
      requestID: $metadata.requestId,
      readOnly: false,
      recipientAccountId: '123456789012',
    }),
  ]);
});

test('whatever was refused is on the trail too, with what is known of it', async () => {
  const limited = await start();
  await rawRequest(limited, 'ListAssessmentRuns', { maxResults: 0, unknownMember: 'x' });
  await rawRequest(limited, 'ListAssessmentRuns', '{"filter": [');
  await rawRequest(limited, 'NoSuchOperation', {});
  await rawRequest(limited, 'ListAssessmentRuns', {}, { key: { ...testKey, secretAccessKey: 'forged' } });
  await fetch(limited.endpoint, { method: 'POST', body: '{}' });
  await rawRequest(limited, 'CreateResourceGroup', ' '.repeat(1_100_000));
  const seen = auditRecords(limited.directory).map((record) => [
    record.eventName,
    record.errorCode,
    (record.userIdentity as { type: string }).type,
    record.requestParameters,
  ]);
  expect(seen).toEqual([
    ['ListAssessmentRuns', 'InvalidInputException', 'IAMUser', { maxResults: 0 }],
    ['ListAssessmentRuns', 'SerializationException', 'IAMUser', null],
    ['NoSuchOperation', 'UnknownOperationException', 'IAMUser', null],
    ['ListAssessmentRuns', 'InvalidSignatureException', 'Unknown', null],
    ['Unknown', expect.any(String), 'Unknown', null],
    ['CreateResourceGroup', 'RequestEntityTooLargeException', 'Unknown', null],
  ]);
  const text = JSON.stringify(auditRecords(limited.directory));
  expect(text).not.toContain('unknownMember');
  expect(text).not.toContain('Signature=');
});

test('a session token with a lasting key is refused by name, and is not on the trail', async () => {
  const { endpoint, directory } = await start();
  const credentials = { ...testKey, sessionToken: 'FwoGZXIvYXdzEXAMPLESESSION' };
  const client = new InspectorClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  await expect(client.send(new ListAssessmentRunsCommand({}))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    message: expect.stringContaining('AWS_SESSION_TOKEN'),
  });
  const [record] = auditRecords(directory);
  expect(record).toMatchObject({
    errorCode: 'UnrecognizedClientException',
    userIdentity: { type: 'Unknown', accessKeyId: testKey.accessKeyId },
  });
  expect(JSON.stringify(record)).not.toContain(credentials.sessionToken);
});

test.each([
  ['the socket, whatever the request says', false, '203.0.113.9', '127.0.0.1'],
  ['the last address that a trusted proxy wrote', true, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['the socket, when the proxy wrote no address', true, 'unknown', '127.0.0.1'],
])('the source of a call is %s', async (_, trustProxy, forwarded, expected) => {
  const { endpoint, directory } = await start({ trustProxy });
  const headers = signRequest({
    ...testKey,
    region: 'us-east-1',
    service: 'inspector',
    url: endpoint,
    method: 'POST',
    headers: { 'x-amz-target': 'InspectorService.ListAssessmentRuns' },
    body: '{}',
    now: Date.now(),
  });
  const reply = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, 'x-forwarded-for': forwarded },
    body: '{}',
  });
  expect(reply.status).toBe(200);
  expect(auditRecords(directory)[0]?.sourceIPAddress).toBe(expected);
});

test('who floods the server unauthenticated does not fill its disk, and is counted', async () => {
  const { endpoint, directory } = await start();
  for (let index = 0; index < 300; index++) await fetch(endpoint, { method: 'POST', body: '{}' });
  const records = auditRecords(directory);
  const metrics = await (await fetch(`${endpoint}/metrics`)).text();
  const leftOut = Number(/^assay_audit_left_out_total (\d+)$/m.exec(metrics)?.[1]);
  // A hundred at once, and one for each second that this took.
  expect(records.length).toBeGreaterThanOrEqual(100);
  expect(leftOut).toBeGreaterThan(0);
  expect(records.length + leftOut).toBe(300);
});

test('while the trail cannot be written nothing is changed, and reads go on', async () => {
  stub = await startStubApi({ sink: { append: () => undefined, ready: () => false } });
  await stub.client(1).send(new ListAssessmentRunsCommand({}));
  await expect(stub.client(1).send(group)).rejects.toMatchObject({
    name: 'ServiceTemporarilyUnavailableException',
    message: expect.stringContaining('audit trail'),
    canRetry: true,
  });
  expect(stub.performed).toEqual(['ListAssessmentRuns']);
});

const openssl = '/usr/bin/openssl';
const missing = spawnSync(openssl, ['version']).status !== 0;
if (missing) console.warn('skipped: without /usr/bin/openssl no certificate can be made');

test.skipIf(missing)(
  'over TLS the trail says how the connection was kept secret (skipped without openssl)',
  async () => {
    const files = mkdtempSync(join(tmpdir(), 'assay-tls-'));
    const [keyFile, certFile] = [join(files, 'key.pem'), join(files, 'cert.pem')];
    const how = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=assay';
    expect(spawnSync(openssl, [...how.split(' '), '-keyout', keyFile, '-out', certFile]).status).toBe(0);
    const tls = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
    rmSync(files, { recursive: true });
    const { endpoint, directory } = await start({ tls });
    const { port } = new URL(endpoint);
    await new Promise((resolve, reject) => {
      const host = 'assay.example';
      const call = request({
        host: '127.0.0.1',
        port,
        method: 'POST',
        ca: tls.cert,
        headers: { host },
        checkServerIdentity: () => undefined,
      });
      call.on('response', (response) => response.resume().on('end', resolve)).on('error', reject);
      call.end('{}');
    });
    expect(auditRecords(directory)[0]?.tlsDetails).toEqual({
      tlsVersion: 'TLSv1.3',
      cipherSuite: expect.stringMatching(/^TLS_/),
      clientProvidedHostHeader: 'assay.example',
    });
  },
);
