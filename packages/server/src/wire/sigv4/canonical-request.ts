/**
 * The text that Signature Version 4 signs, for both ends.
 * Source: AWS, "Create a signed AWS API request" (IAM user guide).
 */
import { createHmac, hash, type KeyObject } from 'node:crypto';
import type { Scope } from './signing-key.ts';

export const algorithm = 'AWS4-HMAC-SHA256';
export const terminator = 'aws4_request';

export interface CanonicalRequest {
  readonly method: string;
  /** Already URI-encoded the canonical way; the Inspector API has only `/`. */
  readonly path: string;
  /** Already sorted and URI-encoded; empty for the Inspector API. */
  readonly query: string;
  /** As {@link canonicalHeader} gives them, in the order of `signedHeaders`. */
  readonly canonicalHeaders: string;
  /** Lowercase names, sorted. */
  readonly signedHeaders: readonly string[];
  /** Hex SHA-256 of the body that was really received or is really sent. */
  readonly payloadSha256: string;
}

/**
 * A header's line, newline included: values trimmed, runs of blanks made one space, repeated headers joined with a
 * comma in the order in which they came.
 */
export const canonicalHeader = (lowercaseName: string, values: readonly string[]): string =>
  `${lowercaseName}:${values.map(collapseBlanks).join(',')}\n`;

// Not String.trim, which takes away characters that no client does (U+00A0).
const collapseBlanks = (value: string): string => value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');

/** What a header value may hold: a byte a character, as Node gives them, and no control character but the tab. */
export const isHeaderValue = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

export const scopeText = ({ date, region, service }: Scope): string => `${date}/${region}/${service}/${terminator}`;

/** `amzDate` is the X-Amz-Date header: `YYYYMMDDTHHMMSSZ`. */
export function stringToSign(amzDate: string, scope: Scope, request: CanonicalRequest): string {
  const text =
    `${request.method}\n${request.path}\n${request.query}\n${request.canonicalHeaders}\n` +
    `${request.signedHeaders.join(';')}\n${request.payloadSha256}`;
  // latin1 gives back the bytes that were on the wire.
  return `${algorithm}\n${amzDate}\n${scopeText(scope)}\n${hash('sha256', Buffer.from(text, 'latin1'), 'hex')}`;
}

/** 32 bytes. */
export const computeSignature = (signingKey: KeyObject, text: string): Buffer =>
  createHmac('sha256', signingKey).update(text).digest();
