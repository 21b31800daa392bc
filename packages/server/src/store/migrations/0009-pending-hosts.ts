import { type Kysely, sql } from 'kysely';

/** The hosts that a run waits for are found without looking at those that have delivered. */
export const pendingHosts = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await db.schema
      .createIndex('run_agents_pending')
      .on('run_agents')
      .columns(['scope', 'run', 'agent'])
      .where(sql.ref('status'), '=', sql.lit('PENDING'))
      .execute();
  },
};
