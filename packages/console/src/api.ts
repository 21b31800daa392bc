import type { Input, OperationName, Output } from '@assay/model/api/operations.ts';
import type { AssayInput, AssayOperationName, AssayOutput } from '@assay/model/assay/operations.ts';
import { type Key, signRequest } from './sign-request.ts';

/** Calls an operation of Inspector's API. Rejects with {@link ApiFault}. */
export type Call = <O extends OperationName>(operation: O, input: Input<O>) => Promise<Output<O>>;
/** Calls an operation of the Assay API. Rejects with {@link ApiFault}. */
export type CallAssay = <O extends AssayOperationName>(operation: O, input: AssayInput<O>) => Promise<AssayOutput<O>>;

/** What the API answered instead of a result, or that it did not answer (`type` is then NoAnswer). */
export class ApiFault extends Error {
  /** `__type` on the wire. */
  readonly type: string;
  readonly errorCode: string | undefined;
  readonly requestId: string | undefined;
  constructor(type: string, message: string, more: { errorCode?: string; requestId?: string } = {}) {
    super(message);
    this.type = type;
    this.errorCode = more.errorCode;
    this.requestId = more.requestId;
  }
}

/** Answers that say the key itself is refused, not what was asked with it. */
export const refusesKey = (fault: unknown): boolean =>
  fault instanceof ApiFault &&
  ['UnrecognizedClientException', 'InvalidSignatureException', 'IncompleteSignatureException'].includes(fault.type);

/** Inspector's API at an origin (`http://localhost:8020`), every call signed with the key. */
export function createCall(origin: string, key: Key): Call {
  const send = sender(origin, key, 'inspector', 'InspectorService');
  return async <O extends OperationName>(operation: O, input: Input<O>) => (await send(operation, input)) as Output<O>;
}

/** The Assay API at an origin. */
export function createAssayCall(origin: string, key: Key): CallAssay {
  const send = sender(origin, key, 'assay', 'Assay_20261201');
  return async <O extends AssayOperationName>(operation: O, input: AssayInput<O>) =>
    (await send(operation, input)) as AssayOutput<O>;
}

function sender(origin: string, key: Key, service: 'inspector' | 'assay', prefix: string) {
  const { host } = new URL(origin);
  return async (operation: string, input: unknown): Promise<unknown> => {
    const body = JSON.stringify(input);
    const headers = await signRequest({
      key,
      host,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${prefix}.${operation}` },
      body,
      service,
      now: Date.now(),
    });
    let response: Response;
    try {
      response = await fetch(`${origin}/`, { method: 'POST', headers, body, cache: 'no-store', credentials: 'omit' });
    } catch {
      throw new ApiFault('NoAnswer', 'Nothing came back. Is the server running?');
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && isRecord(answer)) return answer;
    throw faultOf(response, answer);
  };
}

function faultOf(response: Response, answer: unknown): ApiFault {
  const { __type, message, errorCode } = isRecord(answer) ? answer : {};
  const requestId = response.headers.get('x-amzn-requestid');
  return new ApiFault(
    typeof __type === 'string' ? __type : `HTTP ${response.status}`,
    typeof message === 'string' ? message : 'The answer is not one of this API.',
    {
      ...(typeof errorCode === 'string' ? { errorCode } : {}),
      ...(requestId === null ? {} : { requestId }),
    },
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
