import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { amazonSns } from '../../packages/server/src/delivery/amazon-sns.ts';
import { type EventReceiver, startReceiver } from '../support/event-receiver.ts';
import { given } from '../support/scenario.ts';

/** Answers as Amazon SNS does. */
let sns: EventReceiver;
beforeAll(async () => {
  sns = await startReceiver();
});
afterAll(() => sns.stop());
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  sns.received.length = 0;
  sns.answer = (response) =>
    response.end(
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
    );
});
afterEach(() => vi.unstubAllEnvs());

const never = new AbortController().signal;
const publish = amazonSns({
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  timeout: () => AbortSignal.timeout(5000),
});
const endpoint = () => ({ url: sns.url.replace('/events', ''), allowPrivate: true });
const outgoing = (topic = 'security') => ({
  messageId: '11111111-1111-8111-8111-111111111111',
  topicArn: `arn:aws:sns:eu-central-1:123456789012:${topic}`,
  event: 'ASSESSMENT_RUN_COMPLETED',
  message: JSON.stringify({
    event: 'ASSESSMENT_RUN_COMPLETED',
    run: 'arn:aws:inspector:x:y:target/0-A/template/0-B/run/0-C',
  }),
  happenedAt: 0,
});
const published = () => new URLSearchParams(given(sns.received.at(-1)).body);
const error = (status: number, code: string) => {
  sns.answer = (response) =>
    response
      .writeHead(status)
      .end(
        `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>told why</Message></Error></ErrorResponse>`,
      );
};

test('an event is published to its topic, signed for the topic’s region', async () => {
  expect(await publish(endpoint(), outgoing(), never)).toEqual({ delivered: true });
  expect(Object.fromEntries(published())).toMatchObject({
    Action: 'Publish',
    TopicArn: 'arn:aws:sns:eu-central-1:123456789012:security',
    Message: outgoing().message,
  });
  expect(published().has('MessageGroupId')).toBe(false);
  expect(given(sns.received.at(-1)).headers.authorization).toContain('/eu-central-1/sns/aws4_request');
});

test('a FIFO topic gets the events of a run in order, and each once', async () => {
  expect(await publish(endpoint(), outgoing('security.fifo'), never)).toEqual({ delivered: true });
  expect(Object.fromEntries(published())).toMatchObject({
    MessageGroupId: '0-C',
    MessageDeduplicationId: '11111111-1111-8111-8111-111111111111',
  });
});

test.each([
  [404, 'NotFound', 'TOPIC_DOES_NOT_EXIST'],
  [403, 'AuthorizationError', 'ACCESS_DENIED'],
  [403, 'InvalidClientTokenId', 'ACCESS_DENIED'],
  [403, 'SignatureDoesNotMatch', 'ACCESS_DENIED'],
  [400, 'Throttled', 'INTERNAL_ERROR'],
  [500, 'InternalError', 'INTERNAL_ERROR'],
])('an answer of %i %s', async (status, code, expected) => {
  error(status, code);
  expect(await publish(endpoint(), outgoing(), never)).toMatchObject({ delivered: false, status: expected });
  expect(sns.received).toHaveLength(1);
});

test('an endpoint in a private network is refused unless it is allowed', async () => {
  expect(await publish({ ...endpoint(), allowPrivate: false }, outgoing(), never)).toMatchObject({
    status: 'ACCESS_DENIED',
    error: expect.stringContaining('to which events are not sent'),
  });
  expect(sns.received).toEqual([]);
});

test('an answer that is none of SNS, and none at all, are failures to try again', async () => {
  sns.answer = (response) => response.end('<html>');
  expect(await publish(endpoint(), outgoing(), never)).toMatchObject({ delivered: false });
  expect(await publish({ url: 'http://127.0.0.1:1', allowPrivate: true }, outgoing(), never)).toMatchObject({
    delivered: false,
    status: 'INTERNAL_ERROR',
  });
});
