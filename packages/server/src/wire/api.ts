import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceModel } from '@assay/model/service-model.ts';
import { ApiError, internal, temporarilyUnavailable, throttled, unknownOperation } from '../operations/errors.ts';
import type { Handler } from '../operations/handler.ts';
import { isRead } from '../operations/is-read.ts';
import { storeFault } from '../store/store-fault.ts';
import type { CallerIdentity } from './audit-record.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Authenticator } from './authenticator.ts';
import { claimedIdentity } from './claimed-identity.ts';
import type { HoldStranger } from './hold-strangers.ts';
import type { Metrics } from './metrics.ts';
import { endpointOf, isSecure, originOf, type RequestOrigin } from './origin.ts';
import type { RateLimiter } from './rate-limit.ts';
import { type BodyFault, readBody } from './read-body.ts';

/** The largest request that is read: ListFindings with every list full stays under 100 KiB. */
const MAX_BODY = 1024 * 1024;
const TARGET = /^([A-Za-z0-9_]{1,64})\.([A-Za-z]{1,64})$/;
const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** A service as requests name it. */
export interface WireService {
  readonly model: Pick<ServiceModel, 'name' | 'targetPrefix' | 'apiVersion'>;
  readonly handler: Handler;
}

export interface ApiDeps {
  /** The first is told of calls that name none. */
  readonly services: readonly [WireService, ...WireService[]];
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  readonly holdStranger: HoldStranger;
  readonly audit: AuditTrail;
  /** True behind a proxy: its X-Forwarded-For says where a request came from. */
  readonly trustProxy: boolean;
  readonly metrics: Metrics;
  readonly requestId: () => string;
  /** See Store.pending: no call is answered by what the power failing could undo. */
  readonly pending: () => Promise<void> | undefined;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly report: (message: string, error: unknown) => void;
}

/** What is known of a call so far. */
interface Call {
  readonly id: string;
  readonly end: ReturnType<Metrics['start']>;
  /** Undefined where the request names none that is here. */
  readonly service: WireService | undefined;
  readonly operation: string | undefined;
  readonly origin: RequestOrigin;
  /** Undefined until it is proved. */
  identity: CallerIdentity | undefined;
  input: Readonly<Record<string, unknown>> | undefined;
  inputBytes: number;
}

/** Answers a request, whatever it is. */
export type ApiListener = (request: IncomingMessage, response: ServerResponse) => void;

/** True for what {@link createApi} answers: a query is refused with the signature, which never covers one. */
export const isCall = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'POST' && (url === '/' || url.startsWith('/?'));

/** The API's services: JSON 1.1 over `POST /`. Faults come in the order protocol, authentication, rate, operation, and the rest. */
export function createApi(deps: ApiDeps): ApiListener {
  return (request, response) => {
    const call = begin(deps, request);
    const refused = (error: unknown): void => refuse(deps, error, request, response, call);
    readBody(request, MAX_BODY, (body) => {
      if (typeof body === 'string') return refused(bodyErrors[body]());
      perform(deps, request, body, call)
        .then((output) => {
          const text = JSON.stringify(output);
          // Before the answer: what a client knows to be done is on the trail, whatever becomes of this process.
          const end = (): void => finish(deps, request, call, output, undefined, () => answer(response, call.id, text));
          const pending = deps.pending();
          return pending ? pending.then(end) : end();
        })
        .catch(refused);
    });
  };
}

const bodyErrors: Readonly<Record<BodyFault, () => ApiError>> = {
  TOO_LARGE: () => new ApiError('RequestEntityTooLargeException', `The body must be at most ${MAX_BODY} bytes`),
  CUT_OFF: () => new ApiError('SerializationException', 'The request could not be read'),
};

/** Head and body in one write, which costs half of what two do. */
const answer = (response: ServerResponse, requestId: string, text: string): void => {
  const length = Buffer.byteLength(text);
  const headers = ['x-amzn-requestid', requestId, 'content-type', CONTENT_TYPE, 'content-length', String(length)];
  // Of as many bytes as characters is ASCII alone, which is Latin-1 too: that needs no encoding.
  response.writeHead(200, headers).end(text, length === text.length ? 'latin1' : 'utf8');
};

