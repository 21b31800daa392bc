import { lookup } from 'node:dns/promises';
import { amazonSns, mappedToSns, type SnsEndpoint } from '../../delivery/amazon-sns.ts';
import type { Send, TopicSecrets } from '../../delivery/delivery.ts';
import { type MailServer, mail } from '../../delivery/mail.ts';
import { slack } from '../../delivery/slack.ts';
import { snsHttp } from '../../delivery/sns-http.ts';
import { standardWebhooks } from '../../delivery/standard-webhooks.ts';
import type { DeliverDeps } from '../../engine/jobs/deliver.ts';
import type { SecretBox } from '../../store/database/secret-box.ts';
import { type Topic, topicPurpose } from '../../store/tables/topics.ts';
import type { SnsIdentity } from './sns-identity.ts';

export interface EventSenderDeps {
  readonly secrets: SecretBox;
  readonly now: () => number;
  readonly identity: () => Promise<SnsIdentity>;
  /** What receivers reach the server by, without a slash at its end. */
  readonly serverUrl: () => string;
  /** Where topics that are mapped to no address are published; nowhere unless given. */
  readonly sns?: SnsEndpoint;
  readonly mailServer?: MailServer;
}

/** Sends events to wherever their topic is mapped. */
export function createEventSender({
  secrets,
  now,
  identity,
  serverUrl,
  sns,
  mailServer,
}: EventSenderDeps): Pick<DeliverDeps, 'send' | 'sendUnmapped'> {
  const post = {
    resolve: (name: string) => lookup(name, { all: true }),
    timeout: (milliseconds: number) => AbortSignal.timeout(milliseconds),
  };
  const signer = async () => {
    const { privateKey, certificate } = await identity();
    return { privateKey, certificateUrl: `${serverUrl()}/sns/${certificate.name}` };
  };
  const publish = amazonSns(post);
  const senders: Record<Topic['format'], Send> = {
    SNS: snsHttp({ ...post, signer, serverUrl }),
    STANDARD_WEBHOOKS: standardWebhooks({ ...post, now }),
    SLACK: slack(post),
    MAIL: mail(post, mailServer),
    AMAZON_SNS: mappedToSns(publish),
  };
  const send: DeliverDeps['send'] = async (scope, topic, delivery, stop) => {
    const sender = senders[topic.format];
    const opened: TopicSecrets =
      topic.secrets === null ? {} : JSON.parse(secrets.open(topic.secrets, topicPurpose(scope, topic.arn)));
    const { messageId, event, message, happenedAt } = delivery;
    return sender({ ...topic, secrets: opened }, { topicArn: topic.arn, messageId, event, message, happenedAt }, stop);
  };
  return {
    send,
    ...(sns && {
      sendUnmapped: (topicArn, { messageId, event, message, happenedAt }, stop) =>
        publish(sns, { topicArn, messageId, event, message, happenedAt }, stop),
    }),
  };
}
