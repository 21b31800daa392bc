import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** The files of advisories and SCAP content that the servers of a store pass on to each other. */
export const sharedFiles = {
  up: async (db: Kysely<unknown>, { types, name }: Dialect): Promise<void> => {
    const create = db.schema
      .createTable('shared_files')
      .addColumn('kind', types.text, (c) => c.notNull())
      .addColumn('file', types.text, (c) => c.notNull())
      .addColumn('position', types.integer, (c) => c.notNull())
      .addColumn('size', types.integer, (c) => c.notNull())
      .addColumn('content', sql.raw(types.bytes), (c) => c.notNull())
      .addPrimaryKeyConstraint('shared_files_key', ['kind', 'file', 'position']);
    await (name === 'sqlite' ? create.modifyEnd(sql`strict`) : create).execute();
  },
};
