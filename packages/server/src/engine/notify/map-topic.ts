import type { Tables } from '../../store/store.ts';
import type { Topic } from '../../store/tables/topics.ts';
import { messageId } from './message-id.ts';
import { tell } from './tell.ts';

type TopicTables = Pick<Tables, 'topics' | 'outbox' | 'jobs'>;

/** Maps a topic to an address, which is sent a SubscriptionConfirmation first where it takes SNS messages. */
export async function mapTopic(tables: TopicTables, scope: number, topic: Topic, now: number): Promise<void> {
  await tables.topics.put(scope, topic);
  if (topic.format !== 'SNS') return;
  const text = `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`;
  await confirm(tables, scope, topic, 'SubscriptionConfirmation', text, now);
}

/** Ends a topic's mapping: what it has yet to be told is not delivered. Its receiver is told where it takes SNS messages. */
export async function unmapTopic(tables: TopicTables, scope: number, topic: Topic, now: number): Promise<void> {
  if (topic.format !== 'SNS') {
    await tables.topics.delete(scope, topic.arn);
    return;
  }
  await tables.topics.change(scope, topic.arn, { unmappedAt: now });
  const text = `You have chosen to deactivate the subscription of the topic ${topic.arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`;
  await confirm(tables, scope, topic, 'UnsubscribeConfirmation', text, now);
}

async function confirm(
  tables: TopicTables,
  scope: number,
  { arn, token }: Topic,
  event: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
  message: string,
  now: number,
): Promise<void> {
  const id = messageId(String(scope), arn, event, token, String(now));
  await tell(tables, scope, [{ topic: arn, run: '', event, messageId: id, message, happenedAt: now }], now);
}
