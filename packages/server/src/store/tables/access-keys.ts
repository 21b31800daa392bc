import type { Handle } from '../database/dialect.ts';
import { preparedQuery } from '../database/prepared-query.ts';
import type { Position } from '../lists/position.ts';

export interface AccessKey {
  readonly id: string;
  readonly account: string;
  /** Sealed: see secret-box.ts. */
  readonly secret: Uint8Array;
  /** The name of a built-in policy, or a policy document; null for an administrator. */
  readonly policy: string | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

const columns = ['id', 'account', 'secret', 'policy', 'created_at as createdAt', 'revoked_at as revokedAt'] as const;

const findById = preparedQuery((db, { id }: { readonly id: string }) =>
  db.selectFrom('access_keys').select(columns).where('id', '=', id),
);

export function createAccessKeys(handle: Handle) {
  const { read, write } = handle;
  return {
    find: async (id: string): Promise<AccessKey | undefined> => (await findById(handle, { id }))[0],
    list: async (): Promise<AccessKey[]> =>
      read.selectFrom('access_keys').select(columns).orderBy('created_at').orderBy('id').execute(),
    /** The keys of an account, or of every account (null), newest first. */
    page: async (account: string | null, after: Position | undefined, limit: number): Promise<AccessKey[]> => {
      let query = read.selectFrom('access_keys').select(columns);
      if (account !== null) query = query.where('account', '=', account);
      if (after) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.at, after.id)));
      return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    },
    /**
     * Adds a key, an administrator's unless it has a policy; one with this id gets the new account and secret and is
     * valid again, under the policy that it had.
     */
    put: async (key: Omit<AccessKey, 'policy'> & { readonly policy?: string | null }): Promise<void> => {
      const { id, account, secret, policy = null, createdAt: created_at, revokedAt: revoked_at } = key;
      await write
        .insertInto('access_keys')
        .values({ id, account, secret, policy, created_at, revoked_at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ account, secret, revoked_at }))
        .execute();
    },
    /** False when there is no such key. */
    setPolicy: async (id: string, policy: string | null): Promise<boolean> => {
      const { numUpdatedRows } = await write
        .updateTable('access_keys')
        .set({ policy })
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
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
