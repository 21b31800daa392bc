import type { AssayEvent, Topic as TopicShape } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { TopicSecrets } from '../../delivery/delivery.ts';
import type { SecretBox } from '../../store/database/secret-box.ts';
import { type Topic, topicPurpose } from '../../store/tables/topics.ts';

/** A topic as the API describes it: with the names of its headers alone. */
export function topicItem(secrets: SecretBox, scope: number, topic: Topic, waiting: number): Static<typeof TopicShape> {
  const time = (name: string, at: number | null) => (at === null ? {} : { [name]: at / 1000 });
  const opened: TopicSecrets =
    topic.secrets === null ? {} : JSON.parse(secrets.open(topic.secrets, topicPurpose(scope, topic.arn)));
  return {
    topicArn: topic.arn,
    url: topic.url,
    format: topic.format,
    allowPrivate: topic.allowPrivate,
    signatureVersion: topic.signatureVersion,
    events: [...topic.events] as Static<typeof AssayEvent>[],
    headers: Object.keys(opened.headers ?? {}),
    mappedAt: topic.mappedAt / 1000,
    waiting,
    ...time('confirmedAt', topic.confirmedAt),
    ...time('lastTriedAt', topic.lastTriedAt),
    ...time('lastDeliveredAt', topic.lastDeliveredAt),
    ...(topic.lastError === null ? {} : { lastError: topic.lastError }),
  };
}
