import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** What is true of a store as a whole. */
export const settings = {
  up: async (db: Kysely<unknown>, { types, name: dialect }: Dialect): Promise<void> => {
    const create = db.schema
      .createTable('settings')
      .addColumn('name', types.text, (c) => c.notNull())
      .addColumn('value', types.text, (c) => c.notNull())
      .addPrimaryKeyConstraint('settings_key', ['name']);
    await (dialect === 'sqlite' ? create.modifyEnd(sql`strict`) : create).execute();
  },
};
