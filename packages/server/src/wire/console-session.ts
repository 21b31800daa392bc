import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopbackHost } from './host-names.ts';
import { endpointOf } from './origin.ts';

/** What a browser signs its calls with. */
export interface ConsoleKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** A connection from this machine. */
export interface LoopbackConnection {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  readonly userAgent?: string | undefined;
}

/** The key of a token that was not used before and has not expired; undefined for every other. A token is used by this. */
export type RedeemSignIn = (token: string, connection: LoopbackConnection) => Promise<ConsoleKey | undefined>;

export interface ConsoleSessionDeps {
  /** Undefined where the server does not listen on loopback alone: there are no such links then. */
  readonly redeem: RedeemSignIn | undefined;
}

/** A token has 43 characters. */
const MOST_BYTES = 200;

/**
 * `POST /console/session` exchanges the token of a one-time link for a key. Only the console's own page on this machine may
 * ask: not another site (Origin, Sec-Fetch-Site, a body that a form cannot send), not a name that points here (Host), not
 * another machine, and not through a proxy. The token comes in the body, and neither it nor the key is logged.
 */
export function consoleSession({ redeem }: ConsoleSessionDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: MOST_BYTES },
      (_request, body, done) => done(null, body),
    );
    server.setErrorHandler((_error, _request, reply) => refuse(reply));
    server.post('/console/session', async (request, reply) => {
      const connection = ownConnection(request);
      const token = tokenIn(request.body);
      if (!redeem || !connection || token === undefined) return refuse(reply);
      const key = await redeem(token, connection);
      return key ? sealed(reply).send(key) : refuse(reply);
    });
  };
}

const sealed = (reply: FastifyReply): FastifyReply =>
  reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff').header('vary', 'origin');

/** One answer to everything that is not a good link: it tells nobody why. */
const refuse = (reply: FastifyReply): FastifyReply =>
  sealed(reply).code(403).send({
    message: 'This link was used before, or has expired. Sign in with an access key, or start the server again.',
  });

/** The connection of a request that the console's own page sent from this machine; undefined for others. */
function ownConnection({ raw, headers }: FastifyRequest): LoopbackConnection | undefined {
  const { remoteAddress, remotePort, localPort } = raw.socket;
  if (remoteAddress === undefined || remotePort === undefined || localPort === undefined) return undefined;
  const { host = '', origin, forwarded } = headers;
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  const isOwn =
    /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(remoteAddress) &&
    isLoopbackHost(host) &&
    origin === endpointOf(raw, false) &&
    site === 'same-origin' &&
    forwarded === undefined &&
    headers['x-forwarded-for'] === undefined;
  return isOwn ? { remoteAddress, remotePort, localPort, userAgent: headers['user-agent'] } : undefined;
}

function tokenIn(body: unknown): string | undefined {
  try {
    const { token } = JSON.parse(String(body)) as { token?: unknown };
    return typeof token === 'string' && /^[\w-]{43}$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
