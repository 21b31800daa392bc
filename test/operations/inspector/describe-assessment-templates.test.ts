import { DescribeAssessmentTemplatesCommand } from '@aws-sdk/client-inspector';
import { beforeAll, expect, test } from 'vitest';
import { describeItems } from '../../support/described-items.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { createTarget, createTemplate, given, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const templates: string[] = [];
beforeAll(async () => {
  const client = server().client();
  const target = await createTarget(client);
  for (let at = 0; at < 3; at++) templates.push(await createTemplate(client, target));
});

describeSerialization('DescribeAssessmentTemplates', server);

describeItems({
  operation: 'DescribeAssessmentTemplates',
  member: 'assessmentTemplateArns',
  items: 'assessmentTemplates',
  server,
  own: () => templates,
  strictMaximum: 10,
});

test('a template counts its runs and names the last, those that are deleted left out', async () => {
  const client = server().client();
  const arn = await createTemplate(client, await createTarget(client));
  const described = async () => {
    const reply = await client.send(new DescribeAssessmentTemplatesCommand({ assessmentTemplateArns: [arn] }));
    const { assessmentRunCount, lastAssessmentRunArn } = given(reply.assessmentTemplates?.[0]);
    return [assessmentRunCount, lastAssessmentRunArn];
  };
  const runs: string[] = [];
  expect(await described()).toEqual([0, undefined]);
  for (let count = 1; count <= 3; count++) {
    const run = await startRun(client, arn);
    runs.push(run);
    expect(await described()).toEqual([count, run]);
    await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
  }
  const remove = (assessmentRunArn: string | undefined) =>
    rawRequest(server(), 'DeleteAssessmentRun', { assessmentRunArn });
  await remove(runs[0]);
  expect(await described()).toEqual([2, runs[2]]);
  await remove(runs[2]);
  expect(await described()).toEqual([1, runs[1]]);
  await remove(runs[1]);
  expect(await described()).toEqual([0, undefined]);
});
