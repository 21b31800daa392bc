import { randomBytes } from 'node:crypto';
import type { Scope } from '@assay/model/arn.ts';
import { tokenDigest } from '../engine/agents/enroll.ts';
import type { Store } from '../store/store.ts';

/**
 * Makes tokens with each of which one agent can enrol in an account's region, once, for the next `ttlMs` milliseconds:
 * 32 random bytes in base64url. The store keeps their digests only, so nothing shows a token again.
 */
export async function issueEnrollmentTokens(
  store: Pick<Store, 'transaction'>,
  scope: Scope,
  ttlMs: number,
  count: number,
): Promise<string[]> {
  const tokens = Array.from({ length: count }, newToken);
  const createdAt = Date.now();
  const expiresAt = createdAt + ttlMs;
  await store.transaction(async (tables) => {
    const id = await tables.scopes.idOf(scope);
    const rows = tokens.map((token) => ({ digest: tokenDigest(token), scope: id, createdAt, expiresAt, agent: null }));
    await tables.enrollmentTokens.insertMany(rows);
  });
  return tokens;
}

/** One that begins with a hyphen would be taken for an option by whatever passes it on. */
function newToken(): string {
  let token = '';
  while (!/^[0-9A-Za-z]/.test(token)) token = randomBytes(32).toString('base64url');
  return token;
}
