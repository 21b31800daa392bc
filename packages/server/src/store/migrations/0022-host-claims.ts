import type { Kysely } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** When another process took over a host from one that was there: every server looks for those. */
export const hostClaims = {
  up: async (db: Kysely<unknown>, { types }: Dialect): Promise<void> => {
    await db.schema.alterTable('agents').addColumn('claimed_at', types.integer).execute();
    await db.schema.createIndex('agents_claimed_at').on('agents').column('claimed_at').execute();
  },
};
