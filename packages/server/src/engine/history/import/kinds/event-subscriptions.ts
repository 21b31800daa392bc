import { Subscription } from '@assay/model/api/structures.ts';
import { isTopicArn } from '../../../../domain/topic-arn.ts';
import type { Tables } from '../../../../store/store.ts';
import {
  type EventSubscription,
  type TopicSubscriptions,
  topicGroupId,
} from '../../../../store/tables/event-subscriptions.ts';
import { importKind, milliseconds, placeOfArn } from '../import-kind.ts';
import { Refusal } from '../refusal.ts';

type Group = TopicSubscriptions & {
  /** Target, template and topic. */
  readonly id: string;
};

/** All that one topic is told of one template's runs: an item of ListEventSubscriptions. */
export const eventSubscriptions = importKind({
  shape: Subscription,
  listed: true,
  placeOf: ({ resourceArn }) => placeOfArn('template', 'resourceArn', resourceArn),
  toRow: (item, { ids: [target = '', template = ''] }, _setOf, listedAt): Group => {
    const { topicArn: topic } = item;
    if (!isTopicArn(topic))
      throw new Refusal('item.topicArn is not the ARN of a topic: arn:aws:sns:REGION:ACCOUNT:NAME');
    const events = item.eventSubscriptions.map(({ event, subscribedAt }) => ({
      event,
      subscribedAt: milliseconds(subscribedAt),
    }));
    if (new Set(events.map(({ event }) => event)).size < events.length) {
      throw new Refusal('item.eventSubscriptions has an event twice');
    }
    return {
      id: `${target}/${template}/${topic}`,
      template,
      topic,
      groupAt: listedAt ?? Math.min(...events.map(({ subscribedAt }) => subscribedAt)),
      groupId: topicGroupId(template, topic),
      events: inOrder(events),
    };
  },
  insert: async (tables, scope, rows) => {
    const ids = new Set(
      (
        await stored(
          tables,
          scope,
          rows.map(({ id }) => id),
        )
      ).map(({ id }) => id),
    );
    const templates = await tables.templates.findMany(scope, [...new Set(rows.map(({ template }) => template))]);
    const parents = new Set(templates.map(({ target, id }) => `${target}/${id}`));
    const added = rows.filter(({ id, template }) => !ids.has(id) && parents.has(`${id.split('/')[0]}/${template}`));
    for (const row of added) {
      for (const events of row.events) await tables.eventSubscriptions.insert(scope, { ...row, events });
    }
    return new Set(added.map(({ id }) => id));
  },
  find: stored,
  content: ({ events }) => ({ eventSubscriptions: events }),
  notFound: 'names a template that is not in the store: import that first',
});

async function stored(tables: Tables, scope: number, ids: readonly string[]): Promise<Group[]> {
  const wanted = new Set(ids);
  const templates = await tables.templates.findMany(scope, [...new Set(ids.map((id) => id.split('/')[1] ?? ''))]);
  if (templates.length === 0) return [];
  const targets = new Map(templates.map(({ id, target }) => [id, target]));
  const rows = await tables.eventSubscriptions.ofTemplates(scope, [...targets.keys()]);
  const groups = new Map<string, Group>();
  for (const { event, subscribedAt, ...group } of rows) {
    const id = `${targets.get(group.template)}/${group.template}/${group.topic}`;
    const events = [...(groups.get(id)?.events ?? []), { event, subscribedAt }];
    if (wanted.has(id)) groups.set(id, { ...group, id, events: inOrder(events) });
  }
  return [...groups.values()];
}

/** By event: in what order they are given says nothing. */
const inOrder = (events: readonly EventSubscription[]): EventSubscription[] =>
  events.toSorted((one, other) => (one.event < other.event ? -1 : 1));
