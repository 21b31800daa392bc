import { createHash } from 'node:crypto';
import type { Agent } from '../../domain/agent.ts';
import type { RandomBytes } from '../../domain/ids.ts';
import type { Store } from '../../store/store.ts';
import type { EnrollmentToken } from '../../store/tables/enrollment-tokens.ts';

/** How a token is kept: its SHA-256 in hex. Tokens are 256 random bits, so a plain hash cannot be guessed back. */
export const tokenDigest = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What people call a token once nothing shows it any more: the beginning of its digest. */
export const tokenId = ({ digest }: Pick<EnrollmentToken, 'digest'>): string => digest.slice(0, 12);

export interface TokenOrder {
  /** scopes.id */
  readonly scope: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long they can be used, in milliseconds. */
  readonly ttl: number;
  readonly count: number;
  /** How many hosts each can enrol. */
  readonly uses?: number;
  /** Tags that they fix on their hosts. */
  readonly tags?: Agent['tags'];
}

export interface NewToken {
  /** Shown this once: the store keeps its digest only. */
  readonly token: string;
  readonly kept: EnrollmentToken;
}

/** Makes tokens with which agents can enrol: 32 random bytes in base64url. */
export async function makeEnrollmentTokens(
  { enrollmentTokens }: Pick<Store, 'enrollmentTokens'>,
  random: RandomBytes,
  { scope, now, ttl, count, uses = 1, tags = [] }: TokenOrder,
): Promise<NewToken[]> {
  const made = Array.from({ length: count }, () => {
    const token = newToken(random);
    const times = { createdAt: now, expiresAt: now + ttl, revokedAt: null };
    return { token, kept: { digest: tokenDigest(token), scope, agent: null, uses, used: 0, tags, ...times } };
  });
  await enrollmentTokens.insertMany(made.map(({ kept }) => kept));
  return made;
}

/** One that begins with a hyphen would be taken for an option by whatever passes it on. */
function newToken(random: RandomBytes): string {
  let token = '';
  while (!/^[0-9A-Za-z]/.test(token)) token = Buffer.from(random(32)).toString('base64url');
  return token;
}

export type TokenState = 'USABLE' | 'USED' | 'EXPIRED' | 'REVOKED';

/** Whether a token still enrols hosts at a time, and why not. */
export function tokenState({ uses, used, expiresAt, revokedAt }: EnrollmentToken, now: number): TokenState {
  if (revokedAt !== null) return 'REVOKED';
  if (used >= uses) return 'USED';
  return expiresAt <= now ? 'EXPIRED' : 'USABLE';
}
