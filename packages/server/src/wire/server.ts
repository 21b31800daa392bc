import type { RequestListener } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { unknownOperation } from '../operations/errors.ts';
import { storeFault } from '../store/store-fault.ts';
import { type AgentChannelDeps, agentChannel } from './agent-channel.ts';
import { type AgentDownloadDeps, agentDownloads } from './agent-downloads.ts';
import { type ApiDeps, createApi, isCall } from './api.ts';
import { apiModels } from './api-models.ts';
import { type ConsoleSessionDeps, consoleSession } from './console-session.ts';
import { type AllowedHosts, isAllowedHost } from './host-names.ts';
import { createBoundedServer, type HttpLimits, refuseUnreadable } from './http-server.ts';
import { type ReportDownloadDeps, reportDownload } from './report-download.ts';
import { type SnsLinkDeps, snsLinks } from './sns-links.ts';
import { type StaticConsoleDeps, staticConsole } from './static-console.ts';

export interface ServerDeps {
  readonly api: Omit<ApiDeps, 'requestId'>;
  readonly agents: AgentChannelDeps;
  readonly downloads: AgentDownloadDeps;
  readonly console: StaticConsoleDeps & ConsoleSessionDeps;
  readonly reports: ReportDownloadDeps;
  readonly sns: SnsLinkDeps;
  /** Throws where requests cannot be served. */
  readonly ping: () => Promise<void>;
  readonly requestId: () => string;
  /** PEM: with it the server speaks TLS only. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Names that the server goes by, where a browser could be told another one. */
  readonly hosts: AllowedHosts;
}

/** No route has a schema. Unless it is told so, Fastify loads what compiles them. */
const noSchemas = { compilersFactory: { buildValidator: () => noCompiler, buildSerializer: () => noCompiler } };
const noCompiler = (): never => {
  throw new Error('Routes have no schemas here');
};

/**
 * The whole HTTP side: the API, the agents' channel, the web console, health and metrics. Calls of the API do without
 * Fastify: see docs/decisions/2026-11-22-what-a-request-costs.md.
 */
export async function createServer({
  api,
  agents,
  downloads,
  console,
  reports,
  sns,
  ping,
  requestId,
  tls,
  limits,
  hosts,
}: ServerDeps): Promise<FastifyInstance> {
  const call = createApi({ ...api, requestId });
  const server = Fastify({
    genReqId: requestId,
    schemaController: noSchemas,
    // Held heartbeats end with `agents.stopping`; idle keep-alive connections need not be waited for.
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, requestId()),
    serverFactory: (others) => {
      const listener: RequestListener = (request, response) =>
        isCall(request) ? call(request, response) : others(request, response);
      return createBoundedServer({ listener, tls, limits });
    },
  }) as unknown as FastifyInstance;
  // Nothing at this level reads a body: one that is sent to no known path is refused with the path.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) api.report('A request to no operation failed', error);
    const message = status === 500 ? 'Something failed in the server; try again' : error.message;
    return reply
      .code(status)
      .send({ __type: status === 500 ? 'InternalException' : 'SerializationException', message });
  });
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send(nothingAt(`${request.method} ${request.url.slice(0, 200)}`)),
  );
  // On every reply, those of no operation included: what a person quotes is found in the log.
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-amzn-requestid', request.id);
    // Agents sign what they send, and no browser does it for them.
    if (request.url.startsWith('/agent/v1/') || isAllowedHost(request.headers.host, hosts)) return done();
    const message = `This server does not go by the name ${JSON.stringify(String(request.headers.host).slice(0, 100))}; serve --allowed-host gives it one`;
    reply.code(421).send({ __type: 'SerializationException', message });
  });
  server.get('/health', async (_request, reply) => {
    try {
      await ping();
      return { status: 'ok' };
    } catch (error) {
      const status = storeFault(error)?.what ?? (error instanceof Error ? error.message : 'The store does not answer');
      return reply.code(503).send({ status });
    }
  });
  await server.register(apiModels);
  server.get('/metrics', async (_request, reply) => {
    const { text, contentType } = await api.metrics.render();
    return reply.type(contentType).send(text);
  });
  await server.register(agentChannel(agents));
  await server.register(agentDownloads(downloads));
  await server.register(staticConsole(console));
  await server.register(consoleSession(console));
  await server.register(reportDownload(reports));
  await server.register(snsLinks(sns));
  return server;
}

function nothingAt(place: string): { readonly __type: string; readonly message: string } {
  const { type, message } = unknownOperation(`There is nothing at ${place}; the API is POST /`);
  return { __type: type, message };
}
