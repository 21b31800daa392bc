/** A request as a server receives it, a good one to spoil, and the way through both halves of the verification. */
import { parseAuthorization } from '../../../packages/server/src/wire/sigv4/authorization.ts';
import { isFault, type SignatureFault } from '../../../packages/server/src/wire/sigv4/fault.ts';
import { type RequestToSign, signRequest } from '../../../packages/server/src/wire/sigv4/sign.ts';
import { createSigningKeyCache, type SigningKeyCache } from '../../../packages/server/src/wire/sigv4/signing-key.ts';
import { type KeySecret, type Verified, verifySignature } from '../../../packages/server/src/wire/sigv4/verify.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

// The pair of AWS's published examples.
export const accessKeyId = 'AKIDEXAMPLE';
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
export const now = Date.UTC(2026, 4, 20, 12, 36, 0);

export const rawHeaders = (headers: Readonly<Record<string, string>>): string[] => Object.entries(headers).flat();

export function goodRequest(changes: Partial<RequestToSign> = {}): Received {
  const body = '{"maxResults":10}';
  const request: RequestToSign = {
    accessKeyId,
    secretAccessKey,
    region: 'eu-central-1',
    service: 'inspector',
    url: 'http://assay.example:8020/',
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'InspectorService.ListAssessmentRuns',
    },
    body,
    now,
    ...changes,
  };
  return {
    method: request.method,
    url: '/',
    headers: rawHeaders(signRequest(request)),
    body: Buffer.from(request.body),
  };
}

/** `headers` with each of the named values rewritten; `undefined` takes the header away. */
export function withHeader(request: Received, name: string, rewrite: (value: string) => string | undefined): Received {
  const headers: string[] = [];
  for (let index = 0; index < request.headers.length; index += 2) {
    const key = request.headers[index] ?? '';
    const value = request.headers[index + 1] ?? '';
    const next = key.toLowerCase() === name ? rewrite(value) : value;
    if (next !== undefined) headers.push(key, next);
  }
  return { ...request, headers };
}

export interface Conditions {
  readonly secret?: KeySecret;
  readonly now?: number;
  readonly signingKeys?: SigningKeyCache;
}

export function authenticate(request: Received, conditions: Conditions = {}): Verified | SignatureFault {
  const credential = parseAuthorization(request.headers, request.url);
  if (isFault(credential)) return credential;
  return verifySignature({
    ...request,
    credential,
    secret: { secretAccessKey },
    now,
    signingKeys: createSigningKeyCache(),
    ...conditions,
  });
}
