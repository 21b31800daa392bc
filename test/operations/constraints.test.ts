/** Every constraint of every operation's input, at its edges and one beyond, with the errorCode that names it. */
import type { OperationName } from '@assay/model/api/operations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtOperations } from '../support/built-operations.ts';
import { type ConstraintCase, constraintCases } from '../support/constraint-cases.ts';
import { errorOf, rawRequest } from '../support/raw-request.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ jobs: false, strict: true, limits: { targets: 1000 } });
});
afterAll(() => server.stop());

/** The errorCode of a place; `#` stands for the number of a list's elements. */
const codes: Readonly<Record<string, string>> = {
  assessmentTargetArn: 'INVALID_ASSESSMENT_TARGET_ARN',
  previewAgentsArn: 'INVALID_ASSESSMENT_TARGET_ARN',
  assessmentTargetArns: 'INVALID_ASSESSMENT_TARGET_ARN',
  'assessmentTargetArns[]': 'INVALID_ASSESSMENT_TARGET_ARN',
  'assessmentTargetArns#': 'INVALID_NUMBER_OF_ASSESSMENT_TARGET_ARNS',
  assessmentTemplateArn: 'INVALID_ASSESSMENT_TEMPLATE_ARN',
  assessmentTemplateArns: 'INVALID_ASSESSMENT_TEMPLATE_ARN',
  'assessmentTemplateArns[]': 'INVALID_ASSESSMENT_TEMPLATE_ARN',
  'assessmentTemplateArns#': 'INVALID_NUMBER_OF_ASSESSMENT_TEMPLATE_ARNS',
  assessmentRunArn: 'INVALID_ASSESSMENT_RUN_ARN',
  assessmentRunArns: 'INVALID_ASSESSMENT_RUN_ARN',
  'assessmentRunArns[]': 'INVALID_ASSESSMENT_RUN_ARN',
  'assessmentRunArns#': 'INVALID_NUMBER_OF_ASSESSMENT_RUN_ARNS',
  findingArns: 'INVALID_FINDING_ARN',
  'findingArns[]': 'INVALID_FINDING_ARN',
  'findingArns#': 'INVALID_NUMBER_OF_FINDING_ARNS',
  // The closed set has no code for exclusions.
  exclusionArns: 'INVALID_RESOURCE_ARN',
  'exclusionArns[]': 'INVALID_RESOURCE_ARN',
  'exclusionArns#': 'INVALID_RESOURCE_ARN',
  resourceGroupArn: 'INVALID_RESOURCE_GROUP_ARN',
  resourceGroupArns: 'INVALID_RESOURCE_GROUP_ARN',
  'resourceGroupArns[]': 'INVALID_RESOURCE_GROUP_ARN',
  'resourceGroupArns#': 'INVALID_NUMBER_OF_RESOURCE_GROUP_ARNS',
  rulesPackageArns: 'INVALID_RULES_PACKAGE_ARN',
  'rulesPackageArns[]': 'INVALID_RULES_PACKAGE_ARN',
  'rulesPackageArns#': 'INVALID_NUMBER_OF_RULES_PACKAGE_ARNS',
  assessmentTargetName: 'INVALID_ASSESSMENT_TARGET_NAME',
  assessmentTemplateName: 'INVALID_ASSESSMENT_TEMPLATE_NAME',
  assessmentRunName: 'INVALID_ASSESSMENT_TEMPLATE_NAME',
  durationInSeconds: 'INVALID_ASSESSMENT_TEMPLATE_DURATION',
  'userAttributesForFindings#': 'INVALID_NUMBER_OF_USER_ATTRIBUTES',
  'userAttributesForFindings[].key': 'INVALID_USER_ATTRIBUTE_KEY',
  'userAttributesForFindings[].value': 'INVALID_USER_ATTRIBUTE_VALUE',
  resourceGroupTags: 'INVALID_TAG',
  'resourceGroupTags#': 'INVALID_NUMBER_OF_RESOURCE_GROUP_TAGS',
  'resourceGroupTags[].key': 'INVALID_RESOURCE_GROUP_TAG_KEY',
  'resourceGroupTags[].value': 'INVALID_RESOURCE_GROUP_TAG_VALUE',
  locale: 'INVALID_LOCALE',
  stopAction: 'INVALID_ATTRIBUTE',
  nextToken: 'INVALID_PAGINATION_TOKEN',
  maxResults: 'INVALID_MAX_RESULTS',
  roleArn: 'INVALID_IAM_ROLE_ARN',
  topicArn: 'INVALID_SNS_TOPIC_ARN',
  resourceArn: 'INVALID_RESOURCE_ARN',
  event: 'INVALID_EVENT',
  reportFileFormat: 'INVALID_ATTRIBUTE',
  reportType: 'INVALID_ATTRIBUTE',
  previewToken: 'INVALID_ATTRIBUTE',
  attributes: 'INVALID_USER_ATTRIBUTE',
  'attributes#': 'INVALID_NUMBER_OF_USER_ATTRIBUTES',
  'attributes[].key': 'INVALID_USER_ATTRIBUTE_KEY',
  'attributes[].value': 'INVALID_USER_ATTRIBUTE_VALUE',
  attributeKeys: 'INVALID_USER_ATTRIBUTE_KEY',
  'attributeKeys[]': 'INVALID_USER_ATTRIBUTE_KEY',
  'attributeKeys#': 'INVALID_NUMBER_OF_USER_ATTRIBUTES',
  'tags#': 'INVALID_NUMBER_OF_TAGS',
  'tags[].key': 'INVALID_TAG_KEY',
  'tags[].value': 'INVALID_TAG_VALUE',
  'filter.agentHealths': 'INVALID_ATTRIBUTE',
  'filter.agentHealths#': 'INVALID_ATTRIBUTE',
  'filter.agentHealths[]': 'INVALID_ATTRIBUTE',
  'filter.agentHealthCodes': 'INVALID_ATTRIBUTE',
  'filter.agentHealthCodes#': 'INVALID_ATTRIBUTE',
  'filter.agentHealthCodes[]': 'INVALID_ATTRIBUTE',
  'filter.namePattern': 'INVALID_ASSESSMENT_TEMPLATE_NAME_PATTERN',
  'filter.assessmentTargetNamePattern': 'INVALID_ASSESSMENT_TARGET_NAME_PATTERN',
  'filter.states#': 'INVALID_NUMBER_OF_ASSESSMENT_RUN_STATES',
  'filter.states[]': 'INVALID_ASSESSMENT_RUN_STATE',
  'filter.durationRange.minSeconds': 'INVALID_ASSESSMENT_RUN_DURATION_RANGE',
  'filter.durationRange.maxSeconds': 'INVALID_ASSESSMENT_RUN_DURATION_RANGE',
  'ListAssessmentTemplates filter.durationRange.minSeconds': 'INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE',
  'ListAssessmentTemplates filter.durationRange.maxSeconds': 'INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE',
  'filter.rulesPackageArns#': 'INVALID_NUMBER_OF_RULES_PACKAGE_ARNS',
  'filter.rulesPackageArns[]': 'INVALID_RULES_PACKAGE_ARN',
  'filter.agentIds#': 'INVALID_NUMBER_OF_AGENT_IDS',
  'filter.agentIds[]': 'INVALID_AGENT_ID',
  'filter.autoScalingGroups#': 'INVALID_NUMBER_OF_AUTO_SCALING_GROUPS',
  'filter.autoScalingGroups[]': 'INVALID_AUTO_SCALING_GROUP',
  'filter.ruleNames#': 'INVALID_NUMBER_OF_RULE_NAMES',
  'filter.ruleNames[]': 'INVALID_RULE_NAME',
  'filter.severities#': 'INVALID_NUMBER_OF_SEVERITIES',
  'filter.severities[]': 'INVALID_SEVERITY',
  'filter.attributes#': 'INVALID_NUMBER_OF_ATTRIBUTES',
  'filter.attributes[].key': 'INVALID_ATTRIBUTE',
  'filter.attributes[].value': 'INVALID_ATTRIBUTE',
  'filter.userAttributes#': 'INVALID_NUMBER_OF_USER_ATTRIBUTES',
  'filter.userAttributes[].key': 'INVALID_USER_ATTRIBUTE_KEY',
  'filter.userAttributes[].value': 'INVALID_USER_ATTRIBUTE_VALUE',
};

