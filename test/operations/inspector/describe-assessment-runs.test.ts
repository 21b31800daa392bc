import { DescribeAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, expect, test } from 'vitest';
import { describeItems } from '../../support/described-items.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given, historicRun, idsOf, scopeOf, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const runs: string[] = [];
let template = '';
beforeAll(async () => {
  const client = server().client();
  template = await createTemplate(client, await createTarget(client));
  for (let at = 0; at < 3; at++) runs.push(await startRun(client, template));
});

describeSerialization('DescribeAssessmentRuns', server);

describeItems({
  operation: 'DescribeAssessmentRuns',
  member: 'assessmentRunArns',
  items: 'assessmentRuns',
  server,
  own: () => runs,
  strictMaximum: 10,
});

test('a run is described member by member, its times as numbers to the millisecond', async () => {
  const scope = await scopeOf(server());
  const [target = '', id = ''] = idsOf(template);
  const [found] = await server().service.store.templates.findMany(scope, [id]);
  const at = Date.UTC(2016, 2, 22, 20, 56, 10, 35);
  const stored = historicRun({
    target,
    template: id,
    rulesPackages: given(found).rulesPackages,
    name: 'имя 😀',
    state: 'COMPLETED_WITH_ERRORS',
    duration: 86_400,
    userAttributes: [{ key: 'k', value: 'v' }, { key: 'no value' }],
    createdAt: at,
    startedAt: at + 1,
    completedAt: at + 3,
    stateChangedAt: at + 3,
    findingCounts: { High: 2, Informational: 0 },
    stateChanges: [
      { at, state: 'CREATED' },
      { at: at + 3, state: 'COMPLETED_WITH_ERRORS' },
    ],
    notifications: [
      {
        date: at + 2,
        event: 'ASSESSMENT_RUN_STARTED',
        error: false,
        snsTopicArn: 'arn:aws:sns:us-east-1:1:t',
        snsPublishStatusCode: 'SUCCESS',
      },
    ],
  });
  await server().service.store.runs.importMany(scope, [stored]);
  const arn = `${template}/run/${stored.id}`;
  const { body } = await rawRequest(server(), 'DescribeAssessmentRuns', { assessmentRunArns: [arn] });
  const seconds = (milliseconds: number) => (at + milliseconds) / 1000;
  const [run] = body.assessmentRuns as Record<string, unknown>[];
  expect(run).toEqual({
    arn,
    name: 'имя 😀',
    assessmentTemplateArn: template,
    state: 'COMPLETED_WITH_ERRORS',
    durationInSeconds: 86_400,
    rulesPackageArns: run?.rulesPackageArns,
    userAttributesForFindings: [{ key: 'k', value: 'v' }, { key: 'no value' }],
    createdAt: seconds(0),
    startedAt: seconds(1),
    completedAt: seconds(3),
    stateChangedAt: seconds(3),
    dataCollected: true,
    stateChanges: [
      { stateChangedAt: seconds(0), state: 'CREATED' },
      { stateChangedAt: seconds(3), state: 'COMPLETED_WITH_ERRORS' },
    ],
    notifications: [
      {
        date: seconds(2),
        event: 'ASSESSMENT_RUN_STARTED',
        error: false,
        snsTopicArn: 'arn:aws:sns:us-east-1:1:t',
        snsPublishStatusCode: 'SUCCESS',
      },
    ],
    findingCounts: { High: 2, Informational: 0 },
  });
  expect(run?.rulesPackageArns).toHaveLength(4);
  const described = await server()
    .client()
    .send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
  expect(described.assessmentRuns?.[0]?.completedAt?.getTime()).toBe(at + 3);
});
