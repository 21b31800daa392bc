/** Every paginator that clients have for this API, told where to go by their environment alone. */
import {
  InspectorClient,
  paginateGetExclusionsPreview,
  paginateListAssessmentRunAgents,
  paginateListAssessmentRuns,
  paginateListAssessmentTargets,
  paginateListAssessmentTemplates,
  paginateListEventSubscriptions,
  paginateListExclusions,
  paginateListFindings,
  paginateListRulesPackages,
  paginatePreviewAgents,
} from '@aws-sdk/client-inspector';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { addEveryList, type EveryList, itemName, type ListName, listItems, listNames } from '../support/every-list.ts';
import { runProgram, works } from '../support/run-program.ts';
import { clientEnvironment } from '../support/seed-example.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
let lists: EveryList;
beforeAll(async () => {
  lists = await addEveryList(server());
});

const environment = (): Record<string, string> => ({
  ...clientEnvironment(server(), testKey),
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
});

describe('the SDK for JavaScript', () => {
  const paginators = {
    GetExclusionsPreview: paginateGetExclusionsPreview,
    ListAssessmentRunAgents: paginateListAssessmentRunAgents,
    ListAssessmentRuns: paginateListAssessmentRuns,
    ListAssessmentTargets: paginateListAssessmentTargets,
    ListAssessmentTemplates: paginateListAssessmentTemplates,
    ListEventSubscriptions: paginateListEventSubscriptions,
    ListExclusions: paginateListExclusions,
    ListFindings: paginateListFindings,
    ListRulesPackages: paginateListRulesPackages,
    PreviewAgents: paginatePreviewAgents,
  } as unknown as Record<
    ListName,
    (
      config: { client: InspectorClient; pageSize: number },
      input: object,
    ) => AsyncIterable<Readonly<Record<string, unknown[]>>>
  >;
  afterEach(() => vi.unstubAllEnvs());

  test.each(listNames)('walks %s to the end', async (operation) => {
    for (const [name, value] of Object.entries(environment())) if (name.startsWith('AWS_')) vi.stubEnv(name, value);
    const names: string[] = [];
    let pages = 0;
    // A copy: its paginators write into their input.
    const input = { ...lists.inputs[operation] };
    const walk = paginators[operation]({ client: new InspectorClient({}), pageSize: 2 }, input);
    for await (const page of walk) {
      pages += 1;
      names.push(...(page[listItems[operation]] ?? []).map(itemName));
    }
    expect(names).toEqual(lists.expected[operation]);
    expect(pages).toBe(Math.ceil(names.length / 2));
  });
});

const noBoto3 = !works('python3', ['-c', 'import boto3']);
if (noBoto3) console.warn('python3 with boto3 is not there: its paginators are not tried');

describe.skipIf(noBoto3)(`boto3${noBoto3 ? ' (skipped: python3 with boto3 is not there)' : ''}`, () => {
  test('walks every list that it can paginate to the end', async () => {
    const program = `
import json, re, boto3
client = boto3.client('inspector')
walked = {}
for operation, input in json.loads('''${JSON.stringify(lists.inputs)}''').items():
    method = re.sub('(?<!^)(?=[A-Z])', '_', operation).lower()
    if not client.can_paginate(method):
        continue
    pages = client.get_paginator(method).paginate(**input, PaginationConfig={'PageSize': 2})
    walked[operation] = [page for page in pages]
print(json.dumps(walked, default=str))
`;
    const { status, stdout, stderr } = await runProgram('python3', ['-'], { env: environment(), input: program });
    expect(status, stderr).toBe(0);
    const walked = JSON.parse(stdout) as Record<ListName, Readonly<Record<string, unknown[]>>[]>;
    // botocore's model has no paginator for GetExclusionsPreview.
    expect(Object.keys(walked).sort()).toEqual(listNames.filter((name) => name !== 'GetExclusionsPreview').sort());
    for (const [operation, pages] of Object.entries(walked) as [ListName, (typeof walked)[ListName]][]) {
      const names = pages.flatMap((page) => page[listItems[operation]] ?? []).map(itemName);
      expect(names, operation).toEqual(lists.expected[operation]);
      expect(pages).toHaveLength(Math.ceil(names.length / 2));
    }
  });
});

const noCli = !works('aws', ['--version']);
if (noCli) console.warn('aws is not there: the AWS CLI does not paginate');

describe.skipIf(noCli)(`aws inspector${noCli ? ' (skipped: aws is not there)' : ''}`, () => {
  const paginated = listNames.filter((name) => name !== 'GetExclusionsPreview');
  test.each(paginated)('%s page by page on its own', async (operation) => {
    const kebab = (name: string): string => name.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
    const input = Object.entries(lists.inputs[operation]).flatMap(([name, value]) => [`--${kebab(name)}`, value]);
    const args = ['inspector', kebab(operation), ...input, '--page-size', '2', '--output', 'json'];
    const { status, stdout, stderr } = await runProgram('aws', args, { env: environment() });
    expect(status, stderr).toBe(0);
    const output = JSON.parse(stdout) as Readonly<Record<string, unknown[]>>;
    expect((output[listItems[operation]] ?? []).map(itemName)).toEqual(lists.expected[operation]);
    expect(output).not.toHaveProperty('NextToken');
  });
});
