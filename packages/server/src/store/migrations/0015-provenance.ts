import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/**
 * Who started a run and over what, who asked for a report, and what the agents of a run were. Unknown of what was there before.
 * Reports that were made before say none of it and are not signed: they are forgotten, and made again when they are asked for.
 */
export const provenance = {
  up: async (db: Kysely<unknown>, { types }: Dialect): Promise<void> => {
    const { text, integer } = types;
    await sql`delete from report_chunks`.execute(db);
    await sql`delete from reports where status = 'COMPLETED'`.execute(db);
    await db.schema.alterTable('runs').addColumn('origin', text).execute();
    await db.schema.alterTable('reports').addColumn('asked_by', text).execute();
    await db.schema.alterTable('run_agents').addColumn('agent_version', text).execute();
    await db.schema.alterTable('run_agents').addColumn('privileged', integer).execute();
  },
};
