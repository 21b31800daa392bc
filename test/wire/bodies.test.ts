import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StubApi, startStubApi } from './stub-api.ts';

let api: StubApi;
beforeAll(async () => {
  api = await startStubApi({});
});
afterAll(() => api.stop());

const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: InspectorService.ListFindings\r\n';
const LIMIT = 1024 * 1024;

/** Sends pieces one after the other, and gives all that came back until the server closed, or answered and is asked no more. */
async function send(pieces: readonly string[], { end = true } = {}): Promise<string> {
  const socket = connect(Number(new URL(api.endpoint).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (/\r\n\r\n\{.*\}$/s.test(received)) socket.end();
  });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  for (const piece of pieces) {
    socket.write(piece);
    await delay(1);
  }
  if (!end) socket.destroy();
  await closed;
  return received;
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

test.each([
  ['of the largest size', [`${HEAD}content-length: ${LIMIT}\r\n\r\n`, ' '.repeat(LIMIT)]],
  ['in chunks', [`${HEAD}transfer-encoding: chunked\r\n\r\n`, chunk('{'), chunk('}'), '0\r\n\r\n']],
  ['in pieces', [`${HEAD}content-length: 2\r\n\r\n`, '{', '}']],
  ['of nothing', [`${HEAD}content-length: 0\r\n\r\n`]],
  ['that is not there', [`${HEAD}\r\n`]],
])('a body %s is read', async (_, pieces) => {
  expect(await send(pieces)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

test.each([
  ['says so', [`${HEAD}content-length: ${LIMIT + 1}\r\n\r\n`]],
  ['does not say so', [`${HEAD}transfer-encoding: chunked\r\n\r\n`, chunk(' '.repeat(LIMIT)), chunk(' ')]],
])('a body that is too large is refused where it %s, and its connection is closed', async (_, pieces) => {
  const answer = await send(pieces);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  expect(answer).toContain('"__type":"RequestEntityTooLargeException"');
});

test('a body that ends before its end is refused on the trail, performs nothing, and the next request is served', async () => {
  const before = { performed: api.performed.length, records: api.records.length };
  expect(await send([`${HEAD}content-length: 100\r\n\r\n{`], { end: false })).toBe('');
  while (api.records.length === before.records) await delay(1);
  expect(api.records.at(-1)).toMatchObject({ errorCode: 'SerializationException' });
  expect(api.performed).toHaveLength(before.performed);
  expect(await send([`${HEAD}\r\n`])).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});
