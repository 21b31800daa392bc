import { ListEventSubscriptionsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate, given } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const topic = (name: string): string => `arn:aws:sns:us-east-1:123456789012:${name}`;
let [template, other] = ['', ''];
beforeAll(async () => {
  const target = await createTarget(server().client());
  template = await createTemplate(server().client(), target);
  other = await createTemplate(server().client(), target);
  for (const name of ['a', 'b', 'c']) await subscribe(template, name, 'OTHER');
  for (const name of ['c', 'd']) await subscribe(other, name, 'OTHER');
  // A later event of the oldest topic does not move it.
  await subscribe(template, 'a', 'FINDING_REPORTED');
});
const subscribe = async (resourceArn: string, name: string, event: string): Promise<void> => {
  const reply = await rawRequest(server(), 'SubscribeToEvent', { resourceArn, topicArn: topic(name), event });
  expect(reply.status, reply.text).toBe(200);
};
const list = async (input: object) =>
  given((await server().client().send(new ListEventSubscriptionsCommand(input))).subscriptions);

describeSerialization('ListEventSubscriptions', server);

describe('validation', () => {
  testReferences({
    operation: 'ListEventSubscriptions',
    kind: 'template',
    server,
    own: () => template,
    input: (resourceArn) => ({ resourceArn }),
    invalid: 'INVALID_RESOURCE_ARN',
  });
  testPages({
    operation: 'ListEventSubscriptions',
    items: 'subscriptions',
    server,
    input: () => ({ resourceArn: template }),
    otherInput: () => ({ resourceArn: other }),
  });
  testPages({
    operation: 'ListEventSubscriptions',
    items: 'subscriptions',
    server,
    input: () => ({}),
    otherInput: () => ({ resourceArn: other }),
  });
});

describe('behaviour', () => {
  test('a topic’s events are one item, the topic subscribed last first, events by their time', async () => {
    const subscriptions = await list({ resourceArn: template });
    expect(subscriptions.map(({ topicArn }) => topicArn)).toEqual([topic('c'), topic('b'), topic('a')]);
    expect(new Set(subscriptions.map(({ resourceArn }) => resourceArn))).toEqual(new Set([template]));
    const events = given(subscriptions[2]?.eventSubscriptions);
    expect(events.map(({ event }) => event)).toEqual(['OTHER', 'FINDING_REPORTED']);
    const [first, second] = events.map(({ subscribedAt }) => given(subscribedAt).getTime());
    expect(given(second)).toBeGreaterThan(given(first));
  });
  test('without a resource, those of every template: the same topic once a template', async () => {
    const subscriptions = await list({});
    expect(subscriptions.map(({ resourceArn, topicArn }) => [resourceArn === template, topicArn])).toEqual([
      [false, topic('d')],
      [false, topic('c')],
      [true, topic('c')],
      [true, topic('b')],
      [true, topic('a')],
    ]);
  });
  test('a template without subscriptions has an empty list', async () => {
    const bare = await createTemplate(server().client(), template.replace(/\/template\/.*/, ''));
    const { body } = await rawRequest(server(), 'ListEventSubscriptions', { resourceArn: bare });
    expect(body).toEqual({ subscriptions: [] });
  });
  test('other accounts and regions have none', async () => {
    const key = await server().addKey('AKIDNOBODYELSE', '210987654321');
    for (const options of [{ key }, { region: 'eu-west-1' }]) {
      expect((await rawRequest(server(), 'ListEventSubscriptions', {}, options)).body).toEqual({ subscriptions: [] });
    }
  });
});
