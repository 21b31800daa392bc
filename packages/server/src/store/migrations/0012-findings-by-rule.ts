import type { Kysely } from 'kysely';

/** Which hosts a rule was found on, and since when, is read along an index. */
export const findingsByRule = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    await db.schema
      .createIndex('findings_rule_agent_created_at')
      .on('findings')
      .columns(['scope', 'rule', 'agent', 'created_at', 'id'])
      .execute();
  },
};
