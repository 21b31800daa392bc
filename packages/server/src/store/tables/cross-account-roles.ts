import type { Handle } from '../database/dialect.ts';

export interface CrossAccountRole {
  /** ARN. */
  readonly role: string;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
}

export function createCrossAccountRoles({ read, write }: Handle) {
  return {
    find: async (scope: number): Promise<CrossAccountRole | undefined> =>
      read
        .selectFrom('cross_account_roles')
        .select(['role', 'registered_at as registeredAt'])
        .where('scope', '=', scope)
        .executeTakeFirst(),
    /** Registering another role replaces the one before. */
    put: async (scope: number, { role, registeredAt: registered_at }: CrossAccountRole): Promise<void> => {
      await write
        .insertInto('cross_account_roles')
        .values({ scope, role, registered_at })
        .onConflict((conflict) => conflict.column('scope').doUpdateSet({ role, registered_at }))
        .execute();
    },
  };
}
