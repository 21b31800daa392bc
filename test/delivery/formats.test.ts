import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { slack } from '../../packages/server/src/delivery/slack.ts';
import { standardWebhooks } from '../../packages/server/src/delivery/standard-webhooks.ts';
import { type EventReceiver, startReceiver } from '../support/event-receiver.ts';
import { given } from '../support/scenario.ts';

let receiver: EventReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

const never = new AbortController().signal;
const post = { resolve: async () => [], timeout: () => never };
const signingSecret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
const address = () => ({
  ...{ url: receiver.url, allowPrivate: true, signatureVersion: 1 as const, secrets: { signingSecret }, token: 't' },
});
const outgoing = {
  messageId: '11111111-1111-8111-8111-111111111111',
  topicArn: 'arn:aws:sns:us-east-1:123456789012:t',
  event: 'ASSESSMENT_RUN_STATE_CHANGED',
  message: JSON.stringify({ event: 'ASSESSMENT_RUN_STATE_CHANGED', newstate: 'COMPLETED', run: 'arn:<&>' }),
  happenedAt: Date.UTC(2026, 0, 2),
};

test('a Standard Webhook is signed over its id, the time of the attempt and its body', async () => {
  const send = standardWebhooks({ ...post, now: () => 1_800_000_000_500 });
  expect(await send(address(), outgoing, never)).toEqual({ delivered: true });
  const { headers, body } = given(receiver.received.at(-1));
  expect(JSON.parse(body)).toEqual({
    type: 'ASSESSMENT_RUN_STATE_CHANGED',
    timestamp: '2026-01-02T00:00:00.000Z',
    data: { event: 'ASSESSMENT_RUN_STATE_CHANGED', newstate: 'COMPLETED', run: 'arn:<&>' },
  });
  const signed = `${outgoing.messageId}.1800000000.${body}`;
  expect(headers).toMatchObject({
    'webhook-id': outgoing.messageId,
    'webhook-timestamp': '1800000000',
    'webhook-signature': `v1,${createHmac('sha256', 'a secret of some length').update(signed).digest('base64')}`,
  });
});

test('Slack gets the event in words, with nothing in it that it would read as markup', async () => {
  expect(await slack(post)(address(), outgoing, never)).toEqual({ delivered: true });
  expect(JSON.parse(given(receiver.received.at(-1)).body)).toEqual({
    text: '*Assessment run state changed*\nnewstate: COMPLETED\nrun: arn:&lt;&amp;&gt;',
  });
});
