/** The first half of authentication: all that a request's headers say and decide on their own. */
import { parseAmzDate } from './amz-date.ts';
import { algorithm, canonicalHeader, isHeaderValue, terminator } from './canonical-request.ts';
import { incomplete, invalid, isFault, missing, type SignatureFault } from './fault.ts';
import type { Scope } from './signing-key.ts';

/** As node:http's `rawHeaders`: name, value, name, value, duplicates kept. */
export type RawHeaders = readonly string[];

/** What the headers claim; nothing of it is proved before `verifySignature` has been passed. */
export interface Credential extends Scope {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  /** The lines of the signed headers, ready for the canonical request. */
  readonly canonicalHeaders: string;
  readonly amzDate: string;
  /** `amzDate` in milliseconds since the epoch. */
  readonly signedAt: number;
  /** 32 bytes. */
  readonly signature: Buffer;
  readonly contentSha256: string | undefined;
  /** Of a temporary key; signed whenever present. */
  readonly securityToken: string | undefined;
}

const limits = { headers: 200, headerCharacters: 32_768, authorizationCharacters: 8192 };
const requiredSigned = ['host', 'x-amz-date', 'x-amz-target'];
const atMostOnce = [...requiredSigned, 'x-amz-content-sha256', 'x-amz-security-token'];
/**
 * AWS wants every x-amz-* header signed. These may be unsigned: the first says nothing that is acted upon and some
 * SDKs leave it out; the second is compared with the body whoever wrote it, and hand-written clients often add it
 * after signing; the third is put there by CloudFront on the way.
 */
const mayBeUnsigned = new Set(['x-amz-user-agent', 'x-amz-content-sha256', 'x-amz-cf-id']);

/**
 * Reads and checks everything about a signature but its truth. Only the Authorization header counts: signatures in
 * the query string (`url`, as received, serves to recognize them) are refused. `service` is the one that is called: a
 * signature is good for no other. A Date header does not stand in for
 * X-Amz-Date. Faults come in this order: size, Authorization, date, scope, signed headers.
 */
export function parseAuthorization(raw: RawHeaders, url = '/', service = 'inspector'): Credential | SignatureFault {
  const headers = groupHeaders(raw);
  if (isFault(headers)) return headers;

  const fields = authorizationFields(headers.get('authorization') ?? [], url);
  if (isFault(fields)) return fields;

  for (const name of atMostOnce) {
    if ((headers.get(name)?.length ?? 0) > 1) return incomplete(`The header ${name} is there more than once.`);
  }
  const amzDate = headers.get('x-amz-date')?.[0];
  if (amzDate === undefined) return incomplete('The header X-Amz-Date is missing; a Date header does not replace it.');
  const signedAt = parseAmzDate(amzDate);
  if (signedAt === undefined) {
    return incomplete(`X-Amz-Date must be a UTC time written YYYYMMDDTHHMMSSZ; it is ${quote(amzDate)}.`);
  }

  const scope = parseScope(fields.credential, amzDate, service);
  if (isFault(scope)) return scope;

  const signedHeaders = fields.signedHeaders.split(';');
  const canonicalHeaders = canonicalHeadersOf(signedHeaders, headers);
  if (typeof canonicalHeaders !== 'string') return canonicalHeaders;

  if (!/^[0-9a-f]{64}$/.test(fields.signature)) {
    return invalid('The Signature in the Authorization header must be 64 lowercase hexadecimal digits.');
  }
  return {
    ...scope,
    signedHeaders,
    canonicalHeaders,
    amzDate,
    signedAt,
    signature: Buffer.from(fields.signature, 'hex'),
    contentSha256: headers.get('x-amz-content-sha256')?.[0],
    securityToken: headers.get('x-amz-security-token')?.[0],
  };
}

type Headers = ReadonlyMap<string, readonly string[]>;

function groupHeaders(raw: RawHeaders): Headers | SignatureFault {
  if (raw.length > limits.headers * 2) return incomplete(`A request may have at most ${limits.headers} headers.`);
  const headers = new Map<string, string[]>();
  let characters = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    characters += name.length + value.length;
    if (characters > limits.headerCharacters) {
      return incomplete(`The headers may have at most ${limits.headerCharacters} characters in all.`);
    }
    const values = headers.get(name);
    if (values) values.push(value);
    else headers.set(name, [value]);
  }
  return headers;
}

