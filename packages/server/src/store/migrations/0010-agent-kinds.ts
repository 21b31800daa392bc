import type { Kysely } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** Agents say which kinds of evidence they collect. */
export const agentKinds = {
  up: async (db: Kysely<unknown>, { types }: Dialect): Promise<void> => {
    await db.schema.alterTable('agents').addColumn('collects', types.text).execute();
  },
};
