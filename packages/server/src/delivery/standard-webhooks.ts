import { createHmac } from 'node:crypto';
import { failed, type Send } from './delivery.ts';
import { type PostDeps, post } from './post.ts';

export interface StandardWebhooksDeps extends PostDeps {
  /** Milliseconds since the epoch: receivers refuse what was signed long ago. */
  readonly now: () => number;
}

/** A POST as Standard Webhooks has it. Source: https://www.standardwebhooks.com, version 1.0. */
export const standardWebhooks =
  (deps: StandardWebhooksDeps): Send =>
  async (address, { messageId, event, message, happenedAt }, stop) => {
    const { signingSecret } = address.secrets;
    if (signingSecret === undefined)
      return failed('INTERNAL_ERROR', 'The topic has no secret to sign with; map it again');
    const body = JSON.stringify({
      type: event,
      timestamp: new Date(happenedAt).toISOString(),
      data: JSON.parse(message) as unknown,
    });
    const seconds = Math.floor(deps.now() / 1000);
    const key = Buffer.from(signingSecret.replace(/^whsec_/, ''), 'base64');
    const signature = createHmac('sha256', key).update(`${messageId}.${seconds}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Assay',
      'webhook-id': messageId,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${signature}`,
    };
    return post(deps, address, { headers, body }, stop);
  };
