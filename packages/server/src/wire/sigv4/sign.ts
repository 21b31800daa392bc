import { hash } from 'node:crypto';
import { formatAmzDate } from './amz-date.ts';
import {
  algorithm,
  canonicalHeader,
  computeSignature,
  isHeaderValue,
  scopeText,
  stringToSign,
} from './canonical-request.ts';
import { deriveSigningKey } from './signing-key.ts';

export interface RequestToSign {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
  readonly service: string;
  /** Absolute; its path must be `/` and it must have no query. */
  readonly url: string;
  readonly method: string;
  /** All of them are signed, so leave out what the transport writes (User-Agent, Connection, Content-Length …). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const setHere = new Set(['host', 'x-amz-date', 'x-amz-security-token', 'authorization']);

/**
 * The headers to send, names in lowercase: those given, and host, x-amz-date, x-amz-security-token and authorization.
 * Throws TypeError for what cannot be signed: no secret, another path than `/`, a header twice or one that is set here.
 */
export function signRequest(request: RequestToSign): Record<string, string> {
  const { region, service, now } = request;
  const url = new URL(request.url);
  if (url.pathname !== '/' || url.search !== '') throw new TypeError('Only the path / without a query can be signed');
  if (request.accessKeyId === '' || request.secretAccessKey === '') {
    throw new TypeError('Signing needs an access key id and its secret');
  }
  const amzDate = formatAmzDate(now);
  const headers = new Map([
    ['host', url.host],
    ['x-amz-date', amzDate],
  ]);
  if (request.sessionToken !== undefined) headers.set('x-amz-security-token', request.sessionToken);
  for (const [name, value] of Object.entries(request.headers)) {
    const lowercase = name.toLowerCase();
    if (setHere.has(lowercase)) throw new TypeError(`The header ${name} is set by signing`);
    if (headers.has(lowercase)) throw new TypeError(`The header ${name} is given twice`);
    headers.set(lowercase, value);
  }
  for (const [name, value] of headers) {
    if (!isHeaderValue(value)) throw new TypeError(`The header ${name} has a character that headers cannot have`);
  }

  const signedHeaders = [...headers.keys()].sort();
  const scope = { date: amzDate.slice(0, 8), region, service };
  const text = stringToSign(amzDate, scope, {
    method: request.method,
    path: '/',
    query: '',
    canonicalHeaders: signedHeaders.map((name) => canonicalHeader(name, [headers.get(name) ?? ''])).join(''),
    signedHeaders,
    payloadSha256: hash('sha256', request.body, 'hex'),
  });
  const signature = computeSignature(deriveSigningKey(request.secretAccessKey, scope), text).toString('hex');
  const authorization =
    `${algorithm} Credential=${request.accessKeyId}/${scopeText(scope)}, ` +
    `SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return { ...Object.fromEntries(headers), authorization };
}
