/** Whatever an account asks with another's ARNs and tokens: it sees nothing of theirs and changes nothing. */
import { type OperationName, operations } from '@assay/model/api/operations.ts';
import { membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { askStore, tablesOf } from '../support/ask-store.ts';
import { builtOperations } from '../support/built-operations.ts';
import { validInput, validValue } from '../support/conformance/valid-input.ts';
import { propertyRuns } from '../support/effort.ts';
import { addEveryList, listNames } from '../support/every-list.ts';
import { addFullRun } from '../support/full-run.ts';
import { errorOf, rawRequest } from '../support/raw-request.ts';
import { createTarget, createTemplate, given, idsOf, scopeOf, startRun } from '../support/scenario.ts';
import { storeIn } from '../support/test-store.ts';
import { useServer } from '../support/use-server.ts';

const [theirs, ours] = ['123456789012', '210987654321'];
const server = useServer({ limits: { targets: 100_000 } });
let key: { accessKeyId: string; secretAccessKey: string };
let theirScope = 0;
/** Everything of theirs that can be named, by the kind of place that names it. */
let named: Readonly<Record<string, readonly string[]>> = {};
/** Words that stand in their data alone. */
let marks: readonly string[] = [];

beforeAll(async () => {
  const client = server().client();
  const { template, run, inputs, expected } = await addEveryList(server());
  const live = await createTemplate(client, await createTarget(client));
  const liveRun = await startRun(client, live);
  const { findings, exclusions } = await addFullRun(server(), template, 'of them');
  const group = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags: [{ key: 'their-key' }] });
  await rawRequest(server(), 'SetTagsForResource', { resourceArn: template, tags: [{ key: 'their-tag' }] });
  await rawRequest(server(), 'RegisterCrossAccountAccessRole', { roleArn: `arn:aws:iam::${theirs}:role/their-role` });
  const tokens = await Promise.all(
    listNames.map(async (operation) => {
      const { body } = await rawRequest(server(), operation, { ...inputs[operation], maxResults: 1 });
      return String(body.nextToken);
    }),
  );
  const templates = [template, live];
  named = {
    assessmentTargetArn: expected.ListAssessmentTargets,
    previewAgentsArn: expected.ListAssessmentTargets,
    assessmentTemplateArn: templates,
    resourceArn: templates,
    assessmentRunArn: [run, liveRun],
    findingArn: findings,
    exclusionArn: exclusions,
    resourceGroupArn: [String(group.body.resourceGroupArn)],
    topicArn: expected.ListEventSubscriptions,
    previewToken: [given(inputs.GetExclusionsPreview.previewToken)],
    nextToken: tokens,
  };
  theirScope = await scopeOf(server(), 'us-east-1', theirs);
  const rows = await theirRows();
  // Rules packages are everyone's.
  const own = rows.replaceAll(/rulespackage\/[0-9]-\w{8}/g, '');
  marks = [...new Set(own.match(/\b[0-9]-[0-9A-Za-z]{8}\b|\bi-[0-9a-f]{17}\b/g) ?? [])];
  marks = [...marks, 'their-', 'host.example', 'A title', 'Exclusion 1', 'title 1'];
  key = await server().addKey('AKIDOURS', ours);
  // Something of our own, so that lists are not empty for having nothing.
  await rawRequest(server(), 'CreateAssessmentTarget', { assessmentTargetName: 'ours' }, { key });
});

/** Every row of theirs in every table, as another process reads them. */
async function theirRows(): Promise<string> {
  const store = await storeIn(server().directory);
  const tables = (await tablesOf(store)).filter(({ columns }) => columns.includes('scope'));
  const rows = await askStore(
    store,
    ...tables.map(({ name }) => `select * from "${name}" where scope = ${theirScope}`),
  );
  return tables
    .flatMap(({ name }, at) => (rows[at] ?? []).map((row) => `${name} ${JSON.stringify(row)}`).sort())
    .join('\n');
}

const singular = (name: string): string => name.replace(/s$/, '');
const namesTheirs = (name: string): boolean => singular(name) in named;

