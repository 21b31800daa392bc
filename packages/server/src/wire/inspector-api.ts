import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, internal, temporarilyUnavailable } from '../operations/errors.ts';
import type { Handler } from '../operations/handler.ts';
import type { Authenticator } from './authenticator.ts';
import type { Metrics } from './metrics.ts';

/** The largest request that is read: ListFindings with every list full stays under 100 KiB. */
const MAX_BODY = 1024 * 1024;
const TARGET = /^InspectorService\.([A-Za-z]{1,64})$/;
/** Bodies are sent as bytes: to text Fastify would add a charset, which the original does not send. */
const CONTENT_TYPE = 'application/x-amz-json-1.1';

export interface InspectorApiDeps {
  readonly handler: Handler;
  readonly authenticator: Authenticator;
  readonly metrics: Metrics;
  readonly isBusy: (error: unknown) => boolean;
  readonly report: (message: string, error: unknown) => void;
}

/** The Inspector API: JSON 1.1 over `POST /`. Faults come in the order protocol, authentication, operation, and the rest. */
export function inspectorApi(deps: InspectorApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY }, (_request, body, done) =>
      done(null, body),
    );
    server.setErrorHandler((error, request, reply) => refuse(deps, error, request, reply));
    server.post('/', async (request, reply) => {
      const end = deps.metrics.start();
      const operation = operationOf(request);
      try {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const { method, url, rawHeaders: headers } = request.raw;
        const caller = await deps.authenticator.authenticate({ method: method ?? '', url: url ?? '', headers, body });
        if (!deps.handler.knows(operation)) throw unknownOperation(operation);
        const output = await deps.handler.handle(operation, body, caller);
        end(operation, 'OK');
        return reply
          .header('x-amzn-requestid', request.id)
          .type(CONTENT_TYPE)
          .send(Buffer.from(JSON.stringify(output)));
      } catch (error) {
        end(
          deps.handler.knows(operation) ? operation : 'unknown',
          error instanceof ApiError ? error.type : 'InternalException',
        );
        throw error;
      }
    });
  };
}

/** The operation's name. Throws UnknownOperationException where the header is missing or of another service. */
function operationOf(request: FastifyRequest): string {
  const target = request.headers['x-amz-target'];
  const [, operation] = (typeof target === 'string' && TARGET.exec(target)) || [];
  if (operation === undefined) {
    throw new ApiError(
      'UnknownOperationException',
      'The header X-Amz-Target must name an operation: InspectorService.ListAssessmentRuns, for one',
    );
  }
  return operation;
}

const unknownOperation = (operation: string): ApiError =>
  new ApiError('UnknownOperationException', `This service has no operation ${operation}`);

function refuse(deps: InspectorApiDeps, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = asApiError(deps, error, request);
  const status = fault.type === 'InternalException' ? 500 : fault.type === 'RequestEntityTooLargeException' ? 413 : 400;
  return reply
    .code(status)
    .header('x-amzn-requestid', request.id)
    .header('x-amzn-errortype', fault.type)
    .type(CONTENT_TYPE)
    .send(Buffer.from(JSON.stringify({ __type: fault.type, message: fault.message, ...fault.members })));
}

function asApiError(deps: InspectorApiDeps, error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ApiError('RequestEntityTooLargeException', `The body must be at most ${MAX_BODY} bytes`);
  }
  if (deps.isBusy(error)) return temporarilyUnavailable();
  if (statusCode !== undefined && statusCode < 500) {
    return new ApiError('SerializationException', 'The request could not be read');
  }
  deps.report(`Request ${request.id} failed`, error);
  return internal(String(request.id));
}
