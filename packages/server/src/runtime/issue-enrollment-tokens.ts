import { randomBytes } from 'node:crypto';
import type { Scope } from '@assay/model/arn.ts';
import { makeEnrollmentTokens } from '../engine/hosts/enrollment-tokens.ts';
import type { Store } from '../store/store.ts';

/** Makes tokens with each of which one agent can enrol in an account's region, once, for the next `ttlMs` milliseconds. */
export async function issueEnrollmentTokens(
  store: Pick<Store, 'transaction'>,
  scope: Scope,
  ttlMs: number,
  count: number,
): Promise<string[]> {
  const now = Date.now();
  const made = await store.transaction(async (tables) =>
    makeEnrollmentTokens(tables, randomBytes, { scope: await tables.scopes.idOf(scope), now, ttl: ttlMs, count }),
  );
  return made.map(({ token }) => token);
}
