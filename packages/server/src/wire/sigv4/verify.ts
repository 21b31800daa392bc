/** The second half of authentication: whether the signature is true, and of this moment. */
import { hash, timingSafeEqual } from 'node:crypto';
import { formatAmzDate } from './amz-date.ts';
import type { Credential } from './authorization.ts';
import { computeSignature, stringToSign } from './canonical-request.ts';
import { invalid, type SignatureFault, unrecognized } from './fault.ts';
import { deriveSigningKey, type SigningKeyCache } from './signing-key.ts';

/** Milliseconds either way, inclusive. */
const maxClockSkew = 5 * 60 * 1000;

/**
 * What the server keeps of an access key. The signature does not cover the access key id, which only chooses the
 * secret: no two keys may share one.
 */
export interface KeySecret {
  readonly secretAccessKey: string;
  /** Of a temporary key: requests must carry exactly this one. */
  readonly sessionToken?: string | undefined;
}

export interface SignedRequest {
  readonly method: string;
  /** As on the request line. */
  readonly url: string;
  /** The whole body as received; empty when there is none. */
  readonly body: Uint8Array;
  /** From `parseAuthorization`. */
  readonly credential: Credential;
  /** Of `credential.accessKeyId`. */
  readonly secret: KeySecret;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signingKeys: SigningKeyCache;
}

/** Who made the request: proved. */
export interface Verified {
  readonly accessKeyId: string;
  readonly region: string;
}

/**
 * Proves that the holder of the secret signed this method, path, body and these headers, within five minutes of now.
 * The only request that the API has is `POST /` without a query, so that is all that can verify.
 */
export function verifySignature(request: SignedRequest): Verified | SignatureFault {
  const { credential, secret } = request;
  const { accessKeyId, region } = credential;
  if (request.method !== 'POST' || request.url !== '/') {
    return invalid('Only POST / without a query string can be signed for this service.');
  }
  // Anybody could sign with an empty secret.
  if (secret.secretAccessKey === '') return unrecognized(`The access key ${accessKeyId} has no secret on this server.`);
  // Written so that a clock that is not a number does not accept.
  if (!(Math.abs(request.now - credential.signedAt) <= maxClockSkew)) return skewFault(credential, request.now);

  const payloadSha256 = hash('sha256', request.body, 'hex');
  if (credential.contentSha256 !== undefined && credential.contentSha256 !== payloadSha256) {
    return invalid(
      'The header x-amz-content-sha256 is not the SHA-256 of the body, in lowercase hexadecimal. ' +
        'Unsigned and streamed payloads are not accepted.',
    );
  }

  const cached = request.signingKeys.find(accessKeyId, credential, secret.secretAccessKey);
  const key = cached ?? deriveSigningKey(secret.secretAccessKey, credential);
  const text = stringToSign(credential.amzDate, credential, {
    method: request.method,
    path: '/',
    query: '',
    canonicalHeaders: credential.canonicalHeaders,
    signedHeaders: credential.signedHeaders,
    payloadSha256,
  });
  if (!timingSafeEqual(computeSignature(key, text), credential.signature)) {
    return invalid(
      'The request signature we calculated does not match the signature you provided. Check AWS_SECRET_ACCESS_KEY. ' +
        'A proxy on the way must leave the Host header, the path and the body as the client sent them.',
    );
  }
  if (!cached) request.signingKeys.keep(accessKeyId, credential, secret.secretAccessKey, key);
  return sessionTokenFault(credential, secret) ?? { accessKeyId, region };
}

function skewFault({ signedAt, amzDate }: Credential, now: number): SignatureFault {
  const [what, where] = signedAt < now ? ['expired', 'before'] : ['not yet current', 'after'];
  return invalid(
    `Signature ${what}: it was made at ${amzDate}, more than 5 minutes ${where} this server's time, ` +
      `${formatAmzDate(now)}. Set the clock of the client or of the server right.`,
  );
}

function sessionTokenFault({ securityToken }: Credential, { sessionToken }: KeySecret): SignatureFault | undefined {
  if (sessionToken === undefined) {
    if (securityToken === undefined) return undefined;
    return unrecognized('This access key is used without a session token: unset AWS_SESSION_TOKEN.');
  }
  const same = timingSafeEqual(hash('sha256', securityToken ?? '', 'buffer'), hash('sha256', sessionToken, 'buffer'));
  if (same && securityToken !== undefined) return undefined;
  return unrecognized('The session token does not belong to this access key, or is missing: set AWS_SESSION_TOKEN.');
}
