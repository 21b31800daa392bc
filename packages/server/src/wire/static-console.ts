import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding } from './static-console/accepted-encoding.ts';
import { packingPage, type WaitingFile } from './static-console/packing-page.ts';
import { type ConsoleFile, type ConsoleSite, PAGE } from './static-console/read-packed-console.ts';

const PREFIX = '/console/';

/** How long a request waits for a console that is being packed, in milliseconds: a person's, and a program's. */
const PAGE_WAIT = 250;
const FILE_WAIT = 30_000;

/** A year: the name of such a file changes with its content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Only the server's own files run or are shown, nothing else is asked, and text never becomes markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export interface StaticConsoleDeps {
  /**
   * The console, or `packing` where it is not there after so many milliseconds; undefined where it is not installed. Rejects
   * where it cannot be packed; the next call tries again.
   */
  readonly openConsole: (milliseconds: number) => Promise<ConsoleSite | 'packing' | undefined>;
  /** Takes that the files of a console are gone from the disk: the next call of `openConsole` makes others. */
  readonly consoleGone: (site: ConsoleSite) => void;
  readonly report: (message: string, error: unknown) => void;
}

/**
 * The web console under `/console/`. A path is looked up among its files as it was sent, so that nothing but them can be
 * asked for. They hold no secret: whoever opens the page signs in, and the page calls the API as every other client does.
 */
export function staticConsole({ openConsole, consoleGone, report }: StaticConsoleDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) => {
      report(`Request ${request.id} for the console failed`, error);
      return sentence(reply, 500, 'The console cannot be shown; the log of the server has the cause.');
    });
    server.get('/', async (_request, reply) => reply.redirect(PREFIX));
    server.get('/console', async (_request, reply) => reply.redirect(PREFIX));
    server.get(`${PREFIX}*`, async (request, reply) => {
      const [path = ''] = (request.raw.url ?? '').slice(PREFIX.length).split('?');
      const waiting = packingPage.get(path);
      // What that page needs is there also when the console is there meanwhile.
      if (waiting && path !== '') return sendWaiting(reply, waiting);
      const site = await openConsole(waiting ? PAGE_WAIT : FILE_WAIT);
      if (site === undefined) {
        return sentence(reply, 404, 'The web console is not part of this installation; the API is POST /.');
      }
      harden(reply);
      if (site === 'packing') {
        if (waiting) return sendWaiting(reply, waiting);
        return sentence(reply.header('retry-after', '1'), 503, 'The console is being packed; try again.');
      }
      const name = path === '' ? PAGE : path;
      const file = path === PAGE ? undefined : site.files.get(name);
      if (!file) return sentence(reply, 404, 'The console has no such file.');
      reply
        .header('etag', file.etag)
        .header('vary', 'accept-encoding')
        .header('cache-control', name === PAGE ? 'no-cache' : FOR_EVER);
      if (isKnown(request, file.etag)) return reply.code(304).send();
      try {
        return await sendFile(request, reply, join(site.directory, name), file);
      } catch (error) {
        consoleGone(site);
        throw error;
      }
    });
  };
}

const sendWaiting = (reply: FastifyReply, { type, body }: WaitingFile): FastifyReply =>
  harden(reply).header('cache-control', 'no-store').header('content-type', type).send(body);

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  { type, compressed }: ConsoleFile,
): Promise<FastifyReply> {
  const coding = acceptedEncoding(String(request.headers['accept-encoding'] ?? ''), compressed);
  const body = await readFile(coding ? `${path}.${coding.ending}` : path);
  if (coding) reply.header('content-encoding', coding.name);
  return reply.header('content-type', type).send(body);
}

const sentence = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  harden(reply).code(status).header('content-type', 'text/plain; charset=utf-8').send(`${text}\n`);

const harden = (reply: FastifyReply): FastifyReply =>
  reply
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin');

/** True when the browser has the file as it is: its ETag is weak, the same for every coding. */
function isKnown(request: FastifyRequest, etag: string): boolean {
  const given = request.headers['if-none-match'] ?? '';
  return given
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => entry === '*' || weak(entry) === weak(etag));
}

const weak = (etag: string): string => etag.replace(/^W\//, '');
