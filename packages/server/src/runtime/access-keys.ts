import { randomBytes } from 'node:crypto';
import { makeAccessKey } from '../engine/access-keys.ts';
import type { SecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import { CliError } from './cli-error.ts';

/** The account of the bootstrap key where ASSAY_ACCOUNT_ID names no other. */
export const DEFAULT_ACCOUNT = '123456789012';

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly account: string;
}

type Deps = { readonly store: Pick<Store, 'accessKeys'>; readonly secrets: SecretBox };

/** {@link makeAccessKey} with this process's randomness and clock. */
async function createKey({ store, secrets }: Deps, account: string): Promise<KeyPair> {
  const deps = { store, secrets, random: randomBytes, now: Date.now };
  const { key, secretAccessKey } = await makeAccessKey(deps, account, null);
  return { accessKeyId: key.id, secretAccessKey, account };
}

/**
 * Keeps the key that ASSAY_ACCESS_KEY_ID and ASSAY_SECRET_ACCESS_KEY give, if they do. Returns the account of the first
 * key, whether it is this one or {@link firstKey} has to make it. Throws {@link CliError}.
 */
export async function keepEnvironmentKey(deps: Deps, env: NodeJS.ProcessEnv): Promise<string> {
  const account = env.ASSAY_ACCOUNT_ID ?? DEFAULT_ACCOUNT;
  if (!/^[0-9]{12}$/.test(account)) throw new CliError('ASSAY_ACCOUNT_ID must be 12 digits.');
  const { ASSAY_ACCESS_KEY_ID: accessKeyId, ASSAY_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined && secretAccessKey === undefined) return account;
  if (!accessKeyId || !secretAccessKey) {
    throw new CliError('Set ASSAY_ACCESS_KEY_ID and ASSAY_SECRET_ACCESS_KEY both, or neither.');
  }
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(accessKeyId)) {
    throw new CliError('ASSAY_ACCESS_KEY_ID must be 1 to 128 letters, digits, _ or -.');
  }
  const known = await deps.store.accessKeys.find(accessKeyId);
  if (known && known.revokedAt !== null) {
    throw new CliError(`ASSAY_ACCESS_KEY_ID names ${accessKeyId}, which was revoked. Set another key, or unset both.`);
  }
  await keep(deps, { accessKeyId, secretAccessKey, account }, null);
  return account;
}

/** A key for a store that has no valid one: it must be shown now, the one time. Undefined when there is one. */
export async function firstKey(deps: Deps, account: string): Promise<KeyPair | undefined> {
  if ((await deps.store.accessKeys.list()).some(({ revokedAt }) => revokedAt === null)) return undefined;
  return createKey(deps, account);
}

/** The secret of the oldest valid key of an administrator, for the commands that talk to a server of their own. */
export async function ownKey({ store, secrets }: Deps): Promise<KeyPair | undefined> {
  const key = (await store.accessKeys.list()).find(({ revokedAt, policy }) => revokedAt === null && policy === null);
  return key && { accessKeyId: key.id, secretAccessKey: secrets.open(key.secret, key.id), account: key.account };
}

async function keep(
  { store, secrets }: Deps,
  { accessKeyId: id, secretAccessKey, account }: KeyPair,
  policy: string | null,
): Promise<void> {
  const secret = secrets.seal(secretAccessKey, id);
  await store.accessKeys.put({ id, account, secret, policy, createdAt: Date.now(), revokedAt: null });
}
