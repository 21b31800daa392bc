import { DescribeAssessmentRunsCommand, ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { describe, expect, test } from 'vitest';
import type { RunStep } from '../../../packages/server/src/domain/run-machine.ts';
import { notificationsAfter } from '../../../packages/server/src/engine/runs/run-events.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given, historicRun, startRun } from '../../support/scenario.ts';
import { useServer } from '../../support/use-server.ts';

const topic = (name: string): string => `arn:aws:sns:us-east-1:123456789012:${name}`;

describe('a step of a run', () => {
  const run = historicRun({ target: '0-aaaaaaaa', template: '0-bbbbbbbb', rulesPackages: 1 });
  const events = [
    'ASSESSMENT_RUN_COMPLETED',
    'ASSESSMENT_RUN_STARTED',
    'ASSESSMENT_RUN_STATE_CHANGED',
    'FINDING_REPORTED',
    'OTHER',
  ];
  const subscribed = (to: readonly string[]) => ({
    eventSubscriptions: {
      ofTemplate: async () =>
        to.map((event) => ({
          event,
          topic: topic('t'),
          template: run.template,
          subscribedAt: 1,
          groupAt: 1,
          groupId: 'x',
        })),
    },
  });
  const stepped = async (step: Partial<RunStep>, findings: number, to = events, from = run) => {
    const whole: RunStep = {
      state: 'COLLECTING_DATA',
      effect: { job: 'none' },
      starts: false,
      ends: false,
      collected: false,
      ...step,
    };
    return notificationsAfter(subscribed(to) as never, 1, from, whole, findings, 5);
  };
  const names = async (...args: Parameters<typeof stepped>) => (await stepped(...args)).map(({ event }) => event);

  test('tells of its state, of the start, of the end, and of findings at the end', async () => {
    expect(await names({}, 0)).toEqual(['ASSESSMENT_RUN_STATE_CHANGED']);
    expect(await names({}, 3)).toEqual(['ASSESSMENT_RUN_STATE_CHANGED']);
    expect(await names({ starts: true }, 0)).toEqual(['ASSESSMENT_RUN_STARTED', 'ASSESSMENT_RUN_STATE_CHANGED']);
    expect(await names({ state: 'COMPLETED', ends: true }, 0)).toEqual([
      'ASSESSMENT_RUN_COMPLETED',
      'ASSESSMENT_RUN_STATE_CHANGED',
    ]);
    expect(await names({ state: 'FAILED', ends: true }, 1)).toEqual([
      'ASSESSMENT_RUN_COMPLETED',
      'ASSESSMENT_RUN_STATE_CHANGED',
      'FINDING_REPORTED',
    ]);
  });

  test('tells what is not subscribed nothing', async () => {
    expect(await names({ ends: true }, 1, [])).toEqual([]);
    expect(await names({ ends: true }, 1, ['OTHER'])).toEqual([]);
    expect(await names({ ends: true }, 1, ['FINDING_REPORTED'])).toEqual(['FINDING_REPORTED']);
  });

  test('each says that it was not delivered, as the API has it', async () => {
    const [notification] = await stepped({ state: 'COMPLETED', ends: true }, 0, ['ASSESSMENT_RUN_COMPLETED']);
    expect(notification).toEqual({
      date: 5,
      event: 'ASSESSMENT_RUN_COMPLETED',
      message: expect.stringMatching(/COMPLETED.*not deliver/),
      error: true,
      snsTopicArn: topic('t'),
      snsPublishStatusCode: 'INTERNAL_ERROR',
    });
  });

  test('keeps at most 50, the newest', async () => {
    const before = Array.from({ length: 50 }, (_, at) => ({ date: at, event: 'OTHER', error: true }));
    const kept = await stepped({ starts: true }, 0, events, { ...run, notifications: before });
    expect(kept).toHaveLength(50);
    expect(kept[0]?.date).toBe(2);
    expect(kept.slice(-2).map(({ event }) => event)).toEqual([
      'ASSESSMENT_RUN_STARTED',
      'ASSESSMENT_RUN_STATE_CHANGED',
    ]);
    // Nobody is told: what was stays as it was.
    expect(await stepped({ starts: true }, 0, [], { ...run, notifications: before })).toBe(before);
  });
});

describe('a run from its start to its end', () => {
  const server = useServer({ jobs: true });
  const subscribe = async (resourceArn: string, event: string, name: string): Promise<void> => {
    const reply = await rawRequest(server(), 'SubscribeToEvent', { resourceArn, event, topicArn: topic(name) });
    expect(reply.status, reply.text).toBe(200);
  };
  async function runToItsEnd(template: string) {
    const arn = await startRun(server().client(), template);
    for (;;) {
      const described = await server()
        .client()
        .send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
      const run = given(given(described.assessmentRuns)[0]);
      if (run.completedAt) return run;
    }
  }

  test('records what each topic was not told, in the order in which it happened', async () => {
    const template = await createTemplate(server().client(), await createTarget(server().client()));
    await subscribe(template, 'ASSESSMENT_RUN_STARTED', 'starts');
    await subscribe(template, 'ASSESSMENT_RUN_COMPLETED', 'ends');
    await subscribe(template, 'ASSESSMENT_RUN_STATE_CHANGED', 'states');
    await subscribe(template, 'FINDING_REPORTED', 'findings');
    const { notifications = [], stateChanges = [], completedAt } = await runToItsEnd(template);
    const to = (name: string) => notifications.filter(({ snsTopicArn }) => snsTopicArn === topic(name));
    expect(to('starts')).toHaveLength(1);
    expect(to('ends').map(({ date }) => date)).toEqual([completedAt]);
    expect(to('findings')).toEqual([]);
    // All but the first state, which is no change.
    expect(to('states').map(({ date }) => date)).toEqual(
      stateChanges.slice(1).map(({ stateChangedAt }) => stateChangedAt),
    );
    const dates = notifications.map(({ date }) => given(date).getTime());
    expect(dates).toEqual(dates.toSorted((one, other) => one - other));
    expect(
      notifications.every(({ error, snsPublishStatusCode }) => error && snsPublishStatusCode === 'INTERNAL_ERROR'),
    ).toBe(true);
  });

  test('keeps the newest 50 of many topics', async () => {
    const template = await createTemplate(server().client(), await createTarget(server().client()));
    for (let at = 0; at < 20; at++) await subscribe(template, 'ASSESSMENT_RUN_STATE_CHANGED', `topic-${at}`);
    const { notifications = [], completedAt, stateChanges = [] } = await runToItsEnd(template);
    expect(stateChanges.length * 20).toBeGreaterThan(70);
    expect(notifications).toHaveLength(50);
    expect(notifications.slice(-20).every(({ date }) => given(date).getTime() === given(completedAt).getTime())).toBe(
      true,
    );
    // Another template's runs have none.
    const other = await createTemplate(server().client(), await createTarget(server().client()));
    expect((await runToItsEnd(other)).notifications).toEqual([]);
    expect((await server().client().send(new ListAssessmentRunsCommand({}))).assessmentRunArns).toHaveLength(3);
  });
});
