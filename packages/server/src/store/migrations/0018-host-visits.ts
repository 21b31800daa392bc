import type { Kysely } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** Agents that come and go: how often, and the boots that tell two of one identity apart. */
export const hostVisits = {
  up: async (db: Kysely<unknown>, { types }: Dialect): Promise<void> => {
    await db.schema.alterTable('agents').addColumn('visit_every', types.integer).execute();
    await db.schema.alterTable('agents').addColumn('former_boot', types.text).execute();
    await db.schema.alterTable('agents').addColumn('refused_boot', types.text).execute();
  },
};
