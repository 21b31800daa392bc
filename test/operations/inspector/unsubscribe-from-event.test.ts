import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer({ limits: { targets: 1000, templates: 1000 } });
const topicArn = 'arn:aws:sns:us-east-1:123456789012:topic';
let template = '';
beforeEach(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
  for (const event of ['OTHER', 'FINDING_REPORTED']) await send('SubscribeToEvent', { event });
});
const send = (operation: 'SubscribeToEvent' | 'UnsubscribeFromEvent', more: object) =>
  rawRequest(server(), operation, { resourceArn: template, event: 'OTHER', topicArn, ...more });
const listed = async (): Promise<unknown> =>
  (
    (await rawRequest(server(), 'ListEventSubscriptions', { resourceArn: template })).body.subscriptions as {
      eventSubscriptions: { event: string }[];
    }[]
  ).map(({ eventSubscriptions }) => eventSubscriptions.map(({ event }) => event));

describeSerialization('UnsubscribeFromEvent', server);

describe('validation', () => {
  testReferences({
    operation: 'UnsubscribeFromEvent',
    kind: 'template',
    server,
    own: () => template,
    input: (resourceArn) => ({ resourceArn, event: 'OTHER', topicArn }),
    invalid: 'INVALID_RESOURCE_ARN',
  });
  test('what is no topic is INVALID_SNS_TOPIC_ARN', async () => {
    const reply = await send('UnsubscribeFromEvent', { topicArn: 'topic' });
    expect(errorOf(reply)).toBe('InvalidInputException INVALID_SNS_TOPIC_ARN');
  });
});

describe('behaviour', () => {
  test('the one event ends, then the topic goes from the list', async () => {
    expect((await send('UnsubscribeFromEvent', {})).text).toBe('{}');
    expect(await listed()).toEqual([['FINDING_REPORTED']]);
    await send('UnsubscribeFromEvent', { event: 'FINDING_REPORTED' });
    expect(await listed()).toEqual([]);
  });
  test.each([
    ['another event', { event: 'ASSESSMENT_RUN_STARTED' }],
    ['another topic', { topicArn: `${topicArn}2` }],
    ['a topic in other letters', { topicArn: topicArn.replace('topic', 'Topic') }],
  ])('%s that is not subscribed is SNS_TOPIC_DOES_NOT_EXIST', async (_name, more) => {
    expect(errorOf(await send('UnsubscribeFromEvent', more))).toBe('NoSuchEntityException SNS_TOPIC_DOES_NOT_EXIST');
    expect(await listed()).toEqual([['OTHER', 'FINDING_REPORTED']]);
  });
  test('ending it twice is SNS_TOPIC_DOES_NOT_EXIST the second time', async () => {
    await send('UnsubscribeFromEvent', {});
    expect(errorOf(await send('UnsubscribeFromEvent', {}))).toBe('NoSuchEntityException SNS_TOPIC_DOES_NOT_EXIST');
  });
  test('another template keeps its own', async () => {
    const first = template;
    template = await createTemplate(server().client(), first.replace(/\/template\/.*/, ''));
    await send('SubscribeToEvent', {});
    await send('UnsubscribeFromEvent', { resourceArn: first });
    expect(await listed()).toEqual([['OTHER']]);
  });
});
