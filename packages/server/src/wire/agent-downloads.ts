import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { installScript } from './install-script.ts';
import { endpointOf } from './origin.ts';

export interface AgentDownloadDeps {
  /** What `npm run build:agent` made: files, and their digests in SHA256SUMS. */
  readonly directory: string;
  readonly trustProxy: boolean;
  readonly report: (message: string, error: unknown) => void;
}

const SUMS = 'SHA256SUMS';
const SUM = /^([0-9a-f]{64}) {2}([A-Za-z0-9._~+-]+)$/;

/**
 * The agent, for hosts that have nothing yet: `GET /agent/install.sh`, and each file of the build under its name. A build
 * that is made while the server runs is served from then on; the digest in the script keeps the two apart.
 */
export function agentDownloads({ directory, trustProxy, report }: AgentDownloadDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) => {
      report(`Request ${request.id} for the agent failed`, error);
      return sentence(reply, 500, 'The agent could not be read; the log of the server has the cause.');
    });
    server.get('/agent/install.sh', async (request, reply) => {
      const sums = await readSums(directory);
      if (!sums) return notBuilt(reply);
      const endpoint = endpointOf(request.raw, trustProxy);
      if (endpoint === undefined) return sentence(reply, 400, 'The Host header is not the name of a server.');
      return plain(reply, 'text/x-shellscript; charset=utf-8').send(installScript(endpoint, sums));
    });
    server.get<{ Params: { name: string } }>('/agent/:name', async (request, reply) => {
      const sums = await readSums(directory);
      if (!sums) return notBuilt(reply);
      const { name } = request.params;
      if (name === SUMS) return plain(reply, 'text/plain; charset=utf-8').send(textOf(sums));
      const digest = sums.get(name);
      if (digest === undefined) {
        return sentence(reply, 404, `This server has no such agent. It has: ${[...sums.keys()].join(', ')}.`);
      }
      return sendFile(request, reply, join(directory, name), digest);
    });
  };
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: string,
  digest: string,
): Promise<FastifyReply> {
  reply.header('etag', `"${digest}"`).header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === `"${digest}"`) return reply.code(304).send();
  const packed = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''))
    ? await sizeOf(`${file}.gz`)
    : undefined;
  const size = packed ?? (await sizeOf(file));
  if (size === undefined) return notBuilt(reply);
  plain(reply, 'application/octet-stream').header('content-length', size);
  if (packed !== undefined) reply.header('content-encoding', 'gzip');
  return reply.send(
    request.method === 'HEAD' ? undefined : createReadStream(packed === undefined ? file : `${file}.gz`),
  );
}

const sizeOf = async (file: string): Promise<number | undefined> => (await stat(file).catch(() => undefined))?.size;

/** SHA-256 in hexadecimal by the name of the file; undefined where nothing was built. */
async function readSums(directory: string): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await readFile(join(directory, SUMS), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  const sums = text.split('\n').flatMap((line) => {
    const [, digest, name] = SUM.exec(line) ?? [];
    return digest !== undefined && name !== undefined ? [[name, digest] as const] : [];
  });
  return sums.length > 0 ? new Map(sums) : undefined;
}

const textOf = (sums: ReadonlyMap<string, string>): string =>
  [...sums].map(([name, digest]) => `${digest}  ${name}\n`).join('');

const notBuilt = (reply: FastifyReply): FastifyReply =>
  sentence(reply, 404, 'This server has no agent to give. Build it where the server runs: npm run build:agent');

const sentence = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  plain(reply, 'text/plain; charset=utf-8').code(status).send(`${text}\n`);

const plain = (reply: FastifyReply, type: string): FastifyReply =>
  reply.header('content-type', type).header('x-content-type-options', 'nosniff').header('cache-control', 'no-cache');
