import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { isSecure } from '../../packages/server/src/wire/origin.ts';

const message = (socket: Socket, forwarded?: string): IncomingMessage =>
  ({
    socket,
    headers: forwarded === undefined ? {} : { 'x-forwarded-proto': forwarded },
  }) as unknown as IncomingMessage;

test.each([
  ['TLS', true, undefined, false, true],
  ['TLS, whatever a proxy says', true, 'http', true, true],
  ['plain HTTP', false, undefined, false, false],
  ['plain HTTP whose client says otherwise', false, 'https', false, false],
  ['a proxy that speaks TLS', false, 'https', true, true],
  ['a proxy that speaks TLS after what its client says', false, 'http, HTTPS', true, true],
  ['a proxy without TLS whose client says otherwise', false, 'https, http', true, false],
  ['a proxy that says nothing', false, undefined, true, false],
])('%s', (_, tls, forwarded, trustProxy, expected) => {
  const socket = tls ? new TLSSocket(new Socket()) : new Socket();
  expect(isSecure(message(socket, forwarded), trustProxy)).toBe(expected);
  socket.destroy();
});
