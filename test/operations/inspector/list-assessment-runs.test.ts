import { ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import {
  createTarget,
  createTemplate,
  given,
  historicRun,
  idsOf,
  newId,
  scopeOf,
  startRun,
  withId,
} from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let template = '';
let other = '';
const runs: string[] = [];
beforeAll(async () => {
  const client = server().client();
  const group = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags: [{ key: 'nobody' }] });
  const target = await createTarget(client, String(group.body.resourceGroupArn));
  template = await createTemplate(client, target);
  other = await createTemplate(client, target);
  for (let at = 0; at < 12; at++) runs.unshift(await startRun(client, at % 3 ? template : other));
});
const list = async (input: Readonly<Record<string, unknown>>, options = {}) => {
  const reply = await rawRequest(server(), 'ListAssessmentRuns', input, options);
  return reply.status === 200 ? reply.body : errorOf(reply);
};

describeSerialization('ListAssessmentRuns', server);

describe('validation', () => {
  testReferences({
    operation: 'ListAssessmentRuns',
    kind: 'template',
    server,
    own: () => template,
    input: (arn) => ({ assessmentTemplateArns: [arn] }),
  });
  testPages({
    operation: 'ListAssessmentRuns',
    items: 'assessmentRunArns',
    server,
    input: () => ({ assessmentTemplateArns: [template], filter: { states: ['START_DATA_COLLECTION_PENDING'] } }),
    otherInput: () => ({ assessmentTemplateArns: [template] }),
  });

  test.each([
    ['startTimeRange', 'INVALID_ASSESSMENT_RUN_START_TIME_RANGE'],
    ['completionTimeRange', 'INVALID_ASSESSMENT_RUN_COMPLETION_TIME_RANGE'],
    ['stateChangeTimeRange', 'INVALID_ASSESSMENT_RUN_STATE_CHANGE_TIME_RANGE'],
  ])('%s that ends before it begins', async (name, code) => {
    const range = { beginDate: 1000.001, endDate: 1000 };
    expect(await list({ filter: { [name]: range } })).toBe(`InvalidInputException ${code}`);
    expect(await list({ filter: { [name]: { beginDate: 1000, endDate: 1000 } } })).toEqual({ assessmentRunArns: [] });
  });
  test('durationRange that ends before it begins', async () => {
    expect(await list({ filter: { durationRange: { minSeconds: 2, maxSeconds: 1 } } })).toBe(
      'InvalidInputException INVALID_ASSESSMENT_RUN_DURATION_RANGE',
    );
  });
  test('all that can be judged without looking comes before existence', async () => {
    const assessmentTemplateArns = [withId(template, 1, newId())];
    expect(await list({ assessmentTemplateArns })).toBe('NoSuchEntityException ASSESSMENT_TEMPLATE_DOES_NOT_EXIST');
    for (const [fault, code] of [
      [{ nextToken: 'no' }, 'INVALID_PAGINATION_TOKEN'],
      [{ maxResults: 0 }, 'INVALID_MAX_RESULTS'],
      [{ filter: { startTimeRange: { beginDate: 2, endDate: 1 } } }, 'INVALID_ASSESSMENT_RUN_START_TIME_RANGE'],
    ] as const) {
      expect(await list({ assessmentTemplateArns, ...fault })).toBe(`InvalidInputException ${code}`);
    }
  });
  test('one template that is not there among others that are', async () => {
    const missing = withId(template, 1, newId());
    expect(await list({ assessmentTemplateArns: [template, missing, other] })).toBe(
      'NoSuchEntityException ASSESSMENT_TEMPLATE_DOES_NOT_EXIST',
    );
  });
});

describe('behaviour', () => {
  test('newest first, ten unless asked otherwise', async () => {
    const reply = await server().client().send(new ListAssessmentRunsCommand({}));
    expect(reply.assessmentRunArns).toEqual(runs.slice(0, 10));
    const rest = await server()
      .client()
      .send(new ListAssessmentRunsCommand({ nextToken: given(reply.nextToken) }));
    expect(rest.assessmentRunArns).toEqual(runs.slice(10));
    expect(rest.nextToken).toBeUndefined();
  });
  test.each([
    {},
    { filter: {} },
    { filter: null },
    { filter: { states: [], rulesPackageArns: [], durationRange: {}, startTimeRange: {}, namePattern: null } },
    { assessmentTemplateArns: [], nextToken: null },
    { assessmentTemplateArns: null },
    { filter: { namePattern: '*' } },
  ])('%j is every run', async (input) => {
    expect(await list({ ...input, maxResults: 500 })).toEqual({ assessmentRunArns: runs });
  });
  test('of any of the templates, each given any number of times', async () => {
    const expected = runs.filter((arn) => arn.startsWith(other));
    expect(await list({ assessmentTemplateArns: [other, other] })).toEqual({ assessmentRunArns: expected });
    const both = { assessmentTemplateArns: [template, other], maxResults: 500 };
    expect(await list(both)).toEqual({ assessmentRunArns: runs });
  });
  test('the template of imported history is known by its runs, under their own target only', async () => {
    const [target, id] = [newId(), newId()];
    const scope = await scopeOf(server(), 'ap-south-1');
    const run = historicRun({ target, template: id, rulesPackages: 1 });
    await server().service.store.runs.importMany(scope, [run]);
    const arn = `arn:aws:inspector:ap-south-1:123456789012:target/${target}/template/${id}`;
    const options = { region: 'ap-south-1' };
    expect(await list({ assessmentTemplateArns: [arn] }, options)).toEqual({
      assessmentRunArns: [`${arn}/run/${run.id}`],
    });
    expect(await list({ assessmentTemplateArns: [withId(arn, 0, newId())] }, options)).toBe(
      'NoSuchEntityException ASSESSMENT_TEMPLATE_DOES_NOT_EXIST',
    );
  });
  test('another account and another region have none', async () => {
    const key = await server().addKey('AKIDOTHER', '210987654321');
    expect(await list({}, { key })).toEqual({ assessmentRunArns: [] });
    expect(await list({}, { region: 'eu-west-1' })).toEqual({ assessmentRunArns: [] });
  });
  test('a deleted run is not listed, nor are those of a deleted template', async () => {
    const group = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags: [{ key: 'nobody' }] });
    const client = server().client();
    const gone = await createTemplate(client, await createTarget(client, String(group.body.resourceGroupArn)));
    const run = await startRun(client, gone);
    await rawRequest(server(), 'StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
    await rawRequest(server(), 'DeleteAssessmentTemplate', { assessmentTemplateArn: gone });
    expect(await list({ maxResults: 500 })).toEqual({ assessmentRunArns: runs });
    expect(await list({ assessmentTemplateArns: [gone] })).toBe(
      'NoSuchEntityException ASSESSMENT_TEMPLATE_DOES_NOT_EXIST',
    );
    expect(idsOf(run)).toHaveLength(3);
  });
});
