import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { rawRequest } from '../support/raw-request.ts';
import { given } from '../support/scenario.ts';
import { testAccount, testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer({ service: { hosts: { names: ['assay.example'], loopbackOnly: true } } });
const key = { accessKeyId: 'AKID', secretAccessKey: 'a secret', region: 'us-east-1' };
const newToken = (): string => given(server().service.signInLinks).issue(key, { ownUserOnly: false });

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: string;
}

/** As the console's page asks, but for what the test says otherwise. */
function ask(token: string, { method = 'POST', headers = {}, body }: Asked = {}) {
  const { hostname, port, host, origin } = new URL(server().endpoint);
  const sent = Object.entries({ host, origin, 'content-type': 'application/json', ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const asking = request({
      ...{ hostname, port, method, path: '/console/session' },
      headers: Object.fromEntries(sent),
    });
    asking.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    asking.on('error', reject);
    asking.end(body ?? JSON.stringify({ token }));
  });
}

test('the page exchanges a token for the key, once', async () => {
  const token = newToken();
  const { status, text, headers } = await ask(token, { headers: { 'sec-fetch-site': 'same-origin' } });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual(key);
  expect(headers['cache-control']).toBe('no-store');
  expect((await ask(token)).status).toBe(403);
});

test('the use of a link is on the audit trail of its account, without the token or the secret', async () => {
  const { accessKeyId, secretAccessKey } = testKey;
  const own = { accessKeyId, secretAccessKey, region: 'eu-west-1' };
  const token = given(server().service.signInLinks).issue(own, { ownUserOnly: false });
  await ask(token, { headers: { 'user-agent': 'a browser' } });
  const { body } = await rawRequest(server(), 'ListAuditEvents', { filter: { operation: 'ConsoleLogin' } });
  const [event] = body.events as { record: string }[];
  expect(event?.record).not.toContain(token);
  expect(event?.record).not.toContain(secretAccessKey);
  expect(JSON.parse(event?.record ?? '{}')).toMatchObject({
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    awsRegion: 'eu-west-1',
    userIdentity: { accessKeyId, accountId: testAccount },
    sourceIPAddress: '127.0.0.1',
    userAgent: 'a browser',
    responseElements: { ConsoleLogin: 'Success' },
    recipientAccountId: testAccount,
  });
});

test('also under the name localhost, and through a port that is forwarded', async () => {
  const forwarded = { host: 'localhost:9999', origin: 'http://localhost:9999' };
  expect((await ask(newToken(), { headers: forwarded })).status).toBe(200);
});

describe('a good token is refused, and stays good,', () => {
  test.each<[string, Asked]>([
    ['from another site', { headers: { origin: 'https://evil.example' } }],
    ['from another port of this machine', { headers: { origin: 'http://127.0.0.1:1' } }],
    ['from a page without an origin', { headers: { origin: 'null' } }],
    ['from what sends no origin', { headers: { origin: undefined } }],
    ['from another scheme', { headers: { origin: 'https://127.0.0.1' } }],
    ['from a site of the same machine', { headers: { 'sec-fetch-site': 'same-site' } }],
    ['from a name that points here', { headers: { host: 'evil.example', origin: 'http://evil.example' } }],
    ['under a name that browsers may use', { headers: { host: 'assay.example', origin: 'http://assay.example' } }],
    ['from a form', { headers: { 'content-type': 'text/plain' } }],
    ['through a proxy', { headers: { 'x-forwarded-for': '192.0.2.1' } }],
    ['through another proxy', { headers: { forwarded: 'for=192.0.2.1' } }],
    ['by PUT', { method: 'PUT' }],
  ])('%s', async (_, asked) => {
    const token = newToken();
    const { status, text } = await ask(token, asked);
    expect([403, 404, 421]).toContain(status);
    expect(text).not.toContain(key.secretAccessKey);
    expect((await ask(token)).status).toBe(200);
  });
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"token":'],
  ['no token', '{}'],
  ['null', 'null'],
  ['a number', '{"token":1}'],
  ['another token', JSON.stringify({ token: 'A'.repeat(43) })],
  ['a short one', JSON.stringify({ token: 'A' })],
  ['too much', JSON.stringify({ token: 'A'.repeat(100_000) })],
])('%s is refused with the same words', async (_, body) => {
  const { status, text } = await ask('', { body });
  expect(status).toBe(403);
  expect(JSON.parse(text)).toEqual({ message: expect.stringContaining('used before, or has expired') });
});

test('a GET finds nothing there', async () => {
  expect((await fetch(`${server().endpoint}/console/session`)).status).toBe(404);
});
