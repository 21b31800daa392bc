import type { Constraint } from '../check.ts';
import type { Path } from '../parse.ts';
import type { Static } from '../shape.ts';
import type { InvalidInputErrorCode } from './errors.ts';
import type { OperationName } from './operations.ts';

export type InvalidInputCode = Static<typeof InvalidInputErrorCode>;

/** A member's codes: for the member or one of its elements, and for the number of its elements. */
type Codes = readonly [value: InvalidInputCode, count?: InvalidInputCode];

/** The codes that the closed set of the API has a member's name in. Source: the published model's InvalidInputErrorCode. */
const members: Readonly<Record<string, Codes>> = {
  assessmentTargetArn: ['INVALID_ASSESSMENT_TARGET_ARN'],
  assessmentTargetArns: ['INVALID_ASSESSMENT_TARGET_ARN', 'INVALID_NUMBER_OF_ASSESSMENT_TARGET_ARNS'],
  previewAgentsArn: ['INVALID_ASSESSMENT_TARGET_ARN'],
  assessmentTemplateArn: ['INVALID_ASSESSMENT_TEMPLATE_ARN'],
  assessmentTemplateArns: ['INVALID_ASSESSMENT_TEMPLATE_ARN', 'INVALID_NUMBER_OF_ASSESSMENT_TEMPLATE_ARNS'],
  assessmentRunArn: ['INVALID_ASSESSMENT_RUN_ARN'],
  assessmentRunArns: ['INVALID_ASSESSMENT_RUN_ARN', 'INVALID_NUMBER_OF_ASSESSMENT_RUN_ARNS'],
  findingArns: ['INVALID_FINDING_ARN', 'INVALID_NUMBER_OF_FINDING_ARNS'],
  exclusionArns: ['INVALID_RESOURCE_ARN'],
  resourceGroupArn: ['INVALID_RESOURCE_GROUP_ARN'],
  resourceGroupArns: ['INVALID_RESOURCE_GROUP_ARN', 'INVALID_NUMBER_OF_RESOURCE_GROUP_ARNS'],
  rulesPackageArns: ['INVALID_RULES_PACKAGE_ARN', 'INVALID_NUMBER_OF_RULES_PACKAGE_ARNS'],
  resourceArn: ['INVALID_RESOURCE_ARN'],
  topicArn: ['INVALID_SNS_TOPIC_ARN'],
  roleArn: ['INVALID_IAM_ROLE_ARN'],
  assessmentTargetName: ['INVALID_ASSESSMENT_TARGET_NAME'],
  assessmentTargetNamePattern: ['INVALID_ASSESSMENT_TARGET_NAME_PATTERN'],
  assessmentTemplateName: ['INVALID_ASSESSMENT_TEMPLATE_NAME'],
  assessmentRunName: ['INVALID_ASSESSMENT_TEMPLATE_NAME'],
  namePattern: ['INVALID_ASSESSMENT_TEMPLATE_NAME_PATTERN'],
  durationInSeconds: ['INVALID_ASSESSMENT_TEMPLATE_DURATION'],
  states: ['INVALID_ASSESSMENT_RUN_STATE', 'INVALID_NUMBER_OF_ASSESSMENT_RUN_STATES'],
  startTimeRange: ['INVALID_ASSESSMENT_RUN_START_TIME_RANGE'],
  completionTimeRange: ['INVALID_ASSESSMENT_RUN_COMPLETION_TIME_RANGE'],
  stateChangeTimeRange: ['INVALID_ASSESSMENT_RUN_STATE_CHANGE_TIME_RANGE'],
  tags: ['INVALID_TAG', 'INVALID_NUMBER_OF_TAGS'],
  resourceGroupTags: ['INVALID_TAG', 'INVALID_NUMBER_OF_RESOURCE_GROUP_TAGS'],
  attributes: ['INVALID_ATTRIBUTE', 'INVALID_NUMBER_OF_ATTRIBUTES'],
  userAttributes: ['INVALID_USER_ATTRIBUTE', 'INVALID_NUMBER_OF_USER_ATTRIBUTES'],
  userAttributesForFindings: ['INVALID_USER_ATTRIBUTE', 'INVALID_NUMBER_OF_USER_ATTRIBUTES'],
  attributeKeys: ['INVALID_USER_ATTRIBUTE_KEY', 'INVALID_NUMBER_OF_USER_ATTRIBUTES'],
  agentIds: ['INVALID_AGENT_ID', 'INVALID_NUMBER_OF_AGENT_IDS'],
  autoScalingGroups: ['INVALID_AUTO_SCALING_GROUP', 'INVALID_NUMBER_OF_AUTO_SCALING_GROUPS'],
  ruleNames: ['INVALID_RULE_NAME', 'INVALID_NUMBER_OF_RULE_NAMES'],
  severities: ['INVALID_SEVERITY', 'INVALID_NUMBER_OF_SEVERITIES'],
  nextToken: ['INVALID_PAGINATION_TOKEN'],
  maxResults: ['INVALID_MAX_RESULTS'],
  locale: ['INVALID_LOCALE'],
  event: ['INVALID_EVENT'],
};

/** Keys and values of tags and attributes have codes of their own, by the list that they are in. */
const pairs: Readonly<Record<string, { readonly key: InvalidInputCode; readonly value: InvalidInputCode }>> = {
  tags: { key: 'INVALID_TAG_KEY', value: 'INVALID_TAG_VALUE' },
  resourceGroupTags: { key: 'INVALID_RESOURCE_GROUP_TAG_KEY', value: 'INVALID_RESOURCE_GROUP_TAG_VALUE' },
  userAttributes: { key: 'INVALID_USER_ATTRIBUTE_KEY', value: 'INVALID_USER_ATTRIBUTE_VALUE' },
  userAttributesForFindings: { key: 'INVALID_USER_ATTRIBUTE_KEY', value: 'INVALID_USER_ATTRIBUTE_VALUE' },
};

/** For members that the closed set has no code for: stopAction, agentHealths, reportType … (our decision). */
const FALLBACK: InvalidInputCode = 'INVALID_ATTRIBUTE';

/** The errorCode of a fault at a place of an operation's input. */
export function faultCode(operation: OperationName, path: Path, constraint: Constraint): InvalidInputCode {
  const names = path.filter((part) => typeof part === 'string');
  if (names.includes('durationRange')) {
    return operation === 'ListAssessmentTemplates'
      ? 'INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE'
      : 'INVALID_ASSESSMENT_RUN_DURATION_RANGE';
  }
  // AddAttributesToFindings calls the user's attributes `attributes`, as a finding's filter calls the system's.
  const list = operation === 'AddAttributesToFindings' && names[0] === 'attributes' ? 'userAttributes' : undefined;
  const last = names.at(-1) ?? '';
  const pair = pairs[list ?? names.at(-2) ?? ''];
  if (pair && names.length > 1 && (last === 'key' || last === 'value')) return pair[last];
  for (const name of [list && names.length === 1 ? list : last, ...names.toReversed()]) {
    const codes = members[name];
    if (codes) return (constraint === 'count' && codes[1]) || codes[0];
  }
  return FALLBACK;
}
