/** What the API must say, written down by hand: nothing here is asked of the code that is tested. */
import type { OperationName } from '@assay/model/api/operations.ts';

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

/** The errorCode of a fault at a place, `filter.states[]`; `count` for a wrong number of a list's elements. */
export function codeOf(operation: OperationName, place: string, count: boolean): string {
  const key = count ? `${place}#` : place;
  const code = codes[`${operation} ${key}`] ?? codes[key] ?? codes[place];
  if (code === undefined) throw new Error(`No code is written down for ${operation} ${key}`);
  return code;
}

const noSuch = (entity: string): string => `NoSuchEntityException ${entity}_DOES_NOT_EXIST`;
const target = noSuch('ASSESSMENT_TARGET');
const template = noSuch('ASSESSMENT_TEMPLATE');
const run = noSuch('ASSESSMENT_RUN');

/** What an operation answers to an input that keeps every constraint, of which nothing is there. */
export const baselines: Readonly<Record<OperationName, string>> = {
  AddAttributesToFindings: 'OK',
  CreateAssessmentTarget: noSuch('RESOURCE_GROUP'),
  CreateAssessmentTemplate: target,
  CreateExclusionsPreview: template,
  CreateResourceGroup: 'OK',
  DeleteAssessmentRun: run,
  DeleteAssessmentTarget: target,
  DeleteAssessmentTemplate: template,
  DescribeAssessmentRuns: 'OK',
  DescribeAssessmentTargets: 'OK',
  DescribeAssessmentTemplates: 'OK',
  DescribeCrossAccountAccessRole: 'OK',
  DescribeExclusions: 'OK',
  DescribeFindings: 'OK',
  DescribeResourceGroups: 'OK',
  DescribeRulesPackages: 'OK',
  GetAssessmentReport: run,
  GetExclusionsPreview: template,
  GetTelemetryMetadata: run,
  ListAssessmentRunAgents: run,
  ListAssessmentRuns: 'OK',
  ListAssessmentTargets: 'OK',
  ListAssessmentTemplates: 'OK',
  ListEventSubscriptions: 'OK',
  ListExclusions: run,
  ListFindings: 'OK',
  ListRulesPackages: 'OK',
  ListTagsForResource: template,
  PreviewAgents: target,
  RegisterCrossAccountAccessRole: 'OK',
  RemoveAttributesFromFindings: 'OK',
  SetTagsForResource: template,
  StartAssessmentRun: template,
  StopAssessmentRun: run,
  SubscribeToEvent: template,
  UnsubscribeFromEvent: template,
  UpdateAssessmentTarget: target,
};

/** ARNs that cannot be used fail one by one in failedItems: the call itself succeeds. */
const failsItemByItem = (operation: OperationName, place: string): boolean =>
  operation.startsWith('Describe') || place.startsWith('findingArns');

/** An ARN of a resource that is given and not there, where an operation's answer without it is another. */
const missing: Readonly<Record<string, string>> = {
  'ListAssessmentRuns assessmentTemplateArns': template,
  'ListAssessmentTemplates assessmentTargetArns': target,
  'ListFindings assessmentRunArns': run,
  'ListEventSubscriptions resourceArn': template,
};

/** The same value twice in a list, where that is refused. */
const duplicates: Readonly<Record<string, string>> = {
  'AddAttributesToFindings attributes': 'INVALID_USER_ATTRIBUTE_KEY',
  'CreateAssessmentTemplate rulesPackageArns': 'INVALID_RULES_PACKAGE_ARN',
  'CreateAssessmentTemplate userAttributesForFindings': 'INVALID_USER_ATTRIBUTE_KEY',
  'CreateResourceGroup resourceGroupTags': 'INVALID_TAG',
  'SetTagsForResource tags': 'INVALID_TAG_KEY',
};

export const duplicateCode = (operation: OperationName, place: string): string | undefined =>
  duplicates[`${operation} ${place}`];

/** What is answered to a value that keeps the constraints of its place, by what the value means. */
export function meaningOf(operation: OperationName, place: string, value: unknown): string {
  const texts = (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string');
  const refused = (): string => `InvalidInputException ${codeOf(operation, place, false)}`;
  if (place === 'nextToken') return refused();
  const bare = place.replace('[]', '');
  if (/Arns?$/.test(bare) && !failsItemByItem(operation, place)) {
    if (texts.some((text) => !/^arn:aws:(inspector|sns|iam):/.test(text))) return refused();
    if (texts.length > 0) return missing[`${operation} ${bare}`] ?? baselines[operation];
  }
  // The type lets a template have no rules package; it would assess nothing (our decision).
  if (operation === 'CreateAssessmentTemplate' && place === 'rulesPackageArns' && texts.length === 0) {
    return `InvalidInputException ${codeOf(operation, place, true)}`;
  }
  return baselines[operation];
}
