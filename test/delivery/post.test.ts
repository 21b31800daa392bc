import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Address } from '../../packages/server/src/delivery/delivery.ts';
import { isAllowedAddress } from '../../packages/server/src/delivery/is-allowed-address.ts';
import { type PostDeps, post } from '../../packages/server/src/delivery/post.ts';
import { type EventReceiver, startReceiver } from '../support/event-receiver.ts';

let receiver: EventReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = (response) => response.end();
});

const never = new AbortController().signal;
const deps: PostDeps = {
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  timeout: () => AbortSignal.timeout(5000),
};
const address = (url: string, allowPrivate = true): Address => ({
  ...{ url, allowPrivate, signatureVersion: 1, secrets: { headers: { 'x-own': 'yes' } }, token: 't' },
});
const send = (to: Address, own: Partial<PostDeps> = {}) =>
  post({ ...deps, ...own }, to, { headers: { 'content-type': 'text/plain' }, body: 'text' }, never);

test('posts a body with its headers and those of the topic', async () => {
  expect(await send(address(receiver.url))).toEqual({ delivered: true });
  expect(receiver.received[0]).toMatchObject({ body: 'text', headers: { 'x-own': 'yes', 'content-length': '4' } });
});

test.each([
  [204, { delivered: true }],
  [400, { status: 'INTERNAL_ERROR', error: 'The receiver answered 400' }],
  [403, { status: 'ACCESS_DENIED' }],
  [410, { status: 'TOPIC_DOES_NOT_EXIST' }],
  [503, { status: 'INTERNAL_ERROR' }],
])('an answer of %i', async (status, outcome) => {
  receiver.answer = (response) => response.writeHead(status).end();
  expect(await send(address(receiver.url))).toMatchObject(outcome);
});

test('429 with a time is left alone for that time, though not for longer than ten minutes', async () => {
  receiver.answer = (response) => response.writeHead(429, { 'retry-after': '7' }).end();
  expect(await send(address(receiver.url))).toMatchObject({ delivered: false, retryAfter: 7000 });
  receiver.answer = (response) => response.writeHead(429, { 'retry-after': '99999' }).end();
  expect(await send(address(receiver.url))).toMatchObject({ delivered: false, retryAfter: 600_000 });
});

test('a redirect leads nowhere', async () => {
  receiver.answer = (response) => response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end();
  const outcome = await send(address(receiver.url));
  expect(outcome).toMatchObject({ delivered: false, error: expect.stringMatching(/307; redirects are not followed/) });
  expect(receiver.received).toHaveLength(1);
});

test('a receiver that hangs is given up; one that closes, or is not there, is told apart', async () => {
  receiver.answer = () => undefined;
  const hung = await send(address(receiver.url), { timeout: () => AbortSignal.timeout(50) });
  expect(hung).toMatchObject({ delivered: false, error: expect.stringMatching(/did not answer within/) });
  receiver.answer = (response) => response.destroy();
  expect(await send(address(receiver.url))).toMatchObject({ error: expect.stringMatching(/could not be reached/) });
  expect(await send(address('http://127.0.0.1:1/'))).toMatchObject({ error: expect.stringMatching(/ECONNREFUSED/) });
});

test('an answer without an end counts by its status, and is not read on', async () => {
  let written = 0;
  receiver.answer = (response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  expect(await send(address(receiver.url))).toEqual({ delivered: true });
  expect(written).toBeLessThan(50_000_000);
});

describe('addresses', () => {
  test('a name is looked up once, and what was checked is what is connected to', async () => {
    let looks = 0;
    const resolve = async () => {
      looks += 1;
      // Who rebinds a name answers the second look-up with another address.
      return [{ address: looks === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const url = receiver.url.replace('127.0.0.1', 'receiver.test');
    expect(await send(address(url), { resolve })).toEqual({ delivered: true });
    expect(looks).toBe(1);
    expect(receiver.received[0]?.headers.host).toMatch(/^receiver\.test:/);
  });

  test.each(['http://127.0.0.1:9/', 'http://[::1]:9/', 'http://receiver.test/'])(
    '%s is not connected to where private addresses are not allowed',
    async (url) => {
      expect(await send(address(url, false))).toMatchObject({ delivered: false, status: 'ACCESS_DENIED' });
    },
  );

  test('of several addresses the first that is allowed is taken', async () => {
    const resolve = async () => [
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const url = receiver.url.replace('127.0.0.1', 'receiver.test');
    expect(await send(address(url), { resolve })).toEqual({ delivered: true });
  });

  test.each([
    ['8.8.8.8', true, true],
    ['2606:4700::1', true, true],
    ['10.1.2.3', false, true],
    ['100.64.0.1', false, true],
    ['172.31.255.255', false, true],
    ['192.168.1.1', false, true],
    ['127.8.8.8', false, true],
    ['::1', false, true],
    ['fd00::1', false, true],
    ['::ffff:10.0.0.1', false, true],
    ['::ffff:8.8.8.8', true, true],
    ['::ffff:a9fe:a9fe', false, false],
    ['169.254.169.254', false, false],
    ['fe80::1', false, false],
    ['0.0.0.0', false, false],
    ['::', false, false],
    ['224.0.0.1', false, false],
    ['255.255.255.255', false, false],
    ['64:ff9b::a00:1', false, false],
    ['2002:a00:1::', false, false],
    ['ff02::1', false, false],
  ])('%s: by default %s, with private addresses %s', (ip, plain, allowed) => {
    expect([isAllowedAddress(ip, false), isAllowedAddress(ip, true)]).toEqual([plain, allowed]);
  });
});

test('what is no HTTP is an error, not a crash', async () => {
  const server: Server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  expect(await send(address(`http://127.0.0.1:${port}/`))).toMatchObject({ delivered: false });
  server.close();
});
