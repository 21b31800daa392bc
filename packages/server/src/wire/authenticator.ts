import { ApiError } from '../operations/errors.ts';
import type { Caller } from '../operations/operation.ts';
import type { AccessKey } from '../store/access-keys.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { Store } from '../store/store.ts';
import { parseAuthorization, type RawHeaders } from './sigv4/authorization.ts';
import { isFault, type SignatureFault, unknownAccessKey } from './sigv4/fault.ts';
import { createSigningKeyCache } from './sigv4/signing-key.ts';
import { verifySignature } from './sigv4/verify.ts';

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/** A caller, and the key that proved it. */
export interface Authenticated extends Caller {
  readonly accessKeyId: string;
}

export interface Authenticator {
  /** Who signed a request. Throws {@link ApiError} of one of the four signature faults. */
  readonly authenticate: (request: SignedRequest) => Promise<Authenticated>;
}

/** Opened secrets that are kept, so that a request costs no decryption: the key's row is still read every time. */
const OPENED = 1000;

export function createAuthenticator(deps: {
  readonly store: Pick<Store, 'accessKeys' | 'scopes'>;
  readonly secrets: SecretBox;
  readonly now: () => number;
}): Authenticator {
  const signingKeys = createSigningKeyCache();
  const opened = new Map<string, { readonly sealed: Uint8Array; readonly secret: string }>();

  const secretOf = (key: AccessKey): string => {
    const known = opened.get(key.id);
    if (known && Buffer.from(known.sealed).equals(key.secret)) return known.secret;
    const secret = deps.secrets.open(key.secret, key.id);
    if (opened.size >= OPENED) opened.clear();
    opened.set(key.id, { sealed: key.secret, secret });
    return secret;
  };

  return {
    authenticate: async ({ method, url, headers, body }) => {
      const credential = parseAuthorization(headers, url);
      if (isFault(credential)) throw refuse(credential);
      const key = await deps.store.accessKeys.find(credential.accessKeyId);
      if (!key || key.revokedAt !== null) throw refuse(unknownAccessKey(credential.accessKeyId));
      const verified = verifySignature({
        method,
        url,
        body,
        credential,
        secret: { secretAccessKey: secretOf(key) },
        now: deps.now(),
        signingKeys,
      });
      if (isFault(verified)) throw refuse(verified);
      const { account } = key;
      const { region } = credential;
      return { scope: await deps.store.scopes.idOf({ account, region }), account, region, accessKeyId: key.id };
    },
  };
}

const refuse = ({ type, message }: SignatureFault): ApiError => new ApiError(type, message);
