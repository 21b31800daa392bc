import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../../packages/server/src/domain/finding.ts';
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
  someFinding,
  startRun,
  withId,
} from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let template = '';
const runs: string[] = [];
const packages = ['0-R01qwB5Q', '0-gEjTy7T7'].map(
  (id) => `arn:aws:inspector:us-east-1:316112463485:rulespackage/${id}`,
);
const start = Date.UTC(2022, 0, 1);
/** In the order of their creation. */
const findings: (Finding & { readonly arn: string })[] = [];
let going = '';
beforeAll(async () => {
  const client = server().client();
  const scope = await scopeOf(server());
  const group = await rawRequest(server(), 'CreateResourceGroup', { resourceGroupTags: [{ key: 'nobody' }] });
  template = await createTemplate(client, await createTarget(client, String(group.body.resourceGroupArn)));
  const [target = '', templateId = ''] = idsOf(template);
  for (let nth = 0; nth < 2; nth++) {
    const run = historicRun({ target, template: templateId, rulesPackages: 1, imported: false });
    await server().service.store.runs.insertMany(scope, [run]);
    runs.push(`${template}/run/${run.id}`);
    for (let at = 0; at < 12; at++) {
      const severity = (['High', 'Medium', 'Low', 'Informational'] as const)[at % 4] ?? 'High';
      const finding = someFinding({
        target,
        template: templateId,
        run: run.id,
        agent: `i-${at % 3}`,
        autoScalingGroup: at % 2 ? `group ${at % 3}` : null,
        rulesPackage: given(packages[at % 2]),
        rule: `rule ${at % 5}`,
        severity,
        createdAt: start + nth * 1000 + at,
        document: {
          attributes: [
            { key: 'INSTANCE_ID', value: `i-${at % 3}` },
            { key: 'n', value: String(at % 2) },
          ],
          userAttributes: [{ key: 'team', value: at % 4 ? 'blue' : 'Blue' }, ...(at % 3 ? [{ key: 'seen' }] : [])],
        },
      });
      findings.push({ ...finding, arn: `${template}/run/${run.id}/finding/${finding.id}` });
    }
  }
  await server().service.store.findings.insertMany(scope, findings);
  going = await startRun(client, template);
  await server().service.store.findings.insertMany(scope, [
    someFinding({ target, template: templateId, run: given(idsOf(going)[2]) }),
  ]);
});

const list = async (input: Readonly<Record<string, unknown>>, options = {}) => {
  const reply = await rawRequest(server(), 'ListFindings', { maxResults: 500, ...input }, options);
  expect(reply.status, reply.text).toBe(200);
  return reply.body.findingArns;
};
const those = (wanted: (finding: Finding) => boolean) =>
  findings
    .filter(wanted)
    .map(({ arn }) => arn)
    .toReversed();
const has = (
  pairs: readonly { readonly key: string; readonly value?: string | undefined }[],
  key: string,
  value?: string,
) => pairs.some((pair) => pair.key === key && (value === undefined || pair.value === value));

describeSerialization('ListFindings', server);

describe('validation', () => {
  testReferences({
    operation: 'ListFindings',
    kind: 'run',
    server,
    own: () => given(runs[0]),
    input: (arn) => ({ assessmentRunArns: [arn] }),
  });
  testPages({
    operation: 'ListFindings',
    items: 'findingArns',
    server,
    input: () => ({ filter: { severities: ['High', 'Low'] } }),
    otherInput: () => ({ filter: { severities: ['High'] } }),
  });
  test('form comes before existence, and all runs are there or none is listed', async () => {
    const nowhere = withId(given(runs[0]), 2, newId());
    const answer = async (input: object) => errorOf(await rawRequest(server(), 'ListFindings', input));
    expect(await answer({ assessmentRunArns: [nowhere], nextToken: 'no' })).toBe(
      'InvalidInputException INVALID_PAGINATION_TOKEN',
    );
    expect(await answer({ assessmentRunArns: [runs[0], nowhere] })).toBe(
      'NoSuchEntityException ASSESSMENT_RUN_DOES_NOT_EXIST',
    );
    expect(await answer({ filter: { creationTimeRange: { beginDate: 2, endDate: 1 } } })).toBe(
      'InvalidInputException INVALID_ATTRIBUTE',
    );
  });
});

