import type { Kysely } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** Hosts that sent part of their evidence before collection ended. */
export const partialDeliveries = {
  up: async (db: Kysely<unknown>, { types }: Dialect): Promise<void> => {
    await db.schema.alterTable('run_agents').addColumn('partial', types.integer).execute();
  },
};
