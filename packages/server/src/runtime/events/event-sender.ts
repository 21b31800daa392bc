import { lookup } from 'node:dns/promises';
import { failed, type Send, type TopicSecrets } from '../../delivery/delivery.ts';
import { snsHttp } from '../../delivery/sns-http.ts';
import type { DeliverDeps } from '../../engine/jobs/deliver.ts';
import type { SecretBox } from '../../store/database/secret-box.ts';
import { type Topic, topicPurpose } from '../../store/tables/topics.ts';
import type { SnsIdentity } from './sns-identity.ts';

export interface EventSenderDeps {
  readonly secrets: SecretBox;
  readonly identity: () => Promise<SnsIdentity>;
  /** What receivers reach the server by, without a slash at its end. */
  readonly serverUrl: () => string;
}

/** Sends events to wherever their topic is mapped. */
export function createEventSender({ secrets, identity, serverUrl }: EventSenderDeps): DeliverDeps['send'] {
  const post = {
    resolve: (name: string) => lookup(name, { all: true }),
    timeout: (milliseconds: number) => AbortSignal.timeout(milliseconds),
  };
  const signer = async () => {
    const { privateKey, certificate } = await identity();
    return { privateKey, certificateUrl: `${serverUrl()}/sns/${certificate.name}` };
  };
  const senders: Partial<Record<Topic['format'], Send>> = { SNS: snsHttp({ ...post, signer, serverUrl }) };
  return async (scope, topic, delivery, stop) => {
    const send = senders[topic.format];
    if (!send) return failed('INTERNAL_ERROR', `This server does not know the format ${topic.format}`);
    const opened: TopicSecrets =
      topic.secrets === null ? {} : JSON.parse(secrets.open(topic.secrets, topicPurpose(scope, topic.arn)));
    const { messageId, event, message, happenedAt } = delivery;
    return send({ ...topic, secrets: opened }, { topicArn: topic.arn, messageId, event, message, happenedAt }, stop);
  };
}
