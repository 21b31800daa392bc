import type { Subscription } from '@assay/model/api/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { TopicSubscriptions } from '../../store/tables/event-subscriptions.ts';

/** All that a topic is told of a template's runs, as ListEventSubscriptions answers it; `template` is the template's ARN. */
export const subscriptionItem = (
  template: string,
  { topic, events }: TopicSubscriptions,
): Static<typeof Subscription> => ({
  resourceArn: template,
  topicArn: topic,
  eventSubscriptions: events.map(({ event, subscribedAt }) => ({
    event,
    subscribedAt: subscribedAt / 1000,
  })) as Static<typeof Subscription>['eventSubscriptions'],
});
