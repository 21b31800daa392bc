import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, given, rulesPackages } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const targets: string[] = [];
let packages: string[] = [];
/** In the order of their creation. */
const templates: { arn: string; name: string; target: string; duration: number; packages: string[] }[] = [];
beforeAll(async () => {
  packages = await rulesPackages(server().client());
  for (let at = 0; at < 3; at++) targets.push(await createTarget(server().client()));
  for (const [at, target] of targets.entries()) {
    for (const [nth, duration] of [180, 3600, 86_400, 3601, 240].entries()) {
      const template = { target, name: `t${at}*${nth}`, duration, packages: packages.slice(nth % 3, (nth % 3) + 2) };
      const { body } = await rawRequest(server(), 'CreateAssessmentTemplate', {
        assessmentTargetArn: target,
        assessmentTemplateName: template.name,
        durationInSeconds: duration,
        rulesPackageArns: template.packages,
      });
      templates.push({ ...template, arn: String(body.assessmentTemplateArn) });
    }
  }
});
const list = async (input: Readonly<Record<string, unknown>>, options = {}) => {
  const reply = await rawRequest(server(), 'ListAssessmentTemplates', { maxResults: 500, ...input }, options);
  expect(reply.status, reply.text).toBe(200);
  return reply.body.assessmentTemplateArns;
};
const those = (wanted: (template: (typeof templates)[number]) => boolean) =>
  templates
    .filter(wanted)
    .map(({ arn }) => arn)
    .toReversed();

describeSerialization('ListAssessmentTemplates', server);

describe('validation', () => {
  testReferences({
    operation: 'ListAssessmentTemplates',
    kind: 'target',
    server,
    own: () => given(targets[0]),
    input: (arn) => ({ assessmentTargetArns: [arn] }),
  });
  testPages({
    operation: 'ListAssessmentTemplates',
    items: 'assessmentTemplateArns',
    server,
    input: () => ({ assessmentTargetArns: targets }),
    otherInput: () => ({ assessmentTargetArns: targets.slice(1) }),
  });
  test('a range that ends before it begins', async () => {
    const filter = { durationRange: { minSeconds: 200, maxSeconds: 199 } };
    expect(errorOf(await rawRequest(server(), 'ListAssessmentTemplates', { filter }))).toBe(
      'InvalidInputException INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE',
    );
  });
  test('form comes before existence', async () => {
    const assessmentTargetArns = [given(targets[0]).replace(/0-\w+$/, '0-aaaaaaaa')];
    const reply = await rawRequest(server(), 'ListAssessmentTemplates', { assessmentTargetArns, nextToken: 'no' });
    expect(errorOf(reply)).toBe('InvalidInputException INVALID_PAGINATION_TOKEN');
  });
});

describe('behaviour', () => {
  test.each([
    {},
    { filter: {} },
    { filter: null },
    { assessmentTargetArns: [] },
    { filter: { durationRange: {}, rulesPackageArns: [] } },
  ])('%j is everything, newest first', async (input) => expect(await list(input)).toEqual(those(() => true)));
  test('of any of the targets', async () => {
    const [first, , third] = targets;
    expect(await list({ assessmentTargetArns: [third, first, third] })).toEqual(
      those(({ target }) => target === first || target === third),
    );
  });
  test('by name, duration and rules package, alone and together', async () => {
    expect(await list({ filter: { namePattern: 't1*' } })).toEqual(those(({ target }) => target === targets[1]));
    expect(await list({ filter: { namePattern: 't1**3' } })).toEqual(those(({ name }) => name === 't1*3'));
    expect(await list({ filter: { namePattern: 'T1*' } })).toEqual([]);
    const durationRange = { minSeconds: 240, maxSeconds: 3600 };
    expect(await list({ filter: { durationRange } })).toEqual(
      those(({ duration }) => duration >= 240 && duration <= 3600),
    );
    expect(await list({ filter: { durationRange: { minSeconds: 3601 } } })).toEqual(
      those(({ duration }) => duration >= 3601),
    );
    expect(await list({ filter: { durationRange: { maxSeconds: 180 } } })).toEqual(
      those(({ duration }) => duration <= 180),
    );
    const rulesPackageArns = [given(packages[0]), given(packages[3])];
    const has = (own: readonly string[]) => own.some((arn) => rulesPackageArns.includes(arn));
    expect(await list({ filter: { rulesPackageArns } })).toEqual(those((template) => has(template.packages)));
    expect(
      await list({
        assessmentTargetArns: [targets[2]],
        filter: { namePattern: 't*', durationRange, rulesPackageArns },
      }),
    ).toEqual(
      those(
        ({ target, duration, packages: own }) =>
          target === targets[2] && duration >= 240 && duration <= 3600 && has(own),
      ),
    );
  });
  test('a rules package of another region matches nothing, beside one of this region', async () => {
    const [elsewhere] = await rulesPackages(server().client('eu-west-1'));
    expect(await list({ filter: { rulesPackageArns: [elsewhere] } })).toEqual([]);
    expect(await list({ filter: { rulesPackageArns: [elsewhere, packages[0]] } })).toEqual(
      those(({ packages: own }) => own.includes(given(packages[0]))),
    );
  });
  test('another account and another region have none', async () => {
    const key = await server().addKey('AKIDOTHER', '210987654321');
    expect(await list({}, { key })).toEqual([]);
    expect(await list({}, { region: 'eu-west-1' })).toEqual([]);
  });
});
