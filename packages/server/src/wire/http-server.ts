import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { isLoopbackHost } from './host-names.ts';
import { createOpenConnections, type OpenConnections } from './open-connections.ts';

/** Imported, node:http would load all of undici, whose WebSocket it has among its exports: a fifth of a server's start. */
const { createServer: createHttpServer } = createRequire(import.meta.url)('node:http') as typeof import('node:http');

/** What connections and requests may take, times in milliseconds. */
export interface HttpLimits {
  /** Until a request's headers are there, and until it is there as a whole; Node wants the former to be no more than the latter. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How often late requests are looked for: they may take that much longer. */
  readonly checkingInterval: number;
  /** How long a connection stays open on which nothing is asked: longer than proxies keep theirs. */
  readonly keepAlive: number;
  readonly handshakeTimeout: number;
  /**
   * Connections at once; with one more, the newest of the network that has the most is closed, which may be that one. Each
   * agent holds one.
   */
  readonly connections: number;
}

export const httpLimits: HttpLimits = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  checkingInterval: 2_000,
  keepAlive: 72_000,
  handshakeTimeout: 10_000,
  connections: 10_000,
};

/** Those of TLS 1.2 with forward secrecy and authenticated encryption; TLS 1.3 has no others. */
const CIPHERS = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
].join(':');

export interface HttpServerOptions {
  readonly listener: RequestListener;
  /** PEM: with it the server speaks TLS only. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
}

/** Node's server with limits of its own, over TLS where it has a certificate. */
export function createBoundedServer({ listener, tls, limits = {} }: HttpServerOptions): Server {
  const { connections, checkingInterval, keepAlive, ...timeouts } = { ...httpLimits, ...limits };
  const { headersTimeout, requestTimeout, handshakeTimeout } = timeouts;
  const options = {
    ...{ headersTimeout, requestTimeout, keepAliveTimeout: keepAlive },
    connectionsCheckingInterval: checkingInterval,
    // Node would answer a request without Host by itself, without a body.
    requireHostHeader: false,
  };
  const server = tls
    ? createHttpsServer(
        { ...options, ...tls, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true, handshakeTimeout },
        withTransportSecurity(listener),
      )
    : createHttpServer(options, listener);
  const open = createOpenConnections(connections);
  openConnections.set(server, open);
  server.on('connection', open.add);
  server.on('checkExpectation', refuseExpectation);
  return server;
}

/** Those in the middle of a handshake or a request are among them; Node's own list lacks the former. */
const openConnections = new WeakMap<Server, OpenConnections>();

/** Ends all connections of a server as they stand. */
export const destroyConnections = (server: Server): void => openConnections.get(server)?.destroyAll();

/** A browser that came over TLS once keeps to it for a year. Other servers of this machine share the name localhost. */
const withTransportSecurity =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    if (!isLoopbackHost(request.headers.host ?? '')) {
      response.setHeader('strict-transport-security', 'max-age=31536000');
    }
    listener(request, response);
  };

/** What is refused before it is a request, in the form of the API's own faults. */
const faultText = (type: string, message: string): string => JSON.stringify({ __type: type, message });

function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const body = faultText('SerializationException', 'The header Expect may only be 100-continue');
  const type = 'application/x-amz-json-1.1';
  response.writeHead(417, { 'content-type': type, 'content-length': body.length, connection: 'close' }).end(body);
}

const unreadable: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive'],
};

/** Answers what Node could not read as a request, and closes the connection. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, message] = unreadable[error.code ?? ''] ?? ['400 Bad Request', 'This is not a request of HTTP/1.1'];
  const body = faultText('SerializationException', message);
  const head = [
    `HTTP/1.1 ${status}`,
    `x-amzn-requestid: ${requestId}`,
    'x-amzn-errortype: SerializationException',
    'content-type: application/x-amz-json-1.1',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
