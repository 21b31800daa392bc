import { CreateAssessmentTemplateCommand, DescribeAssessmentTemplatesCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, given, newId, newName, rulesPackages, withId } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { startTestServer } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let target = '';
let packages: string[] = [];
beforeAll(async () => {
  target = await createTarget(server().client());
  packages = await rulesPackages(server().client());
});

const input = (change: Readonly<Record<string, unknown>> = {}) => ({
  assessmentTargetArn: target,
  assessmentTemplateName: newName(),
  durationInSeconds: 3600,
  rulesPackageArns: packages,
  ...change,
});
const answer = async (change: Readonly<Record<string, unknown>>) => {
  const reply = await rawRequest(server(), 'CreateAssessmentTemplate', input(change));
  return reply.status === 200 ? 'OK' : errorOf(reply);
};

describeSerialization('CreateAssessmentTemplate', server);

describe('validation', () => {
  testReferences({
    operation: 'CreateAssessmentTemplate',
    kind: 'target',
    server,
    own: () => target,
    input: (assessmentTargetArn) => input({ assessmentTargetArn }),
  });

  test('rules packages: at least one, each once, of this region, and known', async () => {
    const [first] = packages;
    expect(await answer({ rulesPackageArns: [] })).toBe('InvalidInputException INVALID_NUMBER_OF_RULES_PACKAGE_ARNS');
    expect(await answer({ rulesPackageArns: [first, first] })).toBe('InvalidInputException INVALID_RULES_PACKAGE_ARN');
    expect(await answer({ rulesPackageArns: [first, target] })).toBe('InvalidInputException INVALID_RULES_PACKAGE_ARN');
    const missing = 'NoSuchEntityException RULES_PACKAGE_DOES_NOT_EXIST';
    expect(await answer({ rulesPackageArns: [first, withId(given(first), 0, newId())] })).toBe(missing);
    const [elsewhere] = await rulesPackages(server().client('eu-west-1'));
    expect(await answer({ rulesPackageArns: [elsewhere] })).toBe(missing);
    expect(await answer({ rulesPackageArns: [first?.replace(/\d{12}/, '123456789012')] })).toBe(missing);
  });

  test('attributes: each key once', async () => {
    const userAttributesForFindings = [{ key: 'a', value: '1' }, { key: 'b' }, { key: 'a', value: '2' }];
    expect(await answer({ userAttributesForFindings })).toBe('InvalidInputException INVALID_USER_ATTRIBUTE_KEY');
  });

  test('form comes before existence, existence before the name, the name before the limit', async () => {
    const small = await startTestServer({ jobs: false, limits: { templates: 1 } });
    try {
      const arn = await createTarget(small.client());
      const ask = async (change: Readonly<Record<string, unknown>>) => {
        const reply = await rawRequest(
          small,
          'CreateAssessmentTemplate',
          input({ assessmentTargetArn: arn, ...change }),
        );
        return reply.status === 200 ? 'OK' : errorOf(reply);
      };
      const nowhere = withId(arn, 0, newId());
      expect(await ask({ assessmentTemplateName: 'taken' })).toBe('OK');
      expect(await ask({ assessmentTargetArn: nowhere, rulesPackageArns: ['x'] })).toBe(
        'InvalidInputException INVALID_RULES_PACKAGE_ARN',
      );
      expect(await ask({ assessmentTargetArn: nowhere, assessmentTemplateName: 'taken' })).toBe(
        'NoSuchEntityException ASSESSMENT_TARGET_DOES_NOT_EXIST',
      );
      expect(await ask({ assessmentTemplateName: 'taken' })).toBe(
        'InvalidInputException ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN',
      );
      expect(await ask({})).toBe('LimitExceededException ASSESSMENT_TEMPLATE_LIMIT_EXCEEDED');
    } finally {
      await small.stop();
    }
  });
});

describe('behaviour', () => {
  test('a template is described as it was made', async () => {
    const client = server().client();
    const name = newName();
    const userAttributesForFindings = [{ key: 'team', value: 'blue' }, { key: 'no value' }];
    const rulesPackageArns = packages.toReversed();
    const { assessmentTemplateArn } = await client.send(
      new CreateAssessmentTemplateCommand({
        assessmentTargetArn: target,
        assessmentTemplateName: name,
        durationInSeconds: 86_400,
        rulesPackageArns,
        userAttributesForFindings,
      }),
    );
    expect(assessmentTemplateArn?.startsWith(`${target}/template/0-`)).toBe(true);
    const described = await client.send(
      new DescribeAssessmentTemplatesCommand({ assessmentTemplateArns: [given(assessmentTemplateArn)] }),
    );
    const [template] = given(described.assessmentTemplates);
    expect(template).toEqual({
      arn: assessmentTemplateArn,
      name,
      assessmentTargetArn: target,
      durationInSeconds: 86_400,
      rulesPackageArns,
      userAttributesForFindings,
      assessmentRunCount: 0,
      createdAt: template?.createdAt,
    });
  });

  test('a name is taken once a target', async () => {
    const assessmentTemplateName = newName();
    expect(await answer({ assessmentTemplateName })).toBe('OK');
    expect(await answer({ assessmentTemplateName })).toBe(
      'InvalidInputException ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN',
    );
    expect(await answer({ assessmentTemplateName: assessmentTemplateName.toUpperCase() })).toBe('OK');
    const other = await createTarget(server().client());
    expect(await answer({ assessmentTemplateName, assessmentTargetArn: other })).toBe('OK');
  });
});
