import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { isAllowedHost } from '../../packages/server/src/wire/host-names.ts';
import {
  createBoundedServer,
  destroyConnections,
  type HttpLimits,
  httpLimits,
  refuseUnreadable,
} from '../../packages/server/src/wire/http-server.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function bounded(limits: Partial<HttpLimits>): Promise<number> {
  const server = createBoundedServer({
    listener: (request, response) => request.resume().on('end', () => response.end('served')),
    limits: { checkingInterval: 5, ...limits },
  });
  server.on('clientError', (error, socket) => refuseUnreadable(error, socket as never, 'request-1'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.close();
    destroyConnections(server);
  });
  return (server.address() as AddressInfo).port;
}

/** All that comes back until the server closes the connection. */
async function send(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  stops.push(() => socket.destroy());
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return received;
}
const faultOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));

describe('what arrives too slowly is cut off', () => {
  const short = { headersTimeout: 20, requestTimeout: 40 };
  test.each([
    ['nothing', ''],
    ['headers that do not end', 'POST / HTTP/1.1\r\nhost: x\r\n'],
    ['a body that does not end', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{'],
    ['chunks that do not end', 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n'],
  ])('%s', async (_, text) => {
    const answer = await send(await bounded(short), text);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(faultOf(answer)).toMatchObject({ __type: 'SerializationException' });
  });
  test('the limits that a server has are in the order that Node needs', () => {
    expect(httpLimits.headersTimeout).toBeLessThanOrEqual(httpLimits.requestTimeout);
    expect(httpLimits.checkingInterval).toBeLessThan(httpLimits.headersTimeout);
  });
});

test.each([
  ['no HTTP', 'nonsense\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
  ['a length and chunks', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', 400],
  ['headers without end', `POST / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ['another expectation', 'POST / HTTP/1.1\r\nhost: x\r\nexpect: cake\r\ncontent-length: 0\r\n\r\n', 417],
])('%s is refused in the form of the API’s faults', async (_, text, status) => {
  const answer = await send(await bounded({}), text);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(faultOf(answer)).toEqual({ __type: 'SerializationException', message: expect.any(String) });
});

test('one connection more than the ceiling is closed, and one that ends makes room', async () => {
  const port = await bounded({ connections: 2 });
  const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  for (const socket of held) {
    stops.push(() => socket.destroy());
    await once(socket, 'connect');
  }
  const request = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  expect(await send(port, request)).toBe('');
  held[0]?.destroy();
  let answer = '';
  while (answer === '') answer = await send(port, request);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
});

test('who opens one connection after the other closes nobody else’s', async () => {
  const port = await bounded({ connections: 8 });
  const closed: number[] = [];
  const open = async (index: number, localAddress: string): Promise<void> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    stops.push(() => socket.destroy());
    socket.on('error', () => undefined).once('close', () => closed.push(index));
    await once(socket, 'connect');
  };
  for (let index = 0; index < 8; index++) await open(index, '127.0.0.2');
  for (let index = 8; index < 12; index++) await open(index, '127.0.0.1');
  while (closed.length < 4) await delay(1);
  // The newest of those that have the most, until both have the same.
  expect(closed.sort()).toEqual([4, 5, 6, 7]);
});

describe('a stop ends whatever a client does', () => {
  const started = (): Promise<TestServer> => startTestServer({ jobs: false, service: { grace: 200 } });
  test.each([
    ['half of the headers', 'POST / HTTP/1.1\r\nhost: x\r\n'],
    ['half of a body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{'],
    ['half of an agent’s body', 'POST /agent/v1/enroll HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{'],
    ['nothing', ''],
  ])('%s', async (_, text) => {
    const server = await started();
    const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1', () => socket.write(text));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    await delay(5);
    const closed = once(socket, 'close');
    await server.stop();
    await closed;
  });
});

test('work that does not end is not waited for, and is said', async () => {
  const said: string[] = [];
  const server = await startTestServer({
    jobs: false,
    service: { grace: 10, report: (message) => void said.push(message) },
  });
  const { close } = server.service.store;
  const never = Promise.withResolvers<void>();
  Object.assign(server.service.store, { close: () => never.promise });
  await server.stop({ keep: true });
  expect(said).toEqual([expect.stringMatching(/^Work was still going on/)]);
  await close();
});

describe('host names', () => {
  const own = { names: [], loopbackOnly: true };
  test.each([
    'localhost',
    'LOCALHOST:8020',
    '127.0.0.1:8020',
    '[::1]:8020',
    '127.1.2.3',
    'app.localhost',
    'localhost.',
  ])('on loopback %s is allowed', (host) => expect(isAllowedHost(host, own)).toBe(true));
  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '', 'a b', '[localhost]', 'x:y'])(
    'on loopback %j is not',
    (host) => expect(isAllowedHost(host, own)).toBe(false),
  );
  test('names that are given are, in any case, and others are not', () => {
    const given = { names: ['Assay.example'], loopbackOnly: false };
    expect(isAllowedHost('assay.EXAMPLE:443', given)).toBe(true);
    expect(isAllowedHost('other.example', given)).toBe(false);
    expect(isAllowedHost('other.example', { names: [], loopbackOnly: false })).toBe(true);
  });
  test('a server reads nothing out under another name', async () => {
    const server = await startTestServer({ jobs: false, service: { hosts: own } });
    stops.push(() => server.stop());
    const port = Number(new URL(server.endpoint).port);
    const ask = (path: string, host: string) => send(port, `GET ${path} HTTP/1.1\r\n${host}connection: close\r\n\r\n`);
    for (const path of ['/health', '/metrics', '/console/', '/', '/api-model.json']) {
      for (const host of ['host: evil.example\r\n', '']) {
        const answer = await ask(path, host);
        expect(answer, path).toMatch(/^HTTP\/1\.1 421 /);
        expect(answer).toContain('"__type":"SerializationException"');
      }
      expect(await ask(path, `host: localhost:${port}\r\n`), path).toMatch(/^HTTP\/1\.1 (200|302) /);
    }
  });
});
