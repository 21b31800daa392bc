import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ConsoleDirectories, type ConsoleSite, readConsole } from './static-console/read-console.ts';

const PREFIX = '/console/';

export interface StaticConsoleDeps {
  readonly directories: ConsoleDirectories;
  readonly report: (message: string, error: unknown) => void;
}

/**
 * The web console under `/console/`. Its files are read at the first request and kept; a path is looked up among
 * them as it was sent, so that nothing but them can be asked for. They hold no secret: whoever opens the page signs
 * in, and the page calls the API as every other client does.
 */
export function staticConsole({ directories, report }: StaticConsoleDeps) {
  let reading: Promise<ConsoleSite | undefined> | undefined;
  const site = async (): Promise<ConsoleSite | undefined> => {
    reading ??= readConsole(directories);
    try {
      return await reading;
    } catch (error) {
      // The next request tries again.
      reading = undefined;
      throw error;
    }
  };

  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) => {
      report(`Request ${request.id} for the console failed`, error);
      return sentence(reply, 500, 'The console could not be read; the server’s log has the cause.');
    });
    server.get('/', async (_request, reply) => reply.redirect(PREFIX));
    server.get('/console', async (_request, reply) => reply.redirect(PREFIX));
    server.get(`${PREFIX}*`, async (request, reply) => {
      const known = await site();
      if (!known) {
        return sentence(reply, 404, 'The web console is not part of this installation; the API is POST /.');
      }
      reply.header('content-security-policy', known.contentSecurityPolicy);
      const [path = ''] = (request.raw.url ?? '').split('?');
      const file = known.files.get(path.slice(PREFIX.length));
      if (!file) return sentence(reply, 404, 'The console has no such file.');
      harden(reply).header('etag', file.etag).header('cache-control', 'no-cache');
      if (isKnown(request, file.etag)) return reply.code(304).send();
      return reply.header('content-type', file.type).send(file.body);
    });
  };
}

const sentence = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  harden(reply).code(status).header('content-type', 'text/plain; charset=utf-8').send(`${text}\n`);

const harden = (reply: FastifyReply): FastifyReply =>
  reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin');

/** True when the browser has the file as it is. */
function isKnown(request: FastifyRequest, etag: string): boolean {
  const given = request.headers['if-none-match'] ?? '';
  return given
    .split(',')
    .map((entry) => entry.trim().replace(/^W\//, ''))
    .some((entry) => entry === etag || entry === '*');
}
