import type { Handle } from '../database/dialect.ts';
import { insertRows } from '../database/insert-rows.ts';

/** An event that a topic has to be told of. Times in milliseconds since the epoch. */
export interface NewDelivery {
  readonly topic: string;
  /** Empty for what is about no run. */
  readonly run: string;
  readonly event: string;
  /** The same for all topics that are told of one event. */
  readonly messageId: string;
  readonly message: string;
  readonly happenedAt: number;
}

export interface Delivery extends NewDelivery {
  readonly id: number;
  /** How often it was tried. */
  readonly attempts: number;
}

const deliveryRows = {
  table: 'event_deliveries',
  columns: ['scope', 'topic', 'run', 'event', 'message_id', 'message', 'happened_at'],
  end: '',
} as const;

/**
 * What topics have yet to be told: a queue for each topic and run, of which only the first event is tried. All that writes
 * belongs in a transaction.
 */
export function createOutbox({ read, write, dialect }: Handle) {
  const queue = (scope: number, topic: string, run: string) =>
    read
      .selectFrom('event_queues')
      .select('next_at')
      .where('scope', '=', scope)
      .where('topic', '=', topic)
      .where('run', '=', run)
      .executeTakeFirst();
  return {
    /** Appends events to their queues, in this order. Returns the topics that had nothing to be told by these queues. */
    append: async (scope: number, deliveries: readonly NewDelivery[], now: number): Promise<string[]> => {
      await insertRows(
        { write, dialect },
        deliveryRows,
        deliveries.flatMap((each) => [
          ...[scope, each.topic, each.run, each.event, each.messageId, each.message, each.happenedAt],
        ]),
      );
      const begun = new Set<string>();
      for (const { topic, run } of new Map(deliveries.map((each) => [`${each.topic} ${each.run}`, each])).values()) {
        // Looked for before: a queue that ends at this moment is met by this read.
        if (await queue(scope, topic, run)) continue;
        await write.insertInto('event_queues').values({ scope, topic, run, next_at: now, attempts: 0 }).execute();
        begun.add(topic);
      }
      return [...begun];
    },
    /**
     * The first events of each of a topic's queues that is due, longest due first: one of a queue that is tried again, else up
     * to `each`. Times after `latest` are a clock's mistake.
     */
    due: async (
      scope: number,
      topic: string,
      { now, latest, queues: limit, each }: { now: number; latest: number; queues: number; each: number },
    ): Promise<Delivery[][]> => {
      const queues = await read
        .selectFrom('event_queues')
        .select(['run', 'attempts'])
        .where('scope', '=', scope)
        .where('topic', '=', topic)
        .where((eb) => eb.or([eb('next_at', '<=', now), eb('next_at', '>', latest)]))
        .orderBy('next_at')
        .limit(limit)
        .execute();
      const found: Delivery[][] = [];
      for (const { run, attempts } of queues) {
        const rows = await read
          .selectFrom('event_deliveries')
          .select(['id', 'event', 'message_id as messageId', 'message', 'happened_at as happenedAt'])
          .where('scope', '=', scope)
          .where('topic', '=', topic)
          .where('run', '=', run)
          .orderBy('id')
          .limit(attempts > 0 ? 1 : each)
          .execute();
        if (rows.length > 0) found.push(rows.map((row) => ({ ...row, topic, run, attempts })));
      }
      return found;
    },
    /** When the next queue of a topic is due; undefined where the topic has none. */
    nextAt: async (scope: number, topic: string): Promise<number | undefined> => {
      const row = await read
        .selectFrom('event_queues')
        .select('next_at as at')
        .where('scope', '=', scope)
        .where('topic', '=', topic)
        .orderBy('next_at')
        .limit(1)
        .executeTakeFirst();
      return row?.at;
    },
    /** How many events each topic has yet to be told. */
    waiting: async (scope: number): Promise<ReadonlyMap<string, number>> => {
      const rows = await read
        .selectFrom('event_deliveries')
        .select((eb) => ['topic', eb.fn.countAll<number>().as('count')])
        .where('scope', '=', scope)
        .groupBy('topic')
        .execute();
      return new Map(rows.map(({ topic, count }) => [topic, Number(count)]));
    },
    /** The event is to be tried again at a time. */
    retry: async (
      scope: number,
      { topic, run, attempts }: Pick<Delivery, 'topic' | 'run' | 'attempts'>,
      nextAt: number,
    ): Promise<void> => {
      await write
        .updateTable('event_queues')
        .set({ next_at: nextAt, attempts: attempts + 1 })
        .where('scope', '=', scope)
        .where('topic', '=', topic)
        .where('run', '=', run)
        .execute();
    },
    /**
     * Removes events of one queue that were delivered or given up; the next of the queue is due. Returns the ids of those that
     * nobody removed before.
     */
    remove: async (
      scope: number,
      { topic, run }: Pick<Delivery, 'topic' | 'run'>,
      ids: readonly number[],
      now: number,
    ): Promise<ReadonlySet<number>> => {
      const removed = await write.deleteFrom('event_deliveries').where('id', 'in', ids).returning('id').execute();
      if (removed.length === 0) return new Set();
      const next = await read
        .selectFrom('event_deliveries')
        .select('id')
        .where('scope', '=', scope)
        .where('topic', '=', topic)
        .where('run', '=', run)
        .limit(1)
        .executeTakeFirst();
      const own = { scope, topic, run };
      if (next) {
        await write
          .updateTable('event_queues')
          .set({ next_at: now, attempts: 0 })
          .where((eb) => eb.and(own))
          .execute();
      } else {
        await write
          .deleteFrom('event_queues')
          .where((eb) => eb.and(own))
          .execute();
      }
      return new Set(removed.map(({ id }) => Number(id)));
    },
  };
}
