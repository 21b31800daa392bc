/** A run's events go to Amazon SNS and by mail: to what answers as they do, on loopback. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EventReceiver, startReceiver, untilReceived } from '../../support/event-receiver.ts';
import { type MailReceiver, startMailReceiver } from '../../support/mail-receiver.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given, startRun } from '../../support/scenario.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let sns: EventReceiver;
let mail: MailReceiver;
let server: TestServer;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  [sns, mail] = await Promise.all([startReceiver(), startMailReceiver()]);
  sns.answer = (response) =>
    response.end('<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>');
  server = await startTestServer({
    service: {
      sns: { url: sns.url.replace('/events', ''), allowPrivate: true },
      mailServer: { url: mail.url, from: 'assay@example.com' },
    },
  });
});
afterAll(async () => {
  await server.stop();
  await Promise.all([sns.stop(), mail.stop()]);
  vi.unstubAllEnvs();
});

const topic = (name: string): string => `arn:aws:sns:eu-west-1:123456789012:${name}`;

async function call(operation: string, input: unknown) {
  const reply = await rawRequest(server, operation, input);
  expect(reply.status, reply.text).toBe(200);
  return reply.body as Record<string, unknown>;
}

test('a topic that nobody mapped is published to Amazon SNS, and one that is mapped to a mailbox is mailed', async () => {
  expect(await call('MapTopic', { topicArn: topic('mailed'), url: 'mailto:security@example.com' })).toMatchObject({
    topic: { format: 'MAIL', url: 'mailto:security@example.com' },
  });
  const template = await createTemplate(server.client(), await createTarget(server.client()));
  for (const name of ['published', 'mailed']) {
    await call('SubscribeToEvent', { resourceArn: template, event: 'ASSESSMENT_RUN_COMPLETED', topicArn: topic(name) });
  }
  const run = await startRun(server.client(), template);
  await untilReceived(sns, 1);
  const published = new URLSearchParams(given(sns.received[0]).body);
  expect(published.get('TopicArn')).toBe(topic('published'));
  expect(JSON.parse(published.get('Message') ?? '')).toMatchObject({ event: 'ASSESSMENT_RUN_COMPLETED', run });
  await vi.waitFor(() => expect(mail.received).toHaveLength(1), { timeout: 10_000 });
  expect(given(mail.received[0]).to).toBe('security@example.com');
  await vi.waitFor(
    async () => {
      const { assessmentRuns } = await call('DescribeAssessmentRuns', { assessmentRunArns: [run] });
      const [{ notifications } = { notifications: [] }] = assessmentRuns as { notifications: unknown[] }[];
      expect(notifications).toHaveLength(2);
      expect(notifications).toEqual(
        notifications.map(() => expect.objectContaining({ error: false, snsPublishStatusCode: 'SUCCESS' })),
      );
    },
    { timeout: 10_000 },
  );
});

test.each([
  ['mailto:a@example.com,b@example.com'],
  ['mailto:a@example.com?bcc=b@example.com'],
  ['mailto:a%0d%0aBcc:b@example.com'],
  ['mailto:'],
  ['smtp://example.com'],
])('%s is refused', async (url) => {
  const reply = await rawRequest(server, 'MapTopic', { topicArn: topic('refused'), url });
  expect(reply.status).toBe(400);
});

test('an endpoint of Amazon SNS asks for its format by itself, and takes no headers', async () => {
  const url = 'https://sns.eu-west-1.amazonaws.com';
  expect(await call('MapTopic', { topicArn: topic('mapped'), url })).toMatchObject({ topic: { format: 'AMAZON_SNS' } });
  const headers = [{ name: 'x-one', value: '1' }];
  expect((await rawRequest(server, 'MapTopic', { topicArn: topic('mapped'), url, headers })).status).toBe(400);
});
