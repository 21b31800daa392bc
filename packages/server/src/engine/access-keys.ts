import type { RandomBytes } from '../domain/ids.ts';
import type { SecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import type { AccessKey } from '../store/tables/access-keys.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export interface KeyDeps {
  readonly store: Pick<Store, 'accessKeys'>;
  readonly secrets: SecretBox;
  readonly random: RandomBytes;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Makes a key for an account and keeps it, an administrator's unless it has a policy. Nothing shows the secret again. */
export async function makeAccessKey(
  { store, secrets, random, now }: KeyDeps,
  account: string,
  policy: string | null,
): Promise<{ readonly key: AccessKey; readonly secretAccessKey: string }> {
  const id = `ASSAY${[...random(15)].map((byte) => ALPHABET[byte % 32]).join('')}`;
  const secretAccessKey = Buffer.from(random(30)).toString('base64');
  const key = { id, account, secret: secrets.seal(secretAccessKey, id), policy, createdAt: now(), revokedAt: null };
  await store.accessKeys.put(key);
  return { key, secretAccessKey };
}
