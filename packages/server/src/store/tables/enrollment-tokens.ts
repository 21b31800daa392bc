import type { Agent } from '../../domain/agent.ts';
import type { Handle } from '../database/dialect.ts';
import { insertRows } from '../database/insert-rows.ts';
import type { Database } from '../database/schema.ts';
import type { Position } from '../lists/position.ts';

export interface EnrollmentToken {
  /** Hex SHA-256 of the token itself, which is shown once and never stored. */
  readonly digest: string;
  readonly scope: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The agent that was enrolled with it last; null while unused. */
  readonly agent: string | null;
  /** How many hosts it can enrol, and how many it has. */
  readonly uses: number;
  readonly used: number;
  /** Tags that it fixes on its hosts. */
  readonly tags: Agent['tags'];
  readonly revokedAt: number | null;
}

/** One that is not said to be otherwise enrols one host, with no tags. */
export type NewEnrollmentToken = Pick<EnrollmentToken, 'digest' | 'scope' | 'createdAt' | 'expiresAt' | 'agent'> &
  Partial<EnrollmentToken>;

const tokenRows = {
  table: 'enrollment_tokens',
  columns: ['digest', 'scope', 'created_at', 'expires_at', 'agent', 'uses', 'used', 'tags', 'revoked_at'],
  end: '',
} as const;

export function createEnrollmentTokens({ read, write, dialect }: Handle) {
  return {
    insertMany: async (tokens: readonly NewEnrollmentToken[]): Promise<void> => {
      await insertRows(
        { write, dialect },
        tokenRows,
        tokens.flatMap((token) => [
          ...[
            token.digest,
            token.scope,
            token.createdAt,
            token.expiresAt,
            token.agent,
            token.uses ?? 1,
            token.used ?? 0,
          ],
          ...[token.tags?.length ? JSON.stringify(token.tags) : null, token.revokedAt ?? null],
        ]),
      );
    },
    find: async (digest: string): Promise<EnrollmentToken | undefined> => {
      const row = await read
        .selectFrom('enrollment_tokens')
        .selectAll()
        .where('digest', '=', digest)
        .executeTakeFirst();
      return row && decode(row);
    },
    /** Of a scope, the newest first; with `usableAt` those that can still be used then. */
    list: async (
      scope: number,
      { usableAt }: { readonly usableAt?: number | undefined },
      after: Position | undefined,
      limit: number,
    ): Promise<EnrollmentToken[]> => {
      let query = read.selectFrom('enrollment_tokens').selectAll().where('scope', '=', scope);
      if (usableAt !== undefined) {
        query = query.where('expires_at', '>', usableAt).where('revoked_at', 'is', null).whereRef('used', '<', 'uses');
      }
      if (after) {
        query = query.where((eb) => eb(eb.refTuple('created_at', 'digest'), '<', eb.tuple(after.at, after.id)));
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('digest', 'desc').limit(limit).execute();
      return rows.map(decode);
    },
    /** Those whose digest begins so. */
    beginningWith: async (scope: number, prefix: string): Promise<EnrollmentToken[]> => {
      const rows = await read
        .selectFrom('enrollment_tokens')
        .selectAll()
        .where('scope', '=', scope)
        .where('digest', '>=', prefix)
        .where('digest', '<', `${prefix}g`)
        .limit(2)
        .execute();
      return rows.map(decode);
    },
    /** False when it is used up or revoked already. */
    use: async (digest: string, agent: string): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('enrollment_tokens')
        .set((eb) => ({ agent, used: eb('used', '+', 1) }))
        .where('digest', '=', digest)
        .whereRef('used', '<', 'uses')
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    revoke: async (digest: string, at: number): Promise<void> => {
      await write
        .updateTable('enrollment_tokens')
        .set({ revoked_at: at })
        .where('digest', '=', digest)
        .where('revoked_at', 'is', null)
        .execute();
    },
  };
}

const decode = (row: Database['enrollment_tokens']): EnrollmentToken => ({
  digest: row.digest,
  scope: row.scope,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  agent: row.agent,
  uses: row.uses,
  used: row.used,
  tags: row.tags === null ? [] : (JSON.parse(row.tags) as Agent['tags']),
  revokedAt: row.revoked_at,
});
