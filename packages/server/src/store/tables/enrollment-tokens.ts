import type { Handle } from '../database/dialect.ts';
import { insertRows } from '../database/insert-rows.ts';

export interface EnrollmentToken {
  /** Hex SHA-256 of the token itself, which is shown once and never stored. */
  readonly digest: string;
  readonly scope: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The agent that was enrolled with it; null while unused. */
  readonly agent: string | null;
}

const tokenRows = {
  table: 'enrollment_tokens',
  columns: ['digest', 'scope', 'created_at', 'expires_at', 'agent'],
  end: '',
} as const;

export function createEnrollmentTokens({ read, write, dialect }: Handle) {
  return {
    insertMany: async (tokens: readonly EnrollmentToken[]): Promise<void> => {
      await insertRows(
        { write, dialect },
        tokenRows,
        tokens.flatMap(({ digest, scope, createdAt, expiresAt, agent }) => [
          digest,
          scope,
          createdAt,
          expiresAt,
          agent,
        ]),
      );
    },
    find: async (digest: string): Promise<EnrollmentToken | undefined> =>
      read
        .selectFrom('enrollment_tokens')
        .select(['digest', 'scope', 'created_at as createdAt', 'expires_at as expiresAt', 'agent'])
        .where('digest', '=', digest)
        .executeTakeFirst(),
    /** False when it is used up already. */
    use: async (digest: string, agent: string): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('enrollment_tokens')
        .set({ agent })
        .where('digest', '=', digest)
        .where('agent', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
