import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import {
  agentProtocol,
  CollectionProgress,
  ContentRequest,
  DeliveredRequest,
  EnrollRequest,
  HeartbeatRequest,
} from '@assay/model/agent-protocol.ts';
import { type JsonBounds, JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { check } from '@assay/model/check.ts';
import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import type { Shape, Static } from '@assay/model/shape.ts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AgentFault } from '../engine/agents/agent-fault.ts';
import type { AgentIdentity, AgentRequest } from '../engine/agents/authenticate.ts';
import type { confirmDelivery } from '../engine/agents/confirm-delivery.ts';
import type { enroll } from '../engine/agents/enroll.ts';
import type { heartbeat } from '../engine/agents/heartbeat.ts';
import type { offerContent } from '../engine/agents/offer-content.ts';
import type { receiveEvidence } from '../engine/agents/receive-evidence.ts';
import type { noteProgress } from '../engine/agents/run-progress.ts';
import { type Admitted, type AgentAdmission, MOST_OF_A_STRANGER } from './agent-admission.ts';
import { agentFaultStatus } from './agent-fault-status.ts';
import { networkOf } from './network-of.ts';
import { originOf } from './origin.ts';

/** Enrolments and heartbeats are small: a description with 50 tags stays under 32 KiB. */
const MAX_MESSAGE = MOST_OF_A_STRANGER;
const MESSAGE_BOUNDS: JsonBounds = { depth: agentProtocol.maxDepth, values: 10_000 };

/** How long a refusal of one who asks too much is held back, in milliseconds, and of one network at most so many at once. */
const HELD_BACK = 2000;
const MOST_HELD = 500;

export interface AgentChannelDeps {
  readonly admission: AgentAdmission;
  readonly trustProxy: boolean;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly authenticate: (request: AgentRequest) => Promise<AgentIdentity>;
  readonly enroll: ReturnType<typeof enroll>;
  readonly heartbeat: ReturnType<typeof heartbeat>;
  readonly receiveEvidence: ReturnType<typeof receiveEvidence>;
  readonly confirmDelivery: ReturnType<typeof confirmDelivery>;
  readonly offerContent: ReturnType<typeof offerContent>;
  readonly noteProgress: ReturnType<typeof noteProgress>;
  /** The file of a data stream, compressed with gzip; undefined where there is none of this digest. */
  readonly contentFile: (digest: string) => string | undefined;
  /** Aborts when the server stops: held heartbeats are answered then. */
  readonly stopping: AbortSignal;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly report: (message: string, error: unknown) => void;
}

/** The agents' side of the server: see the agent protocol in the model. */
export function agentChannel(deps: AgentChannelDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const admitted = new WeakMap<FastifyRequest, Admitted>();
    server.setErrorHandler((error: FastifyError, request, reply) => {
      if (deps.isUnavailable(error)) {
        const message = 'The store cannot be had at the moment; try again';
        return reply.code(503).send({ code: 'ServiceTemporarilyUnavailable', message });
      }
      const fault = error instanceof AgentFault ? error : undefined;
      admitted.get(request)?.failed();
      const status =
        (fault && agentFaultStatus[fault.code]) ??
        (error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500);
      if (status === 500) deps.report(`Agent request ${request.id} failed`, error);
      const message = status === 500 ? 'Something failed in the server; try again' : error.message;
      return reply.code(status).send({ code: fault?.code ?? (status === 500 ? 'Internal' : 'BadRequest'), message });
    });

    const holdBack = holdingBack(deps);
    server.addHook('onRequest', async (request, reply) => {
      const { address } = originOf(request.raw, deps.trustProxy);
      const [, agent] = CLAIMED.exec(request.headers.authorization ?? '') ?? [];
      const entered = await deps.admission.enter({ address, agent, bytes: bytesOf(request) });
      if (!entered) return holdBack(address, request, reply);
      admitted.set(request, entered);
      if (reply.raw.closed) entered.left();
      else reply.raw.once('close', entered.left);
      return undefined;
    });
    const authenticate = async (request: FastifyRequest): Promise<AgentIdentity> => {
      const agent = await deps.authenticate(signed(request));
      recognise(request);
      return agent;
    };
    const recognise = (request: FastifyRequest): void => {
      admitted.get(request)?.recognised();
      admitted.delete(request);
    };

    server.post('/agent/v1/enroll', { bodyLimit: MAX_MESSAGE }, async (request) => {
      const { token, publicKey, host } = read(EnrollRequest, bodyOf(request));
      const agentId = await deps.enroll(token, publicKey, host);
      recognise(request);
      return { agentId };
    });
    server.post('/agent/v1/heartbeat', { bodyLimit: MAX_MESSAGE }, async (request, reply) => {
      const agent = await authenticate(request);
      const gone = new AbortController();
      // The response's, not the socket's: an agent sends all its heartbeats over one connection.
      reply.raw.once('close', () => gone.abort('closed'));
      const signal = AbortSignal.any([gone.signal, deps.stopping]);
      return deps.heartbeat(agent, read(HeartbeatRequest, bodyOf(request)), signal);
    });
    server.put<{ Params: { run: string; kind: string } }>(
      '/agent/v1/runs/:run/evidence/:kind',
      { bodyLimit: agentProtocol.maxCompressedBytes },
      async (request, reply) => {
        const agent = await authenticate(request);
        await deps.receiveEvidence(agent, request.params.run, request.params.kind, bodyOf(request));
        return reply.code(204).send();
      },
    );
    server.post<{ Params: { run: string } }>(
      '/agent/v1/runs/:run/delivered',
      { bodyLimit: MAX_MESSAGE },
      async (request, reply) => {
        const agent = await authenticate(request);
        // The first agents send an empty object, and some clients no body at all.
        const body = bodyOf(request);
        await deps.confirmDelivery(agent, request.params.run, body.length === 0 ? {} : read(DeliveredRequest, body));
        return reply.code(204).send();
      },
    );
    server.post<{ Params: { run: string } }>(
      '/agent/v1/runs/:run/content',
      { bodyLimit: MAX_MESSAGE },
      async (request) => {
        const agent = await authenticate(request);
        return deps.offerContent(agent, request.params.run, read(ContentRequest, bodyOf(request)));
      },
    );
    server.post<{ Params: { run: string } }>(
      '/agent/v1/runs/:run/progress',
      { bodyLimit: MAX_MESSAGE },
      async (request, reply) => {
        const agent = await authenticate(request);
        await deps.noteProgress(agent, request.params.run, read(CollectionProgress, bodyOf(request)));
        return reply.code(204).send();
      },
    );
    server.get<{ Params: { digest: string } }>('/agent/v1/content/:digest', async (request, reply) => {
      await authenticate(request);
      const file = deps.contentFile(request.params.digest);
      if (file === undefined) throw new AgentFault('NoContent', 'This server does not have this SCAP content');
      // It is a file that agents unpack themselves, and no encoding of another.
      return reply
        .type('application/gzip')
        .header('content-length', (await stat(file)).size)
        .send(createReadStream(file));
    });
  };
}