describe('behaviour', () => {
  test.each([
    {},
    { filter: {} },
    { filter: null },
    { assessmentRunArns: [] },
    { filter: { severities: [], attributes: [], agentIds: [] } },
  ])('%j is every finding, newest first; those of a run that is going are left out', async (input) =>
    expect(await list(input)).toEqual(those(() => true)),
  );
  test('of any of the runs', async () => {
    const [first = '', second = ''] = runs;
    expect(await list({ assessmentRunArns: [first] })).toEqual(those(({ run }) => first.endsWith(run)));
    expect(await list({ assessmentRunArns: [second, first, second] })).toEqual(those(() => true));
    expect(await list({ assessmentRunArns: [going] })).toEqual([]);
  });
  test.each<[string, object, (finding: Finding) => boolean]>([
    ['hosts', { agentIds: ['i-0', 'i-2'] }, ({ agent }) => agent !== 'i-1'],
    [
      'groups',
      { autoScalingGroups: ['group 0', 'group 1'] },
      ({ autoScalingGroup: g }) => g === 'group 0' || g === 'group 1',
    ],
    ['rules', { ruleNames: ['rule 1', 'rule 4', 'no rule'] }, ({ rule }) => rule === 'rule 1' || rule === 'rule 4'],
    ['severities', { severities: ['High', 'Undefined'] }, ({ severity }) => severity === 'High'],
    ['rules packages', { rulesPackageArns: [packages[1]] }, ({ rulesPackage }) => rulesPackage === packages[1]],
    ['one attribute', { attributes: [{ key: 'n', value: '1' }] }, ({ document }) => has(document.attributes, 'n', '1')],
    [
      'every attribute',
      {
        attributes: [
          { key: 'n', value: '1' },
          { key: 'INSTANCE_ID', value: 'i-1' },
        ],
      },
      ({ document }) => has(document.attributes, 'n', '1') && has(document.attributes, 'INSTANCE_ID', 'i-1'),
    ],
    [
      'two values of one attribute, which no finding has',
      {
        attributes: [
          { key: 'n', value: '0' },
          { key: 'n', value: '1' },
        ],
      },
      () => false,
    ],
    ['an attribute of any value', { attributes: [{ key: 'n' }] }, () => true],
    [
      'a user attribute, case and all',
      { userAttributes: [{ key: 'team', value: 'Blue' }] },
      ({ document }) => has(document.userAttributes, 'team', 'Blue'),
    ],
    [
      'a user attribute without a value',
      { userAttributes: [{ key: 'seen' }] },
      ({ document }) => has(document.userAttributes, 'seen'),
    ],
    ['a user attribute is no attribute', { attributes: [{ key: 'team' }] }, () => false],
    [
      'creation, inclusive',
      { creationTimeRange: { beginDate: (start + 3) / 1000, endDate: (start + 1000) / 1000 } },
      ({ createdAt }) => createdAt >= start + 3 && createdAt <= start + 1000,
    ],
    [
      'creation from',
      { creationTimeRange: { beginDate: (start + 1000) / 1000 } },
      ({ createdAt }) => createdAt >= start + 1000,
    ],
    [
      'all together',
      {
        agentIds: ['i-0', 'i-1', 'i-2'],
        ruleNames: ['rule 0', 'rule 1', 'rule 2'],
        severities: ['High', 'Medium'],
        userAttributes: [{ key: 'team', value: 'blue' }],
        creationTimeRange: { endDate: (start + 999) / 1000 },
      },
      ({ rule, severity, document, createdAt }) =>
        ['rule 0', 'rule 1', 'rule 2'].includes(rule) &&
        ['High', 'Medium'].includes(severity) &&
        has(document.userAttributes, 'team', 'blue') &&
        createdAt <= start + 999,
    ],
  ])('by %s', async (_name, filter, wanted) => {
    expect(await list({ filter })).toEqual(those(wanted));
  });
  test('another account and another region have none', async () => {
    const key = await server().addKey('AKIDOTHER', '210987654321');
    expect(await list({}, { key })).toEqual([]);
    expect(await list({}, { region: 'eu-west-1' })).toEqual([]);
  });
});