/** An input of an operation in which every member that can is of theirs. */
function inputOfTheirs(operation: OperationName): Record<string, unknown> {
  const members = membersOf(operations[operation].input as StructureShape);
  const changed = Object.entries(members).flatMap(([name, shape]) => {
    if (!namesTheirs(name) || name === 'nextToken') return [];
    const values = given(named[singular(name)]);
    return [[name, shape.type === 'list' ? values.slice(0, 3) : values[0]]];
  });
  return { ...validInput(operation), ...Object.fromEntries(changed) };
}

/** Nothing of theirs but what the input itself named. */
function expectNothingOfTheirs(text: string, input: unknown): void {
  const asked = JSON.stringify(input);
  expect(marks.filter((mark) => text.includes(mark) && !asked.includes(mark))).toEqual([]);
}

describe('another account’s ARNs', () => {
  test.each(builtOperations)('%s', async (operation) => {
    const before = await theirRows();
    const input = inputOfTheirs(operation);
    const reply = await rawRequest(server(), operation, input, { key });
    expectNothingOfTheirs(reply.text, input);
    if (reply.status === 200) {
      // One by one, or there was nothing of theirs to name.
      const failed = Object.values((reply.body.failedItems ?? {}) as Record<string, { failureCode: string }>);
      const arns = Object.keys(input).filter((name) => namesTheirs(name));
      const codes = new Set(failed.map(({ failureCode }) => failureCode));
      if (arns.length > 0) expect(codes).toEqual(new Set(['ACCESS_DENIED']));
    } else {
      expect(errorOf(reply)).toMatch(/^AccessDeniedException ACCESS_DENIED_TO_/);
    }
    expect(await theirRows()).toBe(before);
  });
});

test('in any mixture with our own account’s name, their tokens and any region, every operation keeps them apart', async () => {
  const valuesFor = (name: string, shape: Shape): fc.Arbitrary<unknown> => {
    const values = named[singular(name)];
    if (!values) return fc.nat(3).map((at) => validValue(shape, name, at));
    // Their ARN under our account is of an id that is there, and not ours.
    const one = fc
      .tuple(fc.constantFrom(...values), fc.boolean())
      .map(([text, renamed]) => (renamed ? text.replace(`:${theirs}:`, `:${ours}:`) : text));
    return shape.type === 'list' ? fc.array(one, { minLength: 1, maxLength: 4 }) : one;
  };
  const request = fc.constantFrom(...builtOperations).chain((operation) => {
    const shape = operations[operation].input as StructureShape;
    const members = Object.entries(membersOf(shape)).map(([name, member]) => [name, valuesFor(name, member)] as const);
    return fc.record({
      operation: fc.constant(operation),
      input: fc.record(Object.fromEntries(members), { requiredKeys: [...shape.required], noNullPrototype: true }),
      region: fc.constantFrom('us-east-1', 'us-east-1', 'us-east-1', 'eu-west-1'),
    });
  });
  const before = await theirRows();
  const answers = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ operation, input, region }) => {
      const reply = await rawRequest(server(), operation, input, { key, region });
      const said = reply.status === 200 ? 'OK' : String(reply.body.__type);
      answers.set(said, (answers.get(said) ?? 0) + 1);
      expect(reply.status, reply.text).toBeLessThan(500);
      expectNothingOfTheirs(reply.text, input);
    }),
    { numRuns: propertyRuns(700) },
  );
  expect(await theirRows()).toBe(before);
  // Each way to be kept apart was taken.
  for (const said of ['OK', 'AccessDeniedException', 'NoSuchEntityException', 'InvalidInputException']) {
    expect(answers.get(said) ?? 0, said).toBeGreaterThan(20);
  }
});

test('what is watched is there: the same questions of their own key tell', async () => {
  const { text } = await rawRequest(server(), 'ListTagsForResource', { resourceArn: given(named.resourceArn)[0] });
  expect(() => expectNothingOfTheirs(text, {})).toThrow();
  expect((await theirRows()).split('\n').length).toBeGreaterThan(60);
  expect(idsOf(given(given(named.findingArn)[0]))).toHaveLength(4);
});
