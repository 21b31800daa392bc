import { createVerify, X509Certificate } from 'node:crypto';
import https from 'node:https';
import { Readable } from 'node:stream';
import { DescribeAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import MessageValidator from 'sns-validator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type EventReceiver, startReceiver, untilReceived } from '../../support/event-receiver.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given, startRun } from '../../support/scenario.ts';
import { useServer } from '../../support/use-server.ts';

const PUBLIC = 'https://assay.example';
const server = useServer({ jobs: true, service: { publicUrl: PUBLIC } });
const topic = (name: string): string => `arn:aws:sns:us-east-1:123456789012:${name}`;
let receiver: EventReceiver;

beforeAll(async () => {
  receiver = await startReceiver();
  // The validator gets the certificate from where the message says: from the server that the test talks to.
  vi.spyOn(https, 'get').mockImplementation(((url: string, done: (answer: unknown) => void) => {
    void fetch(url.replace(PUBLIC, server().endpoint)).then(async (answer) =>
      done(Object.assign(Readable.from([Buffer.from(await answer.arrayBuffer())]), { statusCode: answer.status })),
    );
    return { on: () => undefined };
  }) as never);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await receiver.stop();
});

const validated = (body: string): Promise<Record<string, string>> =>
  new Promise((resolve, reject) =>
    new MessageValidator(/^assay\.example$/).validate(body, (error, message) =>
      error ? reject(error) : resolve(message as Record<string, string>),
    ),
  );

async function call(operation: string, input: unknown) {
  const reply = await rawRequest(server(), operation, input);
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
}

async function subscribe(resourceArn: string, event: string, name: string): Promise<void> {
  await call('SubscribeToEvent', { resourceArn, event, topicArn: topic(name) });
}

async function ended(arn: string) {
  for (;;) {
    const { assessmentRuns } = await server()
      .client()
      .send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
    const run = given(given(assessmentRuns)[0]);
    if (run.completedAt) return run;
  }
}

const notificationsOf = async (arn: string, count: number) => {
  for (;;) {
    const { notifications = [] } = await ended(arn);
    if (notifications.length >= count) return notifications;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

test.each([1, 2])('a run’s events arrive as SNS sends them, in order, under signature version %i', async (version) => {
  receiver.received.length = 0;
  const name = `whole-${version}`;
  const mapped = await call('MapTopic', {
    ...{ topicArn: topic(name), url: receiver.url, allowPrivate: true, signatureVersion: version },
    headers: [{ name: 'authorization', value: 'Bearer quiet' }],
  });
  expect(mapped).toMatchObject({ topic: { headers: ['authorization'], format: 'SNS' } });
  expect(JSON.stringify(mapped)).not.toContain('quiet');

  // A receiver of the original confirms first.
  await untilReceived(receiver, 1);
  const confirmation = await validated(given(receiver.received[0]).body);
  expect(confirmation.Type).toBe('SubscriptionConfirmation');
  const confirmed = await fetch(given(confirmation.SubscribeURL).replace(PUBLIC, server().endpoint));
  expect(await confirmed.text()).toContain(`<SubscriptionArn>${topic(name)}:`);

  const template = await createTemplate(server().client(), await createTarget(server().client()));
  for (const event of ['ASSESSMENT_RUN_STATE_CHANGED', 'ASSESSMENT_RUN_STARTED', 'ASSESSMENT_RUN_COMPLETED'])
    await subscribe(template, event, name);
  const run = await startRun(server().client(), template);
  const { stateChanges = [] } = await ended(run);
  const changes = stateChanges.slice(1).map(({ state }) => state);
  await untilReceived(receiver, 1 + changes.length + 2);

  const messages = await Promise.all(receiver.received.slice(1).map(({ body }) => validated(body)));
  expect(messages.every(({ SignatureVersion }) => SignatureVersion === String(version))).toBe(true);
  expect(new Set(messages.map(({ MessageId }) => MessageId)).size).toBe(messages.length);
  const told = messages.map(({ Message }) => JSON.parse(given(Message)) as Record<string, string>);
  expect(told.flatMap(({ newstate }) => newstate ?? [])).toEqual(changes);
  expect(told.at(-1)).toEqual({
    event: 'ASSESSMENT_RUN_COMPLETED',
    run,
    template,
    target: template.slice(0, template.indexOf('/template/')),
    time: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(given(receiver.received.at(-1)).headers).toMatchObject({
    authorization: 'Bearer quiet',
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-topic-arn': topic(name),
    'x-amz-sns-message-id': messages.at(-1)?.MessageId,
    'x-amz-sns-subscription-arn': expect.stringMatching(`^${topic(name)}:[0-9a-f-]{36}$`),
  });
  const notifications = await notificationsOf(run, told.length);
  expect(notifications.map(({ snsPublishStatusCode, error }) => [snsPublishStatusCode, error])).toEqual(
    told.map(() => ['SUCCESS', false]),
  );
  expect(notifications.map(({ message }) => message)).toEqual(messages.map(({ Message }) => Message));

  // Its receiver ends the subscription by the link, and is told so.
  const unsubscribed = await fetch(given(messages[0]?.UnsubscribeURL).replace(PUBLIC, server().endpoint));
  expect(unsubscribed.status).toBe(200);
  await untilReceived(receiver, 1 + told.length + 1);
  const farewell = given(receiver.received.at(-1)).sns;
  expect(farewell.Type).toBe('UnsubscribeConfirmation');
  const pem = await (await fetch(given(farewell.SigningCertURL).replace(PUBLIC, server().endpoint))).text();
  const signed = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const verify = createVerify(version === 1 ? 'RSA-SHA1' : 'RSA-SHA256');
  for (const member of signed) verify.update(`${member}\n${farewell[member]}\n`);
  expect(verify.verify(new X509Certificate(pem).publicKey, given(farewell.Signature), 'base64')).toBe(true);
});

test('one event has one MessageId, whoever is told of it', async () => {
  receiver.received.length = 0;
  const template = await createTemplate(server().client(), await createTarget(server().client()));
  for (const name of ['one', 'other']) {
    await call('MapTopic', { topicArn: topic(name), url: receiver.url, allowPrivate: true });
    await subscribe(template, 'ASSESSMENT_RUN_COMPLETED', name);
  }
  await startRun(server().client(), template);
  await untilReceived(receiver, 4);
  const completed = receiver.received.filter(({ sns }) => sns.Type === 'Notification');
  expect(completed.map(({ sns }) => sns.TopicArn).toSorted()).toEqual([topic('one'), topic('other')]);
  expect(new Set(completed.map(({ sns }) => sns.MessageId)).size).toBe(1);
});

test('a topic that is mapped to no address is noted with the run as one that does not exist', async () => {
  const template = await createTemplate(server().client(), await createTarget(server().client()));
  await subscribe(template, 'ASSESSMENT_RUN_COMPLETED', 'nowhere');
  const [notification] = await notificationsOf(await startRun(server().client(), template), 1);
  expect(notification).toMatchObject({
    ...{ error: true, snsPublishStatusCode: 'TOPIC_DOES_NOT_EXIST', snsTopicArn: topic('nowhere') },
    message: 'Not delivered: The topic is mapped to no address: assay topics map',
  });
});

test('links of SNS messages take nothing but their token', async () => {
  for (const query of [
    '',
    'Action=ConfirmSubscription',
    `Action=Unsubscribe&Token=${'0'.repeat(64)}`,
    'Action=Other&Token=x',
  ])
    expect((await fetch(`${server().endpoint}/sns?${query}`)).status, query).toBe(400);
  expect((await fetch(`${server().endpoint}/sns/other.pem`)).status).toBe(404);
});
