import { type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/**
 * Which machine, boot and process speaks for a host; hosts that are removed, forgotten or tagged by an operator; tokens for
 * several hosts that can be revoked; hosts that a run excludes.
 */
export const hostLife = {
  up: async (db: Kysely<unknown>, { types }: Dialect): Promise<void> => {
    const { text, integer } = types;
    const add = async (
      table: string,
      columns: Readonly<Record<string, typeof text | typeof integer>>,
    ): Promise<void> => {
      for (const [name, type] of Object.entries(columns)) {
        await db.schema.alterTable(table).addColumn(name, type).execute();
      }
    };
    await add('agents', {
      machine: text,
      boot: text,
      process: text,
      former_process: text,
      refused_process: text,
      contested_at: integer,
      contested_by: text,
      clock_skew: integer,
      clock_skew_at: integer,
      said_tags: text,
      fixed_tags: text,
      removed_at: integer,
      forgotten_at: integer,
      enrolled_with: text,
    });
    await db.schema.createIndex('agents_machine').on('agents').columns(['scope', 'machine']).execute();
    await db.schema.createIndex('agents_enrolled_with').on('agents').columns(['enrolled_with']).execute();
    await add('run_agents', { excluded: text, machine: text, boot: text });
    for (const [name, before] of [
      ['uses', 1],
      ['used', 0],
    ] as const) {
      await db.schema
        .alterTable('enrollment_tokens')
        .addColumn(name, integer, (c) => c.notNull().defaultTo(before))
        .execute();
    }
    await add('enrollment_tokens', { tags: text, revoked_at: integer });
    await sql`update enrollment_tokens set used = 1 where agent is not null`.execute(db);
  },
};