const codeOf = (operation: OperationName, { place, constraint }: ConstraintCase): string | undefined => {
  const key = constraint === 'count' ? `${place}#` : place;
  return codes[`${operation} ${key}`] ?? codes[key];
};

/** What is refused for its meaning or its state although its shape is right. */
const meaning = [
  /^InvalidInputException INVALID_\w+_ARN: (?!\w+(\[\d+\])? must (be given|have a length|have \d))/,
  /^InvalidInputException INVALID_PAGINATION_TOKEN: The nextToken is not one /,
  // The type lets a template have no rules package; it would assess nothing.
  /^InvalidInputException INVALID_NUMBER_OF_RULES_PACKAGE_ARNS: rulesPackageArns must have 1 to 50 elements$/,
  // What the input names is not there: its shape was accepted.
  /^NoSuchEntityException /,
  /^(AccessDenied|InvalidCrossAccountRole)Exception /,
];

/** DescribeCrossAccountAccessRole has no input. */
const withInput = builtOperations.filter((operation) => constraintCases(operation).length > 0);

describe.each(withInput)('%s', (operation) => {
  const cases = constraintCases(operation);

  test('takes what is at an edge', async () => {
    for (const { place, what, input } of cases.filter(({ allowed }) => allowed)) {
      const reply = await rawRequest(server, operation, input);
      const said = reply.status === 200 ? 'OK' : `${errorOf(reply)}: ${String(reply.body.message)}`;
      if (said !== 'OK' && !meaning.some((pattern) => pattern.test(said))) expect.fail(`${place}, ${what}: ${said}`);
    }
  });

  test('refuses what is beyond it', async () => {
    const beyond = cases.filter(({ allowed }) => !allowed);
    expect(beyond.length).toBeGreaterThan(0);
    for (const refused of beyond) {
      const reply = await rawRequest(server, operation, refused.input);
      const which = `${refused.place}, ${refused.what}`;
      expect(`${which}: ${errorOf(reply)}`).toBe(`${which}: InvalidInputException ${codeOf(operation, refused)}`);
      expect(reply.status).toBe(400);
      expect(reply.body.canRetry).toBe(false);
      expect(reply.headers.get('x-amzn-errortype')).toBe('InvalidInputException');
      // The message names the place, so that the code of a neighbour does not pass for it.
      expect(
        String(reply.body.message)
          .replaceAll(/\[\d+\]/g, '[]')
          .split(' ')[0],
      ).toBe(refused.place);
    }
  });
});

test('every operation that is built was tried', () => expect(builtOperations.length).toBeGreaterThanOrEqual(24));
