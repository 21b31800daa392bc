import { createHash } from 'node:crypto';
import type { Db, Handle } from '../database/dialect.ts';
import type { Position } from '../lists/position.ts';
import { preparedByIds } from '../lists/prepared-by-ids.ts';
import { preparedPages } from '../lists/prepared-pages.ts';
import { ofTemplates, type TemplateSelection } from '../lists/template-selection.ts';

/** Times in milliseconds since the epoch. */
export interface EventSubscription {
  readonly event: string;
  readonly subscribedAt: number;
}

/** All that one topic is told of one template's runs. */
export interface TopicSubscriptions {
  readonly template: string;
  readonly topic: string;
  readonly groupAt: number;
  readonly groupId: string;
  readonly events: readonly EventSubscription[];
}

/** The id of a topic's group of subscriptions to one template: the last word on the order of the list. */
export const topicGroupId = (template: string, topic: string): string =>
  createHash('sha256').update(`${template}\n${topic}`).digest('hex').slice(0, 32);

const rowsOf = (db: Db, scope: number) =>
  db
    .selectFrom('event_subscriptions')
    .select([
      'template',
      'topic',
      'event',
      'subscribed_at as subscribedAt',
      'group_at as groupAt',
      'group_id as groupId',
    ])
    .where('scope', '=', scope);

const groupsOf = (db: Db, scope: number) =>
  db
    .selectFrom('event_subscriptions')
    .select(['template', 'topic', 'group_at as groupAt', 'group_id as groupId'])
    .distinct()
    .where('scope', '=', scope);

const order = { at: 'group_at', id: 'group_id' } as const;
const pagesOfAll = preparedPages((db, { scope }: { readonly scope: number }) => groupsOf(db, scope), order);
const pagesOfTemplate = preparedPages(
  (db, { scope, template }: { readonly scope: number; readonly template: string }) =>
    groupsOf(db, scope).where('template', '=', template),
  order,
);
const ofGroups = preparedByIds((db, scope) => rowsOf(db, scope).orderBy('subscribed_at').orderBy('event'), 'group_id');

export function createEventSubscriptions(handle: Handle) {
  const { read, write } = handle;
  return {
    /** Every subscription of a template, by topic and event. */
    ofTemplate: async (scope: number, template: string) =>
      rowsOf(read, scope).where('template', '=', template).orderBy('topic').orderBy('event').execute(),
    /** Every subscription of each of the templates. */
    ofTemplates: async (scope: number, templates: readonly string[]) =>
      rowsOf(read, scope).where('template', 'in', templates).orderBy('subscribed_at').orderBy('event').execute(),
    insert: async (
      scope: number,
      { events, ...group }: Omit<TopicSubscriptions, 'events'> & { readonly events: EventSubscription },
    ): Promise<void> => {
      await write
        .insertInto('event_subscriptions')
        .values({
          scope,
          template: group.template,
          topic: group.topic,
          event: events.event,
          subscribed_at: events.subscribedAt,
          group_at: group.groupAt,
          group_id: group.groupId,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    /** False when there is no such subscription. */
    delete: async (scope: number, template: string, topic: string, event: string): Promise<boolean> => {
      const { numDeletedRows } = await write
        .deleteFrom('event_subscriptions')
        .where('scope', '=', scope)
        .where('template', '=', template)
        .where('topic', '=', topic)
        .where('event', '=', event)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    deleteOfTemplates: async (scope: number, which: TemplateSelection): Promise<void> => {
      await write
        .deleteFrom('event_subscriptions')
        .where('scope', '=', scope)
        .where(ofTemplates(scope, which))
        .execute();
    },
    /** A page of topics with all their events, the topic subscribed last first. `template`: of one template only. */
    list: async (
      scope: number,
      template: string | undefined,
      after: Position | undefined,
      limit: number,
    ): Promise<TopicSubscriptions[]> => {
      const groups =
        template === undefined
          ? await pagesOfAll(handle, { scope }, after, limit)
          : await pagesOfTemplate(handle, { scope, template }, after, limit);
      if (groups.length === 0) return [];
      const rows = await ofGroups(
        handle,
        scope,
        groups.map(({ groupId }) => groupId),
      );
      return groups.map((group) => ({
        ...group,
        events: rows
          .filter(({ groupId }) => groupId === group.groupId)
          .map(({ event, subscribedAt }) => ({ event, subscribedAt })),
      }));
    },
  };
}
