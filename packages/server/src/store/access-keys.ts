import type { Handle } from './dialect.ts';

export interface AccessKey {
  readonly id: string;
  readonly account: string;
  /** Sealed: see secret-box.ts. */
  readonly secret: Uint8Array;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

export function createAccessKeys({ read, write }: Handle) {
  const columns = ['id', 'account', 'secret', 'created_at as createdAt', 'revoked_at as revokedAt'] as const;
  return {
    find: async (id: string): Promise<AccessKey | undefined> =>
      read.selectFrom('access_keys').select(columns).where('id', '=', id).executeTakeFirst(),
    list: async (): Promise<AccessKey[]> =>
      read.selectFrom('access_keys').select(columns).orderBy('created_at').orderBy('id').execute(),
    /** Adds a key; one with this id gets the new account and secret and is valid again. */
    put: async (key: AccessKey): Promise<void> => {
      const { id, account, secret, createdAt: created_at, revokedAt: revoked_at } = key;
      await write
        .insertInto('access_keys')
        .values({ id, account, secret, created_at, revoked_at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ account, secret, revoked_at }))
        .execute();
    },
    /** False when there is no such key, or it was revoked before. */
    revoke: async (id: string, now: number): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('access_keys')
        .set({ revoked_at: now })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
