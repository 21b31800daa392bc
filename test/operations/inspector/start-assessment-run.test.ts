import { randomBytes } from 'node:crypto';
import {
  CreateResourceGroupCommand,
  DescribeAssessmentRunsCommand,
  DescribeAssessmentTemplatesCommand,
  StartAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { startAssessmentRun } from '../../../packages/server/src/operations/inspector/start-assessment-run.ts';
import { defaultLimits } from '../../../packages/server/src/operations/operation.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { rowCounts } from '../../support/row-counts.ts';
import {
  addHost,
  createTarget,
  createTemplate,
  given,
  newId,
  newName,
  scopeOf,
  startRun,
  withId,
} from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { startTestServer, type TestServer, testAccount } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
/** Of a target that no host matches: its runs take no host. */
let template = '';
beforeAll(async () => {
  template = await templateOf(server(), 'nobody');
});

/** A template over the hosts that carry a tag. */
async function templateOf(at: TestServer, key: string): Promise<string> {
  const create = new CreateResourceGroupCommand({ resourceGroupTags: [{ key }] });
  const { resourceGroupArn } = await at.client().send(create);
  return createTemplate(at.client(), await createTarget(at.client(), given(resourceGroupArn)));
}
const runOf = async (arn: string) => {
  const reply = await server()
    .client()
    .send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
  return given(reply.assessmentRuns?.[0]);
};

describeSerialization('StartAssessmentRun', server);

describe('validation', () => {
  testReferences({
    operation: 'StartAssessmentRun',
    kind: 'template',
    server,
    own: () => template,
    input: (assessmentTemplateArn) => ({ assessmentTemplateArn }),
  });

  test('shape comes before existence, existence before the name, the name before the limit', async () => {
    const small = await startTestServer({ jobs: false, limits: { runs: 1 } });
    try {
      const arn = await templateOf(small, 'nobody');
      const answer = async (assessmentTemplateArn: string, assessmentRunName: string) =>
        errorOf(await rawRequest(small, 'StartAssessmentRun', { assessmentTemplateArn, assessmentRunName }));
      await small
        .client()
        .send(new StartAssessmentRunCommand({ assessmentTemplateArn: arn, assessmentRunName: 'taken' }));
      const nowhere = withId(arn, 1, newId());
      expect(await answer(nowhere, '')).toBe('InvalidInputException INVALID_ASSESSMENT_TEMPLATE_NAME');
      expect(await answer(nowhere, 'taken')).toBe('NoSuchEntityException ASSESSMENT_TEMPLATE_DOES_NOT_EXIST');
      expect(await answer(arn, 'taken')).toBe('InvalidInputException ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN');
      expect(await answer(arn, 'free')).toBe('LimitExceededException ASSESSMENT_RUN_LIMIT_EXCEEDED');
    } finally {
      await small.stop();
    }
  });

  test('more hosts in runs than the limit are refused', async () => {
    const small = await startTestServer({ jobs: false, limits: { hostsInRuns: 2 } });
    try {
      for (const key of ['one', 'two', 'two']) await addHost(small, { tags: [{ key, value: '' }] });
      await startRun(small.client(), await templateOf(small, 'one'));
      await expect(startRun(small.client(), await templateOf(small, 'two'))).rejects.toMatchObject({
        name: 'LimitExceededException',
        errorCode: 'ASSESSMENT_RUN_LIMIT_EXCEEDED',
      });
    } finally {
      await small.stop();
    }
  });
});

describe('behaviour', () => {
  test('a run has the template’s settings and its own name, and its changes in order', async () => {
    const assessmentRunName = newName();
    const start = new StartAssessmentRunCommand({ assessmentTemplateArn: template, assessmentRunName });
    const arn = given((await server().client().send(start)).assessmentRunArn);
    expect(arn.startsWith(`${template}/run/0-`)).toBe(true);
    const run = await runOf(arn);
    expect(run).toMatchObject({
      arn,
      name: assessmentRunName,
      assessmentTemplateArn: template,
      state: 'START_DATA_COLLECTION_PENDING',
      durationInSeconds: 180,
      dataCollected: false,
      findingCounts: {},
      notifications: [],
      userAttributesForFindings: [],
    });
    expect(run).not.toHaveProperty('startedAt');
    expect(run).not.toHaveProperty('completedAt');
    expect(run.stateChanges?.map(({ state }) => state)).toEqual(['CREATED', 'START_DATA_COLLECTION_PENDING']);
    expect(run.stateChangedAt).toEqual(run.stateChanges?.at(-1)?.stateChangedAt);
  });

  test('a name is taken once a template; without one each run gets its own, at most 140 characters long', async () => {
    const start = new StartAssessmentRunCommand({ assessmentTemplateArn: template, assessmentRunName: newName() });
    await server().client().send(start);
    await expect(server().client().send(start)).rejects.toMatchObject({
      name: 'InvalidInputException',
      errorCode: 'ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN',
    });
    const other = new StartAssessmentRunCommand({
      ...start.input,
      assessmentTemplateArn: await templateOf(server(), 'nobody'),
    });
    await server().client().send(other);

    const long = await rawRequest(server(), 'CreateAssessmentTemplate', {
      assessmentTargetArn: template.replace(/\/template.*/, ''),
      assessmentTemplateName: '😀'.repeat(140),
      durationInSeconds: 180,
      rulesPackageArns: ['arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q'],
    });
    const arn = String(long.body.assessmentTemplateArn);
    const names = [await startRun(server().client(), arn), await startRun(server().client(), arn)];
    const [first, second] = [given((await runOf(given(names[0]))).name), given((await runOf(given(names[1]))).name)];
    expect(first).not.toBe(second);
    expect([...first]).toHaveLength(140);
    expect(first.isWellFormed()).toBe(true);
  });

  test('a run without a name is called as the original calls it, with an id only where that name is taken', async () => {
    const arn = await templateOf(server(), 'nobody');
    const { assessmentTemplates } = await server()
      .client()
      .send(new DescribeAssessmentTemplatesCommand({ assessmentTemplateArns: [arn] }));
    const { store } = server().service;
    const start = startAssessmentRun({
      ...{ store, now: Date.now, random: randomBytes, limits: defaultLimits, wakeJobs: () => undefined },
      // Servers that share a store have a clock each.
      creationTime: () => Date.UTC(2022, 4, 19, 6, 52, 0, 131),
    });
    const caller = { scope: await scopeOf(server()), account: testAccount, region: 'us-east-1' };
    const names: string[] = [];
    for (let at = 0; at < 3; at++) {
      names.push(given((await runOf((await start({ assessmentTemplateArn: arn }, caller)).assessmentRunArn)).name));
    }
    const original = `Run - ${given(assessmentTemplates?.[0]).name} - 2022-05-19T06:52:00.131Z`;
    expect(names[0]).toBe(original);
    for (const name of names.slice(1)) expect(name.replace(/[0-9A-Za-z]{8}$/, '')).toBe(`${original} - `);
    expect(new Set(names).size).toBe(3);
  });

  test('a host is in one run at a time: up to ten are named with the runs that hold them, and nothing is written', async () => {
    const hosts: string[] = [];
    for (let at = 0; at < 11; at++)
      hosts.push((await addHost(server(), { tags: [{ key: 'busy', value: String(at) }] })).id);
    const busy = await templateOf(server(), 'busy');
    const run = await startRun(server().client(), busy);
    const before = await rowCounts(server());
    await expect(startRun(server().client(), busy)).rejects.toMatchObject({
      name: 'AgentsAlreadyRunningAssessmentException',
      agents: hosts
        .sort()
        .slice(0, 10)
        .map((agentId) => ({ agentId, assessmentRunArn: run })),
      agentsTruncated: true,
      canRetry: true,
    });
    expect(await rowCounts(server())).toEqual(before);
    await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
    await startRun(server().client(), busy);
  });

  test('of many at once over the same host, one starts', async () => {
    await addHost(server(), { tags: [{ key: 'wanted', value: '' }] });
    const templates = [await templateOf(server(), 'wanted'), await templateOf(server(), 'wanted')];
    const starts = [...templates, ...templates, ...templates].map((arn) => startRun(server().client(), arn));
    const results = await Promise.allSettled(starts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({
          name: 'AgentsAlreadyRunningAssessmentException',
          agentsTruncated: false,
        });
      }
    }
  });

  test('the run keeps its copy of hosts: those of another region are not in it', async () => {
    await addHost(server(), { tags: [{ key: 'here', value: '' }] });
    await addHost(server(), { tags: [{ key: 'here', value: '' }] }, 'eu-west-1');
    const arn = await startRun(server().client(), await templateOf(server(), 'here'));
    const scope = await scopeOf(server());
    expect(await server().service.store.runAgents.ofRun(scope, given(arn.split('/').at(-1)))).toHaveLength(1);
  });
});
