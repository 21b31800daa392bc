import type { Handle } from '../database/dialect.ts';
import type { Database } from '../database/schema.ts';
import type { Position } from '../lists/position.ts';

/** Where a topic's events go. Times in milliseconds since the epoch. */
export interface Topic {
  readonly arn: string;
  readonly format: Database['topics']['format'];
  readonly url: string;
  /** Whether the address may be private: loopback, or of a local network. */
  readonly allowPrivate: boolean;
  readonly signatureVersion: 1 | 2;
  /** Assay's own events that the topic is told of as well. */
  readonly events: readonly string[];
  /** JSON, sealed under the master key for the purpose that {@link topicPurpose} names; null where there are none. */
  readonly secrets: Uint8Array | null;
  /** What the links in SNS messages prove themselves by. */
  readonly token: string;
  readonly mappedAt: number;
  readonly confirmedAt: number | null;
  /** Unmapped, and not yet told so. */
  readonly unmappedAt: number | null;
  readonly lastTriedAt: number | null;
  readonly lastDeliveredAt: number | null;
  readonly lastError: string | null;
}

/** What a topic's secrets are sealed for: another row's are no use to it. */
export const topicPurpose = (scope: number, arn: string): string => `topic ${scope} ${arn}`;

type Change = Partial<
  Pick<Topic, 'events' | 'confirmedAt' | 'unmappedAt' | 'lastTriedAt' | 'lastDeliveredAt' | 'lastError'>
>;

export function createTopics({ read, write }: Handle) {
  return {
    find: async (scope: number, arn: string): Promise<Topic | undefined> => {
      const row = await read
        .selectFrom('topics')
        .selectAll()
        .where('scope', '=', scope)
        .where('arn', '=', arn)
        .executeTakeFirst();
      return row && decode(row);
    },
    /** The topic whose SNS messages have this token in their links; and its scope. */
    byToken: async (token: string): Promise<{ readonly scope: number; readonly topic: Topic } | undefined> => {
      const row = await read.selectFrom('topics').selectAll().where('token', '=', token).executeTakeFirst();
      return row && { scope: row.scope, topic: decode(row) };
    },
    /** The newest first; those that are being unmapped are left out. */
    list: async (scope: number, after: Position | undefined, limit: number): Promise<Topic[]> => {
      let query = read.selectFrom('topics').selectAll().where('scope', '=', scope).where('unmapped_at', 'is', null);
      if (after) query = query.where((eb) => eb(eb.refTuple('mapped_at', 'arn'), '<', eb.tuple(after.at, after.id)));
      const rows = await query.orderBy('mapped_at', 'desc').orderBy('arn', 'desc').limit(limit).execute();
      return rows.map(decode);
    },
    /** The ARNs of those that are told of an event of Assay's own. */
    toldOf: async (scope: number, event: string): Promise<string[]> => {
      const rows = await read
        .selectFrom('topics')
        .select(['arn', 'events'])
        .where('scope', '=', scope)
        .where('unmapped_at', 'is', null)
        .execute();
      return rows.flatMap(({ arn, events }) => ((JSON.parse(events) as string[]).includes(event) ? [arn] : []));
    },
    /** Of every scope, those that are told of events of Assay's own. */
    withEvents: async (): Promise<{ scope: number; arn: string; events: string[]; mappedAt: number }[]> => {
      const rows = await read
        .selectFrom('topics')
        .select(['scope', 'arn', 'events', 'mapped_at as mappedAt'])
        .where('events', '!=', '[]')
        .where('unmapped_at', 'is', null)
        .execute();
      return rows.map(({ events, ...row }) => ({ ...row, events: JSON.parse(events) as string[] }));
    },
    /** Maps a topic, in place of whatever it was mapped to. */
    put: async (scope: number, topic: Topic): Promise<void> => {
      const { scope: _, arn: __, ...row } = encode(scope, topic);
      await write
        .insertInto('topics')
        .values({ scope, arn: topic.arn, ...row })
        .onConflict((conflict) => conflict.columns(['scope', 'arn']).doUpdateSet(row))
        .execute();
    },
    change: async (scope: number, arn: string, change: Change): Promise<void> => {
      const columns = {
        ...(change.events === undefined ? {} : { events: JSON.stringify(change.events) }),
        ...(change.confirmedAt === undefined ? {} : { confirmed_at: change.confirmedAt }),
        ...(change.unmappedAt === undefined ? {} : { unmapped_at: change.unmappedAt }),
        ...(change.lastTriedAt === undefined ? {} : { last_tried_at: change.lastTriedAt }),
        ...(change.lastDeliveredAt === undefined ? {} : { last_delivered_at: change.lastDeliveredAt }),
        ...(change.lastError === undefined ? {} : { last_error: change.lastError }),
      };
      await write.updateTable('topics').set(columns).where('scope', '=', scope).where('arn', '=', arn).execute();
    },
    delete: async (scope: number, arn: string): Promise<void> => {
      await write.deleteFrom('topics').where('scope', '=', scope).where('arn', '=', arn).execute();
    },
  };
}

const encode = (scope: number, topic: Topic): Database['topics'] => ({
  scope,
  arn: topic.arn,
  format: topic.format,
  url: topic.url,
  allow_private: topic.allowPrivate ? 1 : 0,
  signature_version: topic.signatureVersion,
  events: JSON.stringify(topic.events),
  secrets: topic.secrets,
  token: topic.token,
  mapped_at: topic.mappedAt,
  confirmed_at: topic.confirmedAt,
  unmapped_at: topic.unmappedAt,
  last_tried_at: topic.lastTriedAt,
  last_delivered_at: topic.lastDeliveredAt,
  last_error: topic.lastError,
});

const decode = (row: Database['topics']): Topic => ({
  arn: row.arn,
  format: row.format,
  url: row.url,
  allowPrivate: row.allow_private === 1,
  signatureVersion: row.signature_version === 2 ? 2 : 1,
  events: JSON.parse(row.events) as string[],
  secrets: row.secrets,
  token: row.token,
  mappedAt: row.mapped_at,
  confirmedAt: row.confirmed_at,
  unmappedAt: row.unmapped_at,
  lastTriedAt: row.last_tried_at,
  lastDeliveredAt: row.last_delivered_at,
  lastError: row.last_error,
});
