import { randomBytes } from 'node:crypto';
import type { Scope } from '@assay/model/arn.ts';
import { tokenDigest } from '../engine/agents/enroll.ts';
import type { Store } from '../store/store.ts';

/**
 * Makes a token with which one agent can enrol in an account's region, once, for the next `ttlMs` milliseconds: 32
 * random bytes in base64url. The store keeps its digest only, so nothing shows the token again.
 */
export async function createEnrollmentToken(
  store: Pick<Store, 'transaction'>,
  scope: Scope,
  ttlMs: number,
): Promise<string> {
  let token = '';
  // One that begins with a hyphen would be taken for an option by whatever passes it on.
  while (!/^[0-9A-Za-z]/.test(token)) token = randomBytes(32).toString('base64url');
  const createdAt = Date.now();
  await store.transaction(async ({ scopes, enrollmentTokens }) => {
    await enrollmentTokens.insert({
      digest: tokenDigest(token),
      scope: await scopes.idOf(scope),
      createdAt,
      expiresAt: createdAt + ttlMs,
      agent: null,
    });
  });
  return token;
}
