import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/**
 * The bytes of reports as rows. Those that were made before are files, which other servers do not see: they are forgotten,
 * and so made again when they are asked for.
 */
export const reportContent = {
  up: async (db: Kysely<unknown>, { types, name: dialect }: Dialect): Promise<void> => {
    await sql`delete from reports where status = 'COMPLETED'`.execute(db);
    for (const column of ['size', 'making']) {
      await db.schema
        .alterTable('reports')
        .addColumn(column, types.integer, (c) => c.notNull().defaultTo(0))
        .execute();
    }
    const create = db.schema
      .createTable('report_chunks')
      .addColumn('scope', types.integer, (c) => c.notNull())
      .addColumn('report', types.text, (c) => c.notNull())
      .addColumn('position', types.integer, (c) => c.notNull())
      .addColumn('content', sql.raw(types.bytes), (c) => c.notNull())
      .addPrimaryKeyConstraint('report_chunks_key', ['scope', 'report', 'position']);
    await (dialect === 'sqlite' ? create.modifyEnd(sql`strict`) : create).execute();
  },
};
