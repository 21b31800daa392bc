/** What a server takes that the API model refuses, unless it is strict: clients send it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../support/raw-request.ts';
import { addHost, createTarget, createTemplate, startRun } from '../support/scenario.ts';
import { startTestServer } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
let target = '';
let template = '';
let run = '';
beforeAll(async () => {
  const client = server().client();
  await addHost(server());
  target = await createTarget(client);
  template = await createTemplate(client, target);
  run = await startRun(client, template);
});

type Input = Readonly<Record<string, unknown>>;
const ask = async (operation: Parameters<typeof rawRequest>[1], input: Input) => {
  const { status, body, ...reply } = await rawRequest(server(), operation, input);
  return status === 200 ? body : errorOf({ status, body, ...reply });
};
const packageArn = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-gEjTy7T7';
const long = 'x'.repeat(2000);

test.each([
  'ListAssessmentRuns',
  'ListAssessmentTargets',
  'ListAssessmentTemplates',
  'ListEventSubscriptions',
  'ListFindings',
  'ListRulesPackages',
] as const)('%s: more than a page holds is a whole page, nothing is refused', async (operation) => {
  const whole = await ask(operation, { maxResults: 500 });
  for (const maxResults of [501, 5000, 2 ** 31 - 1]) expect(await ask(operation, { maxResults })).toEqual(whole);
  for (const maxResults of [0, -1]) {
    expect(await ask(operation, { maxResults })).toBe('InvalidInputException INVALID_MAX_RESULTS');
  }
});

describe('a value of a filter that nothing can have', () => {
  test.each([
    { states: ['DONE'] },
    { states: ['completed', ''] },
    { rulesPackageArns: ['no ARN'] },
    { rulesPackageArns: [''] },
    { namePattern: '' },
    { namePattern: long },
    { durationRange: { minSeconds: 604_801 } },
    { durationRange: { maxSeconds: 0 } },
    { durationRange: { maxSeconds: -1 } },
  ])('matches no run: %j', async (filter) => {
    expect(await ask('ListAssessmentRuns', { filter })).toEqual({ assessmentRunArns: [] });
  });
  test.each([
    { states: ['DONE', 'START_DATA_COLLECTION_PENDING'] },
    { durationRange: { minSeconds: 0 } },
    { durationRange: { minSeconds: -1, maxSeconds: 604_801 } },
  ])('hides nothing that another value matches: %j', async (filter) => {
    expect(await ask('ListAssessmentRuns', { filter })).toEqual({ assessmentRunArns: [run] });
  });
  test.each([
    ['ListAssessmentTargets', 'assessmentTargetArns', { assessmentTargetNamePattern: long }],
    ['ListAssessmentTemplates', 'assessmentTemplateArns', { namePattern: long }],
    ['ListAssessmentTemplates', 'assessmentTemplateArns', { rulesPackageArns: [packageArn.slice(4)] }],
    ['ListAssessmentTemplates', 'assessmentTemplateArns', { durationRange: { minSeconds: 1e9 } }],
    ['ListFindings', 'findingArns', { severities: ['Critical'] }],
    ['ListFindings', 'findingArns', { agentIds: [long, ''] }],
    ['ListFindings', 'findingArns', { ruleNames: [long] }],
    ['ListFindings', 'findingArns', { autoScalingGroups: ['\0'] }],
    ['ListFindings', 'findingArns', { attributes: [{ key: 'CVE_ID', value: '' }] }],
    ['ListFindings', 'findingArns', { userAttributes: [{ key: 'a', value: 'b' }, { key: long }] }],
  ] as const)('%s: %s is empty for %j', async (operation, items, filter) => {
    expect(await ask(operation, { filter })).toEqual({ [items]: [] });
  });
  test('matches no host of a run; beside one that can be it changes nothing', async () => {
    const health = async (agentHealthCodes: string[], agentHealths = ['HEALTHY']) => {
      const filter = { agentHealths, agentHealthCodes };
      const body = await ask('ListAssessmentRunAgents', { assessmentRunArn: run, filter });
      return typeof body === 'string' ? body : (body.assessmentRunAgents as unknown[]).length;
    };
    expect(await health(['HEALTHY'])).toBe(0);
    expect(await health(['HEALTHY', 'IDLE', 'RUNNING'])).toBe(1);
    expect(await health([], ['WELL'])).toBe(0);
  });
  test('lets the rest of the input be judged', async () => {
    const filter = { states: ['DONE'] };
    expect(await ask('ListAssessmentRuns', { filter, nextToken: 'no' })).toMatch('INVALID_PAGINATION_TOKEN');
    expect(await ask('ListAssessmentRuns', { filter, assessmentTemplateArns: ['no'] })).toMatch('TEMPLATE_ARN');
    expect(await ask('ListAssessmentRuns', { filter: { states: Array(51).fill('DONE') } })).toMatch('INVALID_NUMBER');
    expect(await ask('ListFindings', { filter: { attributes: [{ value: 'v' }] } })).toMatch('INVALID_ATTRIBUTE');
  });
});

test('a strict server holds to the model', async () => {
  const strict = await startTestServer({ jobs: false, strict: true });
  try {
    for (const input of [{ maxResults: 501 }, { filter: { states: ['DONE'] } }, { filter: { namePattern: '' } }]) {
      expect((await rawRequest(strict, 'ListAssessmentRuns', input)).status).toBe(400);
    }
  } finally {
    await strict.stop();
  }
});

test('a walk goes on whatever the spelling of its filter', async () => {
  const other = await startRun(server().client(), await createTemplate(server().client(), await emptyTarget()));
  const states = ['START_DATA_COLLECTION_PENDING', 'COLLECTING_DATA'];
  const first = await ask('ListAssessmentRuns', { maxResults: 1, filter: { states } });
  expect(first).toMatchObject({ assessmentRunArns: [other] });
  const { nextToken } = first as { nextToken: string };
  for (const spelled of [
    { filter: { states: states.toReversed() } },
    { filter: { states: [...states, ...states], rulesPackageArns: [], startTimeRange: {} } },
    { assessmentTemplateArns: [], filter: { states, durationRange: {}, namePattern: null } },
  ]) {
    expect(await ask('ListAssessmentRuns', { ...spelled, nextToken })).toEqual({ assessmentRunArns: [run] });
  }
  for (const changed of [{ filter: { states: states.slice(1) } }, { filter: { states, namePattern: '*' } }, {}]) {
    expect(await ask('ListAssessmentRuns', { ...changed, nextToken })).toMatch('INVALID_PAGINATION_TOKEN');
  }
});

const emptyTarget = async (): Promise<string> => {
  const group = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags: [{ key: 'nobody' }] });
  return createTarget(server().client(), String(group.body.resourceGroupArn));
};
