import { SubscribeToEventCommand } from '@aws-sdk/client-inspector';
import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer({ limits: { eventSubscriptions: 6, targets: 1000, templates: 1000 } });
let template = '';
beforeEach(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
});
const topic = (name: string): string => `arn:aws:sns:us-east-1:123456789012:${name}`;
const subscribe = (event: string, topicArn: string, resourceArn = template) =>
  rawRequest(server(), 'SubscribeToEvent', { resourceArn, event, topicArn });
async function listed(): Promise<Record<string, string[]>> {
  const { body } = await rawRequest(server(), 'ListEventSubscriptions', { resourceArn: template });
  const subscriptions = body.subscriptions as { topicArn: string; eventSubscriptions: { event: string }[] }[];
  return Object.fromEntries(
    subscriptions.map(({ topicArn, eventSubscriptions }) => [topicArn, eventSubscriptions.map(({ event }) => event)]),
  );
}

describeSerialization('SubscribeToEvent', server);

describe('validation', () => {
  testReferences({
    operation: 'SubscribeToEvent',
    kind: 'template',
    server,
    own: () => template,
    input: (resourceArn) => ({ resourceArn, event: 'OTHER', topicArn: topic('t') }),
    invalid: 'INVALID_RESOURCE_ARN',
  });
  test.each([
    'topic',
    'arn:aws:sns:us-east-1:123456789012:',
    'arn:aws:sns:us-east-1:123456789012:a:b',
    'arn:aws:sns:us-east-1:123456789012:a/b',
    'arn:aws:sns:us-east-1:1234567890:a',
    'arn:aws:sqs:us-east-1:123456789012:a',
    'arn:aws:sns:us-east-1:123456789012:a\n',
    `arn:aws:sns:us-east-1:123456789012:${'a'.repeat(257)}`,
  ])('%j is INVALID_SNS_TOPIC_ARN', async (arn) => {
    expect(errorOf(await subscribe('OTHER', arn))).toBe('InvalidInputException INVALID_SNS_TOPIC_ARN');
  });
  test('form comes before existence, and the resource before the topic', async () => {
    const gone = template.replace(/.$/, template.endsWith('a') ? 'b' : 'a');
    expect(errorOf(await subscribe('OTHER', 'topic', gone))).toBe('InvalidInputException INVALID_SNS_TOPIC_ARN');
    expect(errorOf(await subscribe('OTHER', 'topic', 'x'))).toBe('InvalidInputException INVALID_RESOURCE_ARN');
  });
});

describe('behaviour', () => {
  test('every event, of topics of other regions, accounts and partitions, and of FIFO topics', async () => {
    const events = [
      'ASSESSMENT_RUN_STARTED',
      'ASSESSMENT_RUN_COMPLETED',
      'ASSESSMENT_RUN_STATE_CHANGED',
      'FINDING_REPORTED',
      'OTHER',
    ] as const;
    for (const event of events) {
      await server()
        .client()
        .send(new SubscribeToEventCommand({ resourceArn: template, event, topicArn: topic('all') }));
    }
    const elsewhere = 'arn:aws-cn:sns:cn-north-1:210987654321:other_-x.fifo';
    expect((await subscribe('OTHER', elsewhere)).text).toBe('{}');
    expect(await listed()).toEqual({ [topic('all')]: events, [elsewhere]: ['OTHER'] });
  });
  test('asking for what is subscribed already succeeds and changes nothing', async () => {
    await subscribe('OTHER', topic('t'));
    const input = { resourceArn: template };
    const before = (await rawRequest(server(), 'ListEventSubscriptions', input)).body;
    expect((await subscribe('OTHER', topic('t'))).status).toBe(200);
    expect((await rawRequest(server(), 'ListEventSubscriptions', input)).body).toEqual(before);
  });
  test('more than the limit is LimitExceededException; what is there already is none more', async () => {
    for (const name of ['a', 'b', 'c']) {
      for (const event of ['OTHER', 'FINDING_REPORTED']) {
        expect((await subscribe(event, topic(name))).status).toBe(200);
      }
    }
    const refused = await subscribe('OTHER', topic('d'));
    expect(errorOf(refused)).toBe('LimitExceededException EVENT_SUBSCRIPTION_LIMIT_EXCEEDED');
    expect(refused.body.canRetry).toBe(false);
    expect((await subscribe('OTHER', topic('a'))).status).toBe(200);
    // Another template has its own.
    const other = await createTemplate(server().client(), await createTarget(server().client()));
    expect((await subscribe('OTHER', topic('d'), other)).status).toBe(200);
  });
  test('subscriptions go with their template', async () => {
    await subscribe('OTHER', topic('gone'));
    await rawRequest(server(), 'DeleteAssessmentTemplate', { assessmentTemplateArn: template });
    const { text } = await rawRequest(server(), 'ListEventSubscriptions', { maxResults: 500 });
    expect(text).not.toContain(topic('gone'));
    const target = template.replace(/\/template\/.*/, '');
    const second = await createTemplate(server().client(), target);
    await subscribe('OTHER', topic('gone'), second);
    await rawRequest(server(), 'DeleteAssessmentTarget', { assessmentTargetArn: target });
    expect((await rawRequest(server(), 'ListEventSubscriptions', { maxResults: 500 })).text).not.toContain(
      topic('gone'),
    );
  });
});