/** Whose request it says that it is. */
const CLAIMED = /^Assay-Agent (i-[0-9a-f]{17}):/;
/** How many bytes of body a request may have. */
const bytesOf = ({ headers }: FastifyRequest): number =>
  headers['transfer-encoding'] === undefined
    ? Number(headers['content-length'] ?? 0)
    : agentProtocol.maxCompressedBytes;

/**
 * Refuses a request without reading its body, a moment later: whoever asks without a pause asks less often so. A connection
 * that asks again meanwhile is closed without a word, and those of one network beyond so many.
 */
function holdingBack({ sleep, stopping }: Pick<AgentChannelDeps, 'sleep' | 'stopping'>) {
  const held = new Map<string, number>();
  const waiting = new WeakSet<Socket>();
  return async (address: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const network = networkOf(address);
    const others = held.get(network) ?? 0;
    const { socket } = request.raw;
    if (others >= MOST_HELD || waiting.has(socket)) {
      reply.hijack();
      socket.destroy();
      return reply;
    }
    held.set(network, others + 1);
    waiting.add(socket);
    await sleep(HELD_BACK, stopping);
    const count = (held.get(network) ?? 1) - 1;
    if (count === 0) held.delete(network);
    else held.set(network, count);
    const message = 'More is asked of this server from here than it answers; ask again later';
    return reply.code(429).header('connection', 'close').send({ code: 'TooManyRequests', message });
  };
}

const bodyOf = (request: FastifyRequest): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

const signed = (request: FastifyRequest): AgentRequest => {
  const { 'x-assay-date': date, 'x-assay-process': processId } = request.headers;
  return {
    method: request.method,
    path: request.url,
    authorization: request.headers.authorization,
    date: typeof date === 'string' ? date : undefined,
    processId: typeof processId === 'string' ? processId : undefined,
    body: bodyOf(request),
  };
};

/** A message in its shape. Throws {@link AgentFault}. */
function read<const S extends Shape>(shape: S, body: Buffer): Static<S> {
  let value: unknown;
  try {
    value = parseBoundedJson(body, MESSAGE_BOUNDS);
  } catch (error) {
    if (error instanceof JsonBoundsFault) throw new AgentFault('InvalidMessage', `The body ${error.message}`);
    throw new AgentFault('NotJson', 'The body must be JSON in UTF-8');
  }
  try {
    const message = parse(shape, value);
    const [fault] = check(shape, message);
    if (fault) throw new AgentFault('InvalidMessage', `${formatPath(fault.path)} ${fault.expected}`);
    return message;
  } catch (error) {
    if (error instanceof SerializationFault) throw new AgentFault('InvalidMessage', error.message);
    throw error;
  }
}
