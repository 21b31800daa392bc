import { noSuchEntity } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { requireTemplate, templateResource } from './require-template.ts';
import { requireTopic } from './subscribe-to-event.ts';

/** Ends a subscription. Throws SNS_TOPIC_DOES_NOT_EXIST where the topic is not told of this event. */
export const unsubscribeFromEvent: Operation<'UnsubscribeFromEvent', 'store'> =
  ({ store }) =>
  async ({ resourceArn, event, topicArn }, caller) => {
    const arn = templateResource(caller, resourceArn);
    requireTopic(topicArn);
    await store.transaction(async (tables) => {
      const { id } = await requireTemplate(tables, caller, arn, resourceArn);
      if (!(await tables.eventSubscriptions.delete(caller.scope, id, topicArn, event))) {
        throw noSuchEntity(
          'SNS_TOPIC_DOES_NOT_EXIST',
          `The topic ${topicArn} is not subscribed to ${event} of this template`,
        );
      }
    });
    return {};
  };
