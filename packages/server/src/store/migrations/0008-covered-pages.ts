import type { Kysely } from 'kysely';

/** A page of all runs is read from its index alone. */
export const coveredPages = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await db.schema.dropIndex('runs_created_at_id').execute();
    const columns = ['scope', 'created_at', 'id', 'target', 'template'];
    await db.schema.createIndex('runs_created_at_id_target_template').on('runs').columns(columns).execute();
  },
};