interface Fields {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
}

function authorizationFields(values: readonly string[], url: string): Fields | SignatureFault {
  const [value] = values;
  if (/[?&]x-amz-(?:algorithm|credential|signature)=/i.test(url)) {
    return incomplete('Signatures in the query string are not accepted: sign with an Authorization header.');
  }
  if (value === undefined) {
    return missing(`The request is not signed: it needs an Authorization header with an ${algorithm} signature.`);
  }
  if (values.length > 1) return incomplete('There is more than one Authorization header.');
  if (value.length > limits.authorizationCharacters) {
    return incomplete(`The Authorization header may have at most ${limits.authorizationCharacters} characters.`);
  }
  const space = value.indexOf(' ');
  const scheme = space < 0 ? value : value.slice(0, space);
  if (scheme !== algorithm) {
    return incomplete(`The Authorization header must begin with ${algorithm}; it begins with ${quote(scheme)}.`);
  }
  const found = new Map<string, string>();
  for (const part of value.slice(space + 1).split(/, ?/)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals));
    if (found.has(name)) return incomplete(`The Authorization header has ${quote(name)} twice.`);
    found.set(name, part.slice(equals + 1));
  }
  const [credential, signedHeaders, signature] = [
    found.get('Credential'),
    found.get('SignedHeaders'),
    found.get('Signature'),
  ];
  if (!credential || !signedHeaders || !signature || found.size !== 3 || space < 0) {
    return incomplete(
      `The Authorization header must be "${algorithm} Credential=…, SignedHeaders=…, Signature=…" and nothing else.`,
    );
  }
  return { credential, signedHeaders, signature };
}

function parseScope(
  text: string,
  amzDate: string,
  expected: string,
): Pick<Credential, 'accessKeyId' | 'date' | 'region' | 'service'> | SignatureFault {
  const parts = text.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', end = ''] = parts;
  if (parts.length !== 5) {
    return incomplete(
      `The Credential must be ACCESS_KEY_ID/YYYYMMDD/REGION/${expected}/${terminator}; it is ${quote(text)}.`,
    );
  }
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(accessKeyId)) {
    return incomplete('The access key id in the Credential must be 1 to 128 letters, digits, "_" or "-".');
  }
  if (date !== amzDate.slice(0, 8)) {
    return invalid(`The date in the Credential, ${quote(date)}, is not the day of X-Amz-Date, ${amzDate}.`);
  }
  if (!/^[a-z0-9-]{1,64}$/.test(region)) {
    return invalid(`The region in the Credential, ${quote(region)}, is not a region name; set AWS_REGION.`);
  }
  if (service !== expected) {
    return invalid(`The Credential must be scoped to the service "${expected}"; it is scoped to ${quote(service)}.`);
  }
  if (end !== terminator) return invalid(`The Credential must end in "${terminator}"; it ends in ${quote(end)}.`);
  return { accessKeyId, date, region, service };
}

function canonicalHeadersOf(signed: readonly string[], headers: Headers): string | SignatureFault {
  const names = new Set(signed);
  for (const name of requiredSigned) {
    if (!names.has(name)) return invalid(`The header ${name} must be signed: SignedHeaders does not have it.`);
  }
  for (const name of headers.keys()) {
    if (name.startsWith('x-amz-') && !names.has(name) && !mayBeUnsigned.has(name)) {
      return invalid(`The header ${quote(name)} is on the request but not signed: every x-amz-* header must be.`);
    }
  }
  let lines = '';
  let previous = '';
  for (const name of signed) {
    if (name <= previous) {
      return invalid(`SignedHeaders must be sorted, each name once; ${quote(name)} comes after ${quote(previous)}.`);
    }
    previous = name;
    const values = /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ? headers.get(name) : undefined;
    if (values === undefined) {
      return invalid(`SignedHeaders has ${quote(name)}, which must be lowercase and a header of the request.`);
    }
    if (!values.every(isHeaderValue)) return invalid(`The header ${name} has a character that headers cannot have.`);
    lines += canonicalHeader(name, values);
  }
  return lines;
}

/** A stranger's text inside a message: bounded, control characters escaped. */
const quote = (text: string): string => JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
