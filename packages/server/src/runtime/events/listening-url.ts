import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';

/** Where a server listens, for links that others open; the machine's name stands for every address. */
export function listeningUrl({ server }: FastifyInstance, tls: unknown): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server does not listen yet');
  const everywhere = bound.address === '::' || bound.address === '0.0.0.0';
  const host = everywhere ? hostname() : isIP(bound.address) === 6 ? `[${bound.address}]` : bound.address;
  return `${tls ? 'https' : 'http'}://${host}:${bound.port}`;
}
