import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** Runs that start by themselves. */
export const schedules = {
  up: async (db: Kysely<unknown>, { types, name }: Dialect): Promise<void> => {
    const table = db.schema
      .createTable('schedules')
      .addColumn('scope', types.integer, (c) => c.notNull())
      .addColumn('id', types.text, (c) => c.notNull())
      .addColumn('template', types.text, (c) => c.notNull())
      .addColumn('every_days', types.integer)
      .addColumn('cron', types.text)
      .addColumn('time_zone', types.text)
      .addColumn('window_ms', types.integer, (c) => c.notNull())
      .addColumn('created_at', types.integer, (c) => c.notNull())
      .addColumn('due_at', types.integer, (c) => c.notNull())
      .addColumn('try_at', types.integer, (c) => c.notNull())
      .addColumn('paused_at', types.integer)
      .addColumn('last_at', types.integer)
      .addColumn('last_run', types.text)
      .addColumn('last_note', types.text)
      .addPrimaryKeyConstraint('schedules_key', ['scope', 'id']);
    await (name === 'sqlite' ? table.modifyEnd(sql`strict`) : table).execute();
    await db.schema.createIndex('schedules_try_at').on('schedules').columns(['try_at']).execute();
  },
};
