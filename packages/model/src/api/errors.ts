/** The modelled errors of the Inspector API 2016-02-16 and their closed sets of codes. Source: the published API model. */
import { enumeration, list, structure } from '../shape.ts';
import { AgentId, Arn, Bool, ErrorMessage } from './values.ts';

export const AccessDeniedErrorCode = enumeration(
  'ACCESS_DENIED_TO_ASSESSMENT_TARGET',
  'ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE',
  'ACCESS_DENIED_TO_ASSESSMENT_RUN',
  'ACCESS_DENIED_TO_FINDING',
  'ACCESS_DENIED_TO_RESOURCE_GROUP',
  'ACCESS_DENIED_TO_RULES_PACKAGE',
  'ACCESS_DENIED_TO_SNS_TOPIC',
  'ACCESS_DENIED_TO_IAM_ROLE',
);
export const AccessDeniedException = structure(
  { message: ErrorMessage, errorCode: AccessDeniedErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
export const AgentAlreadyRunningAssessment = structure(
  { agentId: AgentId, assessmentRunArn: Arn },
  'agentId',
  'assessmentRunArn',
);
export const AgentAlreadyRunningAssessmentList = list(AgentAlreadyRunningAssessment, { min: 1, max: 10 });
export const AgentsAlreadyRunningAssessmentException = structure(
  { message: ErrorMessage, agents: AgentAlreadyRunningAssessmentList, agentsTruncated: Bool, canRetry: Bool },
  'message',
  'agents',
  'agentsTruncated',
  'canRetry',
);
export const AssessmentRunInProgressArnList = list(Arn, { min: 1, max: 10 });
export const AssessmentRunInProgressException = structure(
  {
    message: ErrorMessage,
    assessmentRunArns: AssessmentRunInProgressArnList,
    assessmentRunArnsTruncated: Bool,
    canRetry: Bool,
  },
  'message',
  'assessmentRunArns',
  'assessmentRunArnsTruncated',
  'canRetry',
);
export const InternalException = structure({ message: ErrorMessage, canRetry: Bool }, 'message', 'canRetry');
export const InvalidCrossAccountRoleErrorCode = enumeration(
  'ROLE_DOES_NOT_EXIST_OR_INVALID_TRUST_RELATIONSHIP',
  'ROLE_DOES_NOT_HAVE_CORRECT_POLICY',
);
export const InvalidCrossAccountRoleException = structure(
  { message: ErrorMessage, errorCode: InvalidCrossAccountRoleErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
export const InvalidInputErrorCode = enumeration(
  'INVALID_ASSESSMENT_TARGET_ARN',
  'INVALID_ASSESSMENT_TEMPLATE_ARN',
  'INVALID_ASSESSMENT_RUN_ARN',
  'INVALID_FINDING_ARN',
  'INVALID_RESOURCE_GROUP_ARN',
  'INVALID_RULES_PACKAGE_ARN',
  'INVALID_RESOURCE_ARN',
  'INVALID_SNS_TOPIC_ARN',
  'INVALID_IAM_ROLE_ARN',
  'INVALID_ASSESSMENT_TARGET_NAME',
  'INVALID_ASSESSMENT_TARGET_NAME_PATTERN',
  'INVALID_ASSESSMENT_TEMPLATE_NAME',
  'INVALID_ASSESSMENT_TEMPLATE_NAME_PATTERN',
  'INVALID_ASSESSMENT_TEMPLATE_DURATION',
  'INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE',
  'INVALID_ASSESSMENT_RUN_DURATION_RANGE',
  'INVALID_ASSESSMENT_RUN_START_TIME_RANGE',
  'INVALID_ASSESSMENT_RUN_COMPLETION_TIME_RANGE',
  'INVALID_ASSESSMENT_RUN_STATE_CHANGE_TIME_RANGE',
  'INVALID_ASSESSMENT_RUN_STATE',
  'INVALID_TAG',
  'INVALID_TAG_KEY',
  'INVALID_TAG_VALUE',
  'INVALID_RESOURCE_GROUP_TAG_KEY',
  'INVALID_RESOURCE_GROUP_TAG_VALUE',
  'INVALID_ATTRIBUTE',
  'INVALID_USER_ATTRIBUTE',
  'INVALID_USER_ATTRIBUTE_KEY',
  'INVALID_USER_ATTRIBUTE_VALUE',
  'INVALID_PAGINATION_TOKEN',
  'INVALID_MAX_RESULTS',
  'INVALID_AGENT_ID',
  'INVALID_AUTO_SCALING_GROUP',
  'INVALID_RULE_NAME',
  'INVALID_SEVERITY',
  'INVALID_LOCALE',
  'INVALID_EVENT',
  'ASSESSMENT_TARGET_NAME_ALREADY_TAKEN',
  'ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN',
  'INVALID_NUMBER_OF_ASSESSMENT_TARGET_ARNS',
  'INVALID_NUMBER_OF_ASSESSMENT_TEMPLATE_ARNS',
  'INVALID_NUMBER_OF_ASSESSMENT_RUN_ARNS',
  'INVALID_NUMBER_OF_FINDING_ARNS',
  'INVALID_NUMBER_OF_RESOURCE_GROUP_ARNS',
  'INVALID_NUMBER_OF_RULES_PACKAGE_ARNS',
  'INVALID_NUMBER_OF_ASSESSMENT_RUN_STATES',
  'INVALID_NUMBER_OF_TAGS',
  'INVALID_NUMBER_OF_RESOURCE_GROUP_TAGS',
  'INVALID_NUMBER_OF_ATTRIBUTES',
  'INVALID_NUMBER_OF_USER_ATTRIBUTES',
  'INVALID_NUMBER_OF_AGENT_IDS',
  'INVALID_NUMBER_OF_AUTO_SCALING_GROUPS',
  'INVALID_NUMBER_OF_RULE_NAMES',
  'INVALID_NUMBER_OF_SEVERITIES',
);
export const InvalidInputException = structure(
  { message: ErrorMessage, errorCode: InvalidInputErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
export const LimitExceededErrorCode = enumeration(
  'ASSESSMENT_TARGET_LIMIT_EXCEEDED',
  'ASSESSMENT_TEMPLATE_LIMIT_EXCEEDED',
  'ASSESSMENT_RUN_LIMIT_EXCEEDED',
  'RESOURCE_GROUP_LIMIT_EXCEEDED',
  'EVENT_SUBSCRIPTION_LIMIT_EXCEEDED',
);
export const LimitExceededException = structure(
  { message: ErrorMessage, errorCode: LimitExceededErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
export const NoSuchEntityErrorCode = enumeration(
  'ASSESSMENT_TARGET_DOES_NOT_EXIST',
  'ASSESSMENT_TEMPLATE_DOES_NOT_EXIST',
  'ASSESSMENT_RUN_DOES_NOT_EXIST',
  'FINDING_DOES_NOT_EXIST',
  'RESOURCE_GROUP_DOES_NOT_EXIST',
  'RULES_PACKAGE_DOES_NOT_EXIST',
  'SNS_TOPIC_DOES_NOT_EXIST',
  'IAM_ROLE_DOES_NOT_EXIST',
);
export const NoSuchEntityException = structure(
  { message: ErrorMessage, errorCode: NoSuchEntityErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
export const PreviewGenerationInProgressException = structure({ message: ErrorMessage }, 'message');
export const ServiceTemporarilyUnavailableException = structure(
  { message: ErrorMessage, canRetry: Bool },
  'message',
  'canRetry',
);
export const UnsupportedFeatureException = structure({ message: ErrorMessage, canRetry: Bool }, 'message', 'canRetry');

export const errors = {
  AccessDeniedException,
  AgentsAlreadyRunningAssessmentException,
  AssessmentRunInProgressException,
  InternalException,
  InvalidCrossAccountRoleException,
  InvalidInputException,
  LimitExceededException,
  NoSuchEntityException,
  PreviewGenerationInProgressException,
  ServiceTemporarilyUnavailableException,
  UnsupportedFeatureException,
};

export type ErrorName = keyof typeof errors;
