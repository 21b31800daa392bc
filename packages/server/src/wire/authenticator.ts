import { boundedMap } from '../domain/bounded-map.ts';
import { keptPolicy } from '../domain/policy/built-in.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { PolicyFault } from '../domain/policy/policy-fault.ts';
import { ApiError } from '../operations/errors.ts';
import type { Caller } from '../operations/operation.ts';
import type { SecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import type { AccessKey } from '../store/tables/access-keys.ts';
import { onceATurn } from './once-a-turn.ts';
import { parseAuthorization, type RawHeaders } from './sigv4/authorization.ts';
import { isFault, type SignatureFault, unknownAccessKey } from './sigv4/fault.ts';
import { createSigningKeyCache } from './sigv4/signing-key.ts';
import { verifySignature } from './sigv4/verify.ts';

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly body: Buffer;
  /** The service that is called: a signature for another does not count. */
  readonly service: string;
}

/** A caller, and the key that proved it. */
export interface Authenticated extends Caller {
  readonly accessKeyId: string;
  /** What the key may do; undefined for an administrator. */
  readonly policy: Policy | undefined;
}

export interface Authenticator {
  /** Who signed a request. Throws {@link ApiError} of one of the four signature faults. */
  readonly authenticate: (request: SignedRequest) => Promise<Authenticated>;
}

/**
 * Opened secrets and compiled policies that are kept, so that a request costs neither: the key's row is still read
 * after every request, once for those that came in together.
 */
const KEPT = 1000;

export function createAuthenticator(deps: {
  readonly store: Pick<Store, 'accessKeys' | 'scopes'>;
  readonly secrets: SecretBox;
  readonly now: () => number;
}): Authenticator {
  const signingKeys = createSigningKeyCache();
  const policyOf = createPolicies();
  const findKey = onceATurn((id) => deps.store.accessKeys.find(id));
  const opened = boundedMap<string, { readonly sealed: Uint8Array; readonly secret: string }>(KEPT, 'ALL');

  const secretOf = (key: AccessKey): string => {
    const known = opened.get(key.id);
    if (known && Buffer.from(known.sealed).equals(key.secret)) return known.secret;
    const secret = deps.secrets.open(key.secret, key.id);
    opened.set(key.id, { sealed: key.secret, secret });
    return secret;
  };

  return {
    authenticate: async ({ method, url, headers, body, service }) => {
      const credential = parseAuthorization(headers, url, service);
      if (isFault(credential)) throw refuse(credential);
      const key = await findKey(credential.accessKeyId);
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
      const scope = await deps.store.scopes.find({ account, region });
      return { scope, account, region, accessKeyId: key.id, policy: policyOf(key) };
    },
  };
}

function createPolicies(): (key: AccessKey) => Policy | undefined {
  const compiled = boundedMap<string, { readonly text: string; readonly policy: Policy }>(KEPT, 'ALL');
  return ({ id, policy: text }) => {
    if (text === null) return undefined;
    const known = compiled.get(id);
    if (known?.text === text) return known.policy;
    const policy = compile(text);
    compiled.set(id, { text, policy });
    return policy;
  };
}

/** Policies are compiled before they are kept; one that cannot be read all the same allows nothing. */
function compile(text: string): Policy {
  try {
    return keptPolicy(text);
  } catch (error) {
    if (error instanceof PolicyFault) return { id: undefined, statements: [] };
    throw error;
  }
}

const refuse = ({ type, message }: SignatureFault): ApiError => new ApiError(type, message);
