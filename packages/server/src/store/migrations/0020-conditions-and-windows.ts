import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** Conditions that topics were told of, and the windows of targets. */
export const conditionsAndWindows = {
  up: async (db: Kysely<unknown>, { types, name }: Dialect): Promise<void> => {
    const tables = [
      db.schema
        .createTable('told_conditions')
        .addColumn('scope', types.integer, (c) => c.notNull())
        .addColumn('event', types.text, (c) => c.notNull())
        .addColumn('subject', types.text, (c) => c.notNull())
        .addColumn('since', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('told_conditions_key', ['scope', 'event', 'subject']),
      db.schema
        .createTable('target_windows')
        .addColumn('scope', types.integer, (c) => c.notNull())
        .addColumn('target', types.text, (c) => c.notNull())
        .addColumn('days', types.text, (c) => c.notNull())
        .addColumn('from_minute', types.integer, (c) => c.notNull())
        .addColumn('to_minute', types.integer, (c) => c.notNull())
        .addColumn('time_zone', types.text, (c) => c.notNull())
        .addPrimaryKeyConstraint('target_windows_key', ['scope', 'target']),
    ];
    for (const table of tables) await (name === 'sqlite' ? table.modifyEnd(sql`strict`) : table).execute();
  },
};
