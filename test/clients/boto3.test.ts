/** boto3 as it is, told where to go by its environment alone. */
import { beforeAll, describe, expect, test } from 'vitest';
import { runProgram, works } from '../support/run-program.ts';
import { addSeedExample, clientEnvironment, seedRuns, seedTemplate, seedTime } from '../support/seed-example.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const absent = !works('python3', ['-c', 'import boto3']);
if (absent) console.warn('python3 with boto3 is not there: boto3 is not tried');
const because = absent ? ' (skipped: python3 with boto3 is not there)' : '';

const server = useServer();
let all: string[] = [];
beforeAll(async () => {
  all = await addSeedExample(server());
});

/** Runs lines of Python that leave what they found in `result`, and gives it back. */
async function python(lines: string, key = testKey): Promise<unknown> {
  const program = `
import json, boto3, botocore
from datetime import datetime, timezone
client = boto3.client('inspector')
result = None
${lines}
print(json.dumps(result, default=lambda value: value.timestamp()))
`;
  const { status, stdout, stderr } = await runProgram('python3', ['-'], {
    env: clientEnvironment(server(), key),
    input: program,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe.skipIf(absent)(`boto3${because}`, () => {
  test("the reference's example", async () => {
    const result = await python(`
response = client.list_assessment_runs(assessmentTemplateArns=['${seedTemplate}'], maxResults=123)
metadata = response.pop('ResponseMetadata')
result = [response, metadata['HTTPStatusCode'], len(metadata['RequestId'])]`);
    expect(result).toEqual([{ assessmentRunArns: all }, 200, 36]);
  });

  test('every filter of the request syntax at once', async () => {
    const result = await python(`
day = datetime.fromtimestamp(${seedTime / 1000}, timezone.utc)
span = {'beginDate': day.replace(minute=0), 'endDate': day.replace(minute=59)}
response = client.list_assessment_runs(
    assessmentTemplateArns=['${seedTemplate}'],
    filter={
        'namePattern': 'Run * for Example*',
        'states': ['CREATED', 'COMPLETED', 'FAILED'],
        'durationRange': {'minSeconds': 180, 'maxSeconds': 86400},
        'rulesPackageArns': client.list_rules_packages()['rulesPackageArns'][:1],
        'startTimeRange': span, 'completionTimeRange': span, 'stateChangeTimeRange': span,
    },
    maxResults=500)
result = [response['assessmentRunArns'], 'nextToken' in response]`);
    expect(result).toEqual([seedRuns, false]);
  });

  test('its paginators walk to the end', async () => {
    const result = await python(`
pages = list(client.get_paginator('list_assessment_runs').paginate(PaginationConfig={'PageSize': 4}))
packages = client.get_paginator('list_rules_packages').paginate(PaginationConfig={'PageSize': 1}).build_full_result()
result = [[len(page['assessmentRunArns']) for page in pages],
          [arn for page in pages for arn in page['assessmentRunArns']],
          len(packages['rulesPackageArns'])]`);
    expect(result).toEqual([[4, 4, 4, 4, 4, 4, 1], all, 4]);
  });

  test('a whole life: created, described, run, stopped, deleted', async () => {
    const result = await python(`
group = client.create_resource_group(resourceGroupTags=[{'key': 'nobody', 'value': 'x'}])['resourceGroupArn']
target = client.create_assessment_target(assessmentTargetName='t', resourceGroupArn=group)['assessmentTargetArn']
template = client.create_assessment_template(
    assessmentTargetArn=target, assessmentTemplateName='t', durationInSeconds=180,
    rulesPackageArns=client.list_rules_packages()['rulesPackageArns'])['assessmentTemplateArn']
run = client.start_assessment_run(assessmentTemplateArn=template, assessmentRunName='r')['assessmentRunArn']
described = client.describe_assessment_runs(assessmentRunArns=[run])['assessmentRuns'][0]
try:
    client.delete_assessment_target(assessmentTargetArn=target)
except client.exceptions.AssessmentRunInProgressException as error:
    refused = error.response['assessmentRunArns'] == [run]
client.stop_assessment_run(assessmentRunArn=run, stopAction='SKIP_EVALUATION')
client.delete_assessment_target(assessmentTargetArn=target)
gone = client.describe_assessment_runs(assessmentRunArns=[run])
result = [described['name'], described['state'], described['createdAt'] <= described['stateChangedAt'], refused,
          gone['assessmentRuns'], gone['failedItems'][run]['failureCode']]`);
    expect(result).toEqual(['r', 'START_DATA_COLLECTION_PENDING', true, true, [], 'ITEM_DOES_NOT_EXIST']);
  });

  test('modelled errors are its own exceptions', async () => {
    const result = await python(`
result = []
try:
    client.list_assessment_runs(nextToken='1')
except client.exceptions.InvalidInputException as error:
    result.append([error.response['Error']['Code'], error.response['errorCode'], error.response['canRetry']])
try:
    client.list_assessment_runs(assessmentTemplateArns=['${seedTemplate.replace('0-4r1V2mAw', '0-aaaaaaaa')}'])
except client.exceptions.NoSuchEntityException as error:
    result.append(error.response['errorCode'])
try:
    client.list_assessment_runs(assessmentTemplateArns=['${seedTemplate.replace('123456789012', '210987654321')}'])
except client.exceptions.AccessDeniedException as error:
    result.append(error.response['errorCode'])`);
    expect(result).toEqual([
      ['InvalidInputException', 'INVALID_PAGINATION_TOKEN', false],
      'ASSESSMENT_TEMPLATE_DOES_NOT_EXIST',
      'ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE',
    ]);
  });

  test.each([
    ['a wrong secret', { ...testKey, secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    ['an unknown key', { ...testKey, accessKeyId: 'AKIDNOBODY' }, 'UnrecognizedClientException'],
  ])('%s', async (_name, key, code) => {
    const lines = `
try:
    client.list_assessment_runs()
except botocore.exceptions.ClientError as error:
    result = [error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']]`;
    expect(await python(lines, key as typeof testKey)).toEqual([code, 400]);
  });
});
