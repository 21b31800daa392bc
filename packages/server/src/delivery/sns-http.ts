import { createHash } from 'node:crypto';
import type { Address, Outgoing, Send } from './delivery.ts';
import { type PostDeps, post } from './post.ts';
import { type SnsMessage, type SnsSigner, signSnsMessage } from './sns-message.ts';

export interface SnsHttpDeps extends PostDeps {
  readonly signer: () => Promise<SnsSigner>;
  /** What the server is reached by, without a slash at its end. */
  readonly serverUrl: () => string;
}

/** A POST as Amazon SNS makes it: handlers that were written for SNS take it as it is. */
export const snsHttp =
  (deps: SnsHttpDeps): Send =>
  async (address, outgoing, stop) => {
    const message = messageOf(deps.serverUrl(), address, outgoing);
    const body = signSnsMessage(message, address.signatureVersion, await deps.signer());
    const headers = {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-id': outgoing.messageId,
      'x-amz-sns-message-type': message.Type,
      'x-amz-sns-topic-arn': outgoing.topicArn,
      ...(message.Type === 'SubscriptionConfirmation'
        ? {}
        : { 'x-amz-sns-subscription-arn': subscriptionArn(outgoing.topicArn, address.token) }),
    };
    return post(deps, address, { headers, body: JSON.stringify(body) }, stop);
  };

/** The ARN of the one subscription that a mapped topic has. */
export function subscriptionArn(topicArn: string, token: string): string {
  const hex = createHash('sha256').update(`${topicArn}\n${token}`).digest('hex');
  const [a, b, c, d, e] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `${topicArn}:${a}-${b}-${c}-${d}-${e}`;
}

function messageOf(server: string, { token }: Address, outgoing: Outgoing): SnsMessage {
  const { topicArn, event, message } = outgoing;
  const link = (members: Readonly<Record<string, string>>): string => `${server}/sns?${new URLSearchParams(members)}`;
  const common = {
    MessageId: outgoing.messageId,
    TopicArn: topicArn,
    Message: message,
    Timestamp: new Date(outgoing.happenedAt).toISOString(),
  };
  if (event === 'SubscriptionConfirmation' || event === 'UnsubscribeConfirmation') {
    const SubscribeURL = link({ Action: 'ConfirmSubscription', TopicArn: topicArn, Token: token });
    return { Type: event, ...common, Token: token, SubscribeURL };
  }
  const SubscriptionArn = subscriptionArn(topicArn, token);
  return {
    Type: 'Notification',
    ...common,
    UnsubscribeURL: link({ Action: 'Unsubscribe', SubscriptionArn, Token: token }),
  };
}
