import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Dialect } from '../database/dialect.ts';

/** Events are delivered: the addresses of topics, and what has not reached them yet. */
export const eventDelivery = {
  up: async (db: Kysely<unknown>, { types, name }: Dialect): Promise<void> => {
    const strict = <T extends CreateTableBuilder<string, string>>(builder: T): T =>
      name === 'sqlite' ? (builder.modifyEnd(sql`strict`) as T) : builder;
    await strict(
      db.schema
        .createTable('topics')
        .addColumn('scope', types.integer, (c) => c.notNull())
        .addColumn('arn', types.text, (c) => c.notNull())
        .addColumn('format', types.text, (c) => c.notNull())
        .addColumn('url', types.text, (c) => c.notNull())
        .addColumn('allow_private', types.integer, (c) => c.notNull())
        .addColumn('signature_version', types.integer, (c) => c.notNull())
        .addColumn('events', types.text, (c) => c.notNull())
        .addColumn('secrets', sql.raw<string>(types.bytes))
        .addColumn('token', types.text, (c) => c.notNull())
        .addColumn('mapped_at', types.integer, (c) => c.notNull())
        .addColumn('confirmed_at', types.integer)
        .addColumn('unmapped_at', types.integer)
        .addColumn('last_tried_at', types.integer)
        .addColumn('last_delivered_at', types.integer)
        .addColumn('last_error', types.text)
        .addPrimaryKeyConstraint('topics_key', ['scope', 'arn']),
    ).execute();
    const deliveries = db.schema.createTable('event_deliveries');
    await strict(
      (name === 'sqlite'
        ? deliveries.addColumn('id', types.integer, (c) => c.primaryKey().autoIncrement())
        : deliveries.addColumn('id', types.integer, (c) => c.primaryKey().generatedByDefaultAsIdentity())
      )
        .addColumn('scope', types.integer, (c) => c.notNull())
        .addColumn('topic', types.text, (c) => c.notNull())
        .addColumn('run', types.text, (c) => c.notNull())
        .addColumn('event', types.text, (c) => c.notNull())
        .addColumn('message_id', types.text, (c) => c.notNull())
        .addColumn('message', types.text, (c) => c.notNull())
        .addColumn('happened_at', types.integer, (c) => c.notNull()),
    ).execute();
    await db.schema
      .createIndex('event_deliveries_queue')
      .on('event_deliveries')
      .columns(['scope', 'topic', 'run', 'id'])
      .execute();
    await strict(
      db.schema
        .createTable('event_queues')
        .addColumn('scope', types.integer, (c) => c.notNull())
        .addColumn('topic', types.text, (c) => c.notNull())
        .addColumn('run', types.text, (c) => c.notNull())
        .addColumn('next_at', types.integer, (c) => c.notNull())
        .addColumn('attempts', types.integer, (c) => c.notNull())
        .addPrimaryKeyConstraint('event_queues_key', ['scope', 'topic', 'run']),
    ).execute();
    await db.schema
      .createIndex('event_queues_next')
      .on('event_queues')
      .columns(['scope', 'topic', 'next_at'])
      .execute();
  },
};
