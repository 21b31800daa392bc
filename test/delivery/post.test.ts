import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
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

test('Retry-After may be a time, by the clock of the receiver', async () => {
  const date = 'Tue, 01 Dec 2026 10:00:00 GMT';
  const after = async (value: string) => {
    receiver.answer = (response) => response.writeHead(503, { date, 'retry-after': value }).end();
    return (await send(address(receiver.url))) as { retryAfter?: number };
  };
  expect((await after('Tue, 01 Dec 2026 10:00:30 GMT')).retryAfter).toBe(30_000);
  expect((await after('Tue, 01 Dec 2026 09:00:00 GMT')).retryAfter).toBe(0);
  expect((await after('Fri, 31 Dec 9999 23:59:59 GMT')).retryAfter).toBe(600_000);
  for (const wrong of ['soon', '-1', '1e9', '']) expect(await after(wrong)).not.toHaveProperty('retryAfter');
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

  test.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://\u{ff11}27.0.0.1/',
    'http://127。0。0。1/',
    'http://169.254.169.254.nip.test/',
  ])('%s is private however it is written', async (url) => {
    const resolve = async () => [{ address: '169.254.169.254', family: 4 }];
    expect(await send(address(url, false), { resolve })).toMatchObject({ delivered: false, status: 'ACCESS_DENIED' });
  });

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
    ['168.63.129.16', false, false],
    ['100.100.100.200', false, false],
    ['fd00:ec2::254', false, false],
    ['fd20:ce::254', false, false],
    ['64:ff9b:1::a00:1', false, false],
    ['2001::7f00:1', false, false],
    ['fec0::1', false, false],
    ['::127.0.0.1', false, false],
    ['::ffff:7f00:1', false, true],
    ['0:0:0:0:0:ffff:a00:1', false, true],
    ['fe80::1%eth0', false, false],
    ['no address', false, false],
  ])('%s: by default %s, with private addresses %s', (ip, plain, allowed) => {
    expect([isAllowedAddress(ip, false), isAllowedAddress(ip, true)]).toEqual([plain, allowed]);
  });
});

/** A server that does to each connection what a test wants, once it was asked something. */
async function misbehaving(behave: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => behave(socket));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a receiver that misbehaves costs one attempt, and no more', () => {
  const short = { timeout: () => AbortSignal.timeout(150) };
  const ok = 'HTTP/1.1 200 OK\r\n';

  test.each<readonly [name: string, behave: (socket: Socket) => void, error: RegExp]>([
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH\r\n'), /could not be reached/],
    ['closes without a word', (socket) => socket.end(), /could not be reached/],
    ['resets the connection', (socket) => socket.resetAndDestroy(), /could not be reached/],
    [
      'changes the protocol',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      /changing the protocol/,
    ],
    ['has a head without an end', (socket) => socket.write(`${ok}x: ${'y'.repeat(100_000)}`), /could not be reached/],
    ['has endless header lines', (socket) => socket.write(ok + 'x: y\r\n'.repeat(20_000)), /could not be reached/],
    ['sends its head byte by byte', (socket) => drip(socket, `${ok}x: y`), /did not answer within/],
    [
      'only ever says 100 Continue',
      (socket) => drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), 27),
      /did not answer within/,
    ],
    [
      'answers twice at once with a failure first',
      (socket) => socket.write(`HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n${ok}\r\n`),
      /answered 500/,
    ],
  ])('%s', async (_, behave, error) => {
    const outcome = await send(address(await misbehaving(behave)), short);
    expect(outcome).toMatchObject({ delivered: false, status: 'INTERNAL_ERROR', error: expect.stringMatching(error) });
  });

  test.each<readonly [name: string, behave: (socket: Socket) => void]>([
    ['ends in the middle of its body', (socket) => socket.end(`${ok}Content-Length: 100\r\n\r\nhalf`)],
    [
      'resets in the middle of its body',
      (socket) => socket.write(`${ok}Content-Length: 100\r\n\r\nhalf`, () => socket.resetAndDestroy()),
    ],
    ['sends its body byte by byte', (socket) => drip(socket, 'x'.repeat(1000), 1, `${ok}Content-Length: 1000\r\n\r\n`)],
    ['never ends its body', (socket) => socket.write(`${ok}Content-Length: 1000\r\n\r\n`)],
    ['has broken chunks', (socket) => socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`)],
    // Nothing is decompressed.
    ['says that it is gzip', (socket) => socket.end(`${ok}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone`)],
  ])('one that answered 200 took the event, though it %s', async (_, behave) => {
    expect(await send(address(await misbehaving(behave)), short)).toEqual({ delivered: true });
  });

  test('it answers before it was sent everything', async () => {
    const url = await misbehaving((socket) => socket.end('HTTP/1.1 413 Too large\r\nConnection: close\r\n\r\n'));
    const outcome = await post(deps, address(url), { headers: {}, body: 'x'.repeat(5_000_000) }, never);
    expect(outcome).toMatchObject({ delivered: false, status: 'INTERNAL_ERROR' });
  });

  test('a name that is not resolved in time', async () => {
    const outcome = await send(address('http://receiver.test/'), {
      ...short,
      resolve: () => new Promise(() => undefined),
    });
    expect(outcome).toMatchObject({ delivered: false, error: expect.stringMatching(/did not answer within/) });
  });
});

/** Writes a text in pieces for as long as somebody listens. */
function drip(socket: Socket, text: string, size = 1, before = ''): void {
  if (before !== '') socket.write(before);
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= text.length) clearInterval(timer);
    else socket.write(text.slice(at, at + size));
    at += size;
  }, 20);
  socket.on('close', () => clearInterval(timer));
}
