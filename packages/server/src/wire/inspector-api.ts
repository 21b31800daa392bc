import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, internal, temporarilyUnavailable, throttled } from '../operations/errors.ts';
import type { Handler } from '../operations/handler.ts';
import type { CallerIdentity } from './audit-record.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Authenticator } from './authenticator.ts';
import { claimedIdentity } from './claimed-identity.ts';
import { isRead } from './is-read.ts';
import type { Metrics } from './metrics.ts';
import { endpointOf, isSecure, type Origin, originOf } from './origin.ts';
import type { RateLimiter } from './rate-limit.ts';

/** The largest request that is read: ListFindings with every list full stays under 100 KiB. */
const MAX_BODY = 1024 * 1024;
const TARGET = /^InspectorService\.([A-Za-z]{1,64})$/;
/** Bodies are sent as bytes through Fastify: to text it would add a charset, which the original does not send. */
const CONTENT_TYPE = 'application/x-amz-json-1.1';

export interface InspectorApiDeps {
  readonly handler: Handler;
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  readonly audit: AuditTrail;
  /** True behind a proxy: its X-Forwarded-For says where a request came from. */
  readonly trustProxy: boolean;
  readonly metrics: Metrics;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly report: (message: string, error: unknown) => void;
}

/** What is known of a call so far. */
interface Call {
  readonly end: ReturnType<Metrics['start']>;
  readonly operation: string | undefined;
  readonly origin: Origin;
  /** Undefined until it is proved. */
  identity: CallerIdentity | undefined;
  input: Readonly<Record<string, unknown>> | undefined;
  inputBytes: number;
}

/** The Inspector API: JSON 1.1 over `POST /`. Faults come in the order protocol, authentication, rate, operation, and the rest. */
export function inspectorApi(deps: InspectorApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.removeAllContentTypeParsers();
    // The first is the one that clients send: Fastify finds it without taking it apart.
    server.addContentTypeParser(
      [CONTENT_TYPE, '*'],
      { parseAs: 'buffer', bodyLimit: MAX_BODY },
      (_request, body, done) => done(null, body),
    );
    // Requests whose body could not be read never come to the handler.
    server.setErrorHandler((error, request, reply) => refuse(deps, error, request, reply, begin(deps, request)));
    server.post('/', async (request, reply) => {
      const call = begin(deps, request);
      try {
        const output = await perform(deps, request, call);
        const text = JSON.stringify(output);
        // Before the answer: what a client knows to be done is on the trail, whatever becomes of this process.
        finish(deps, request, call, output, undefined, () => answer(reply.raw, request.id, text));
        return reply.hijack();
      } catch (error) {
        return refuse(deps, error, request, reply, call);
      }
    });
  };
}

/** Head and body in one write, which costs half of what two do. */
const answer = (response: ServerResponse, requestId: string, text: string): void => {
  const length = Buffer.byteLength(text);
  const headers = ['x-amzn-requestid', requestId, 'content-type', CONTENT_TYPE, 'content-length', String(length)];
  // Of as many bytes as characters is ASCII alone, which is Latin-1 too: that needs no encoding.
  response.writeHead(200, headers).end(text, length === text.length ? 'latin1' : 'utf8');
};

function begin({ metrics, trustProxy }: InspectorApiDeps, request: FastifyRequest): Call {
  const target = request.headers['x-amz-target'];
  return {
    end: metrics.start(),
    operation: typeof target === 'string' ? TARGET.exec(target)?.[1] : undefined,
    origin: originOf(request.raw, trustProxy),
    identity: undefined,
    input: undefined,
    inputBytes: 0,
  };
}

async function perform(deps: InspectorApiDeps, request: FastifyRequest, call: Call): Promise<object> {
  const { operation } = call;
  if (operation === undefined) {
    throw new ApiError(
      'UnknownOperationException',
      'The header X-Amz-Target must name an operation: InspectorService.ListAssessmentRuns, for one',
    );
  }
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { method, url, rawHeaders: headers } = request.raw;
  const caller = await deps.authenticator.authenticate({ method: method ?? '', url: url ?? '', headers, body });
  const { accessKeyId, account, region } = caller;
  call.identity = { proved: true, accessKeyId, account, region };
  if (!deps.rateLimiter.allows(accessKeyId, operation)) throw throttled();
  if (!deps.handler.knows(operation)) {
    throw new ApiError('UnknownOperationException', `This service has no operation ${operation}`);
  }
  if (!isRead(operation) && !deps.audit.ready()) {
    throw temporarilyUnavailable('The audit trail cannot be written, so nothing is changed; see the log of the server');
  }
  const { address, userAgent } = call.origin;
  const origin = { address, userAgent, secure: isSecure(request.raw, deps.trustProxy) };
  const endpoint = endpointOf(request.raw, deps.trustProxy);
  return deps.handler.handle(operation, body, { ...caller, origin, endpoint }, (input) => {
    call.input = input;
    call.inputBytes = body.length;
  });
}

async function refuse(
  deps: InspectorApiDeps,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
): Promise<FastifyReply> {
  const fault = asApiError(deps, error, request);
  await new Promise<void>((resolve) => finish(deps, request, call, undefined, fault, resolve));
  const status = fault.type === 'InternalException' ? 500 : fault.type === 'RequestEntityTooLargeException' ? 413 : 400;
  return reply
    .code(status)
    .header('x-amzn-requestid', request.id)
    .header('x-amzn-errortype', fault.type)
    .type(CONTENT_TYPE)
    .send(Buffer.from(JSON.stringify({ __type: fault.type, message: fault.message, ...fault.members })));
}

/** Counts a call that is over, and records it; `written` is called when it may be answered. */
function finish(
  { handler, audit, report }: InspectorApiDeps,
  { id, raw }: FastifyRequest,
  { end, operation, origin, identity, input, inputBytes }: Call,
  output: object | undefined,
  fault: ApiError | undefined,
  written: () => void,
): void {
  end(operation !== undefined && handler.knows(operation) ? operation : 'unknown', fault?.type ?? 'OK');
  const errorCode = fault?.members.errorCode;
  try {
    audit.record(
      {
        requestId: String(id),
        operation,
        identity: identity ?? claimedIdentity(raw.headers.authorization),
        origin,
        input,
        inputBytes,
        output,
        error: fault && {
          type: fault.type,
          message: fault.message,
          ...(typeof errorCode === 'string' ? { errorCode } : {}),
        },
      },
      written,
    );
  } catch (error) {
    // The call is done and must be answered as it went.
    report(`Request ${String(id)} has no audit record`, error);
    written();
  }
}

function asApiError(deps: InspectorApiDeps, error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ApiError('RequestEntityTooLargeException', `The body must be at most ${MAX_BODY} bytes`);
  }
  if (deps.isUnavailable(error)) return temporarilyUnavailable();
  if (statusCode !== undefined && statusCode < 500) {
    return new ApiError('SerializationException', 'The request could not be read');
  }
  deps.report(`Request ${request.id} failed`, error);
  return internal(String(request.id));
}
