import { isTopicArn } from '../../domain/topic-arn.ts';
import { topicGroupId } from '../../store/tables/event-subscriptions.ts';
import { invalidInput, limitExceeded } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { requireTemplate, templateResource } from './require-template.ts';

/** Throws INVALID_SNS_TOPIC_ARN. */
export function requireTopic(topicArn: string): void {
  if (!isTopicArn(topicArn)) {
    throw invalidInput(
      'INVALID_SNS_TOPIC_ARN',
      `"${topicArn}" is not the ARN of a topic: arn:aws:sns:REGION:ACCOUNT:NAME`,
    );
  }
}

/** Has a topic told of one kind of event of a template's runs. Asking for what is subscribed already changes nothing. */
export const subscribeToEvent: Operation<'SubscribeToEvent', 'store' | 'creationTime' | 'limits'> =
  ({ store, creationTime, limits }) =>
  async ({ resourceArn, event, topicArn }, caller) => {
    const arn = templateResource(caller, resourceArn);
    requireTopic(topicArn);
    await store.transaction(async (tables) => {
      const { id: template } = await requireTemplate(tables, caller, arn, resourceArn);
      const present = await tables.eventSubscriptions.ofTemplate(caller.scope, template);
      const sameTopic = present.filter(({ topic }) => topic === topicArn);
      if (sameTopic.some((subscription) => subscription.event === event)) return;
      if (present.length >= limits.eventSubscriptions) {
        throw limitExceeded(
          'EVENT_SUBSCRIPTION_LIMIT_EXCEEDED',
          `This assessment template has its ${limits.eventSubscriptions} event subscriptions`,
        );
      }
      const subscribedAt = creationTime();
      await tables.eventSubscriptions.insert(caller.scope, {
        template,
        topic: topicArn,
        groupAt: sameTopic[0]?.groupAt ?? subscribedAt,
        groupId: topicGroupId(template, topicArn),
        events: { event, subscribedAt },
      });
    });
    return {};
  };
