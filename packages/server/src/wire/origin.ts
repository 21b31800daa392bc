import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Origin } from '../operations/request-context.ts';

/** Where a request came from, with what the audit trail says beside it. */
export interface RequestOrigin extends Omit<Origin, 'secure'> {
  readonly host: string | undefined;
  readonly tls: { readonly version: string; readonly cipher: string } | undefined;
}

/**
 * `trustProxy` takes the last address of X-Forwarded-For, which is the one that the proxy in front wrote; those before it
 * are whatever the client said.
 */
export function originOf({ headers, socket }: IncomingMessage, trustProxy: boolean): RequestOrigin {
  const forwarded = trustProxy ? headers['x-forwarded-for'] : undefined;
  const last = (typeof forwarded === 'string' ? forwarded : (forwarded?.at(-1) ?? '')).split(',').at(-1)?.trim() ?? '';
  return {
    address: plainAddress(isIP(last) ? last : (socket.remoteAddress ?? 'unknown')),
    userAgent: headers['user-agent'],
    host: headers.host,
    tls: socket instanceof TLSSocket ? tlsOf(socket) : undefined,
  };
}

/** True over TLS. `trustProxy` takes the last word of X-Forwarded-Proto of a request that came without. */
export function isSecure({ headers, socket }: IncomingMessage, trustProxy: boolean): boolean {
  if (socket instanceof TLSSocket) return true;
  const forwarded = trustProxy ? headers['x-forwarded-proto'] : undefined;
  return typeof forwarded === 'string' && forwarded.split(',').at(-1)?.trim().toLowerCase() === 'https';
}

const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** Scheme, host and port that a request came by, as its client knows the server: `https://assay.example:8020`. */
export function endpointOf(request: IncomingMessage, trustProxy: boolean): string | undefined {
  const { host = '' } = request.headers;
  return HOST.test(host) ? `${isSecure(request, trustProxy) ? 'https' : 'http'}://${host}` : undefined;
}

/** Asked for once a connection: OpenSSL takes longer to tell than the rest of a record takes to make. */
const known = new WeakMap<Socket, NonNullable<RequestOrigin['tls']>>();

function tlsOf(socket: TLSSocket): NonNullable<RequestOrigin['tls']> {
  const before = known.get(socket);
  if (before) return before;
  const tls = { version: socket.getProtocol() ?? 'unknown', cipher: socket.getCipher()?.standardName ?? 'unknown' };
  known.set(socket, tls);
  return tls;
}

const plainAddress = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);
