import type { Input, OperationName, Output } from '@assay/model/api/operations.ts';
import { type Key, signRequest } from './sign-request.ts';

/** Calls an operation of the API. Rejects with {@link ApiFault}. */
export type Call = <O extends OperationName>(operation: O, input: Input<O>) => Promise<Output<O>>;

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

/** The public API at an origin (`http://localhost:8020`), every call signed with the key. */
export function createCall(origin: string, key: Key): Call {
  const { host } = new URL(origin);
  return async <O extends OperationName>(operation: O, input: Input<O>): Promise<Output<O>> => {
    const body = JSON.stringify(input);
    const headers = await signRequest({
      key,
      host,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `InspectorService.${operation}` },
      body,
      now: Date.now(),
    });
    let response: Response;
    try {
      response = await fetch(`${origin}/`, { method: 'POST', headers, body, cache: 'no-store', credentials: 'omit' });
    } catch {
      throw new ApiFault('NoAnswer', 'The server does not answer. Is it running?');
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && isRecord(answer)) return answer as Output<O>;
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