function begin({ services, metrics, trustProxy, requestId }: ApiDeps, request: IncomingMessage): Call {
  const target = request.headers['x-amz-target'];
  const [, prefix, operation] = (typeof target === 'string' && TARGET.exec(target)) || [];
  const service = services.find(({ model }) => model.targetPrefix === prefix);
  return {
    id: requestId(),
    end: metrics.start(),
    service,
    operation: service && operation,
    origin: originOf(request, trustProxy),
    identity: undefined,
    input: undefined,
    inputBytes: 0,
  };
}

async function perform(deps: ApiDeps, request: IncomingMessage, body: Buffer, call: Call): Promise<object> {
  const { service, operation } = call;
  if (service === undefined || operation === undefined) {
    throw unknownOperation(
      'The header X-Amz-Target must name an operation: InspectorService.ListAssessmentRuns, for one',
    );
  }
  const { method, url, rawHeaders: headers } = request;
  const caller = await deps.authenticator.authenticate({
    ...{ method: method ?? '', url: url ?? '', headers, body },
    service: service.model.name,
  });
  const { accessKeyId, account, region } = caller;
  call.identity = { proved: true, accessKeyId, account, region };
  if (!deps.rateLimiter.allows(accessKeyId, operation)) throw throttled();
  if (!service.handler.knows(operation)) {
    throw unknownOperation(`This service has no operation ${operation}`);
  }
  if (!isRead(operation) && !deps.audit.ready()) {
    throw temporarilyUnavailable('The audit trail cannot be written, so nothing is changed; see the log of the server');
  }
  const { address, userAgent } = call.origin;
  const origin = { address, userAgent, secure: isSecure(request, deps.trustProxy) };
  const endpoint = endpointOf(request, deps.trustProxy);
  return service.handler.handle(operation, body, { ...caller, origin, endpoint }, (input) => {
    call.input = input;
    call.inputBytes = body.length;
  });
}

function refuse(deps: ApiDeps, error: unknown, request: IncomingMessage, response: ServerResponse, call: Call): void {
  const fault = asApiError(deps, error, call);
  const isTooLarge = fault.type === 'RequestEntityTooLargeException';
  const status = fault.type === 'InternalException' ? 500 : isTooLarge ? 413 : 400;
  const body = Buffer.from(JSON.stringify({ __type: fault.type, message: fault.message, ...fault.members }));
  const send = (): void => {
    // Something failed while it was answered: the client sees a connection that ended, and asks again.
    if (response.headersSent) return void response.destroy();
    const headers = ['x-amzn-requestid', call.id, 'x-amzn-errortype', fault.type, 'content-type', CONTENT_TYPE];
    headers.push('content-length', String(body.length), ...(isTooLarge ? ['connection', 'close'] : []));
    response.writeHead(status, headers).end(body);
  };
  const held = call.identity === undefined ? deps.holdStranger(call.origin.address) : undefined;
  finish(deps, request, call, undefined, fault, () => {
    if (!held) return send();
    // Meanwhile nothing else of this connection is read.
    const { socket } = request;
    socket.pause();
    void held.then(() => {
      socket.resume();
      send();
    });
  });
}

/** Counts a call that is over, and records it; `written` is called when it may be answered. */
function finish(
  { services, audit, report }: ApiDeps,
  { headers }: IncomingMessage,
  { id, end, service, operation, origin, identity, input, inputBytes }: Call,
  output: object | undefined,
  fault: ApiError | undefined,
  written: () => void,
): void {
  end(operation !== undefined && service?.handler.knows(operation) ? operation : 'unknown', fault?.type ?? 'OK');
  const errorCode = fault?.members.errorCode;
  try {
    audit.record(
      {
        requestId: id,
        service: (service ?? services[0]).model,
        operation,
        identity: identity ?? claimedIdentity(headers.authorization),
        origin,
        input,
        inputBytes,
        output: output && operation !== undefined ? service?.handler.recorded(operation, output) : undefined,
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
    report(`Request ${id} has no audit record`, error);
    written();
  }
}

function asApiError(deps: ApiDeps, error: unknown, { id }: Call): ApiError {
  if (error instanceof ApiError) return error;
  if (deps.isUnavailable(error)) {
    const fault = storeFault(error);
    return temporarilyUnavailable(fault && `${fault.what}; try again`);
  }
  deps.report(`Request ${id} failed`, error);
  return internal(id);
}
