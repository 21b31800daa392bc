import type { AssayEvent } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Tables } from '../../store/store.ts';
import { readPage } from '../page.ts';
import { noSuchEntity } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

type Event = Static<typeof AssayEvent>;

export const subscribeToServerEvent: AssayOperation<'SubscribeToServerEvent', 'store'> =
  ({ store }) =>
  async ({ topicArn, event }, { scope }) => {
    await store.transaction(async (tables) => {
      const events = await eventsOf(tables, scope, topicArn);
      if (!events.includes(event)) await tables.topics.change(scope, topicArn, { events: [...events, event] });
    });
    return {};
  };

export const unsubscribeFromServerEvent: AssayOperation<'UnsubscribeFromServerEvent', 'store'> =
  ({ store }) =>
  async ({ topicArn, event }, { scope }) => {
    await store.transaction(async (tables) => {
      const events = await eventsOf(tables, scope, topicArn);
      if (!events.includes(event)) {
        throw noSuchEntity('EVENT_IS_NOT_SUBSCRIBED', `The topic ${topicArn} is not subscribed to ${event}`);
      }
      await tables.topics.change(scope, topicArn, { events: events.filter((each) => each !== event) });
    });
    return {};
  };

export const listServerEventSubscriptions: AssayOperation<'ListServerEventSubscriptions', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListServerEventSubscriptions', caller, input),
      (after, limit) => store.topics.list(caller.scope, after, limit),
      ({ mappedAt, arn }) => ({ at: mappedAt, id: arn }),
    );
    const subscriptions = rows.flatMap(({ arn, events }) =>
      events.map((event) => ({ topicArn: arn, event: event as Event })),
    );
    return { subscriptions, nextToken };
  };

/** What a topic is told of. Throws TOPIC_IS_NOT_MAPPED. */
async function eventsOf({ topics }: Pick<Tables, 'topics'>, scope: number, arn: string): Promise<readonly string[]> {
  const topic = await topics.find(scope, arn);
  if (!topic || topic.unmappedAt !== null) {
    throw noSuchEntity('TOPIC_IS_NOT_MAPPED', `The topic ${arn} is not mapped. Map it first: assay topics map`);
  }
  return topic.events;
}
