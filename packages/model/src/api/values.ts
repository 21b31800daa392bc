/** Strings, numbers and enums of the Inspector API 2016-02-16, with their constraints, and lists of them. Source: the published API model. */
import { boolean, double, enumeration, integer, list, long, map, string, timestamp } from '../shape.ts';

export const ErrorMessage = string({ min: 0, max: 1000 });
export const Bool = boolean;
export const Arn = string({ min: 1, max: 300 });
export const AddRemoveAttributesFindingArnList = list(Arn, { min: 1, max: 10 });
export const AttributeKey = string({ min: 1, max: 128 });
export const AttributeValue = string({ min: 1, max: 256 });
export const FailedItemErrorCode = enumeration(
  'INVALID_ARN',
  'DUPLICATE_ARN',
  'ITEM_DOES_NOT_EXIST',
  'ACCESS_DENIED',
  'LIMIT_EXCEEDED',
  'INTERNAL_ERROR',
);
export const AgentId = string({ min: 1, max: 128 });
export const AgentHealth = enumeration('HEALTHY', 'UNHEALTHY', 'UNKNOWN');
export const AgentHealthList = list(AgentHealth, { min: 0, max: 10 });
export const AgentHealthCode = enumeration('IDLE', 'RUNNING', 'SHUTDOWN', 'UNHEALTHY', 'THROTTLED', 'UNKNOWN');
export const AgentHealthCodeList = list(AgentHealthCode, { min: 0, max: 10 });
export const AgentIdList = list(AgentId, { min: 0, max: 99 });
export const Hostname = string({ min: 0, max: 256 });
export const AutoScalingGroup = string({ min: 1, max: 256 });
export const AgentVersion = string({ min: 1, max: 128 });
export const OperatingSystem = string({ min: 1, max: 256 });
export const KernelVersion = string({ min: 1, max: 128 });
export const Ipv4Address = string({ min: 7, max: 15 });
export const AmiId = string({ min: 0, max: 256 });
export const ArnCount = integer();
export const AssessmentRulesPackageArnList = list(Arn, { min: 1, max: 50 });
export const AssessmentRunName = string({ min: 1, max: 140 });
export const AssessmentRunState = enumeration(
  'CREATED',
  'START_DATA_COLLECTION_PENDING',
  'START_DATA_COLLECTION_IN_PROGRESS',
  'COLLECTING_DATA',
  'STOP_DATA_COLLECTION_PENDING',
  'DATA_COLLECTED',
  'START_EVALUATING_RULES_PENDING',
  'EVALUATING_RULES',
  'FAILED',
  'ERROR',
  'COMPLETED',
  'COMPLETED_WITH_ERRORS',
  'CANCELED',
);
export const AssessmentRunDuration = integer({ min: 180, max: 86400 });
export const Timestamp = timestamp;
export const InspectorEvent = enumeration(
  'ASSESSMENT_RUN_STARTED',
  'ASSESSMENT_RUN_COMPLETED',
  'ASSESSMENT_RUN_STATE_CHANGED',
  'FINDING_REPORTED',
  'OTHER',
);
export const Message = string({ min: 0, max: 1000 });
export const AssessmentRunNotificationSnsStatusCode = enumeration(
  'SUCCESS',
  'TOPIC_DOES_NOT_EXIST',
  'ACCESS_DENIED',
  'INTERNAL_ERROR',
);
export const Severity = enumeration('Low', 'Medium', 'High', 'Informational', 'Undefined');
export const FindingCount = integer();
export const AssessmentRunFindingCounts = map(Severity, FindingCount);
export const MessageType = string({ min: 1, max: 300 });
export const Long = long();
export const NamePattern = string({ min: 1, max: 140 });
export const AssessmentRunStateList = list(AssessmentRunState, { min: 0, max: 50 });
export const FilterRulesPackageArnList = list(Arn, { min: 0, max: 50 });
export const AssessmentTargetName = string({ min: 1, max: 140 });
export const AssessmentTemplateName = string({ min: 1, max: 140 });
export const AssessmentTemplateRulesPackageArnList = list(Arn, { min: 0, max: 50 });
export const NumericVersion = integer({ min: 0 });
export const Ipv4AddressList = list(Ipv4Address, { min: 0, max: 50 });
export const TagKey = string({ min: 1, max: 128 });
export const TagValue = string({ min: 1, max: 256 });
export const Text = string({ min: 0, max: 20000 });
export const Ipv6Addresses = list(Text);
export const AssetType = enumeration('ec2-instance');
export const AutoScalingGroupList = list(AutoScalingGroup, { min: 0, max: 20 });
export const BatchDescribeArnList = list(Arn, { min: 1, max: 10 });
export const BatchDescribeExclusionsArnList = list(Arn, { min: 1, max: 100 });
export const UUID = string({ pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/ });
export const Locale = enumeration('EN_US');
export const ScopeType = enumeration('INSTANCE_ID', 'RULES_PACKAGE_ARN');
export const ScopeValue = string();
export const ServiceName = string({ min: 0, max: 128 });
export const FindingId = string({ min: 0, max: 128 });
export const NumericSeverity = double({ min: 0, max: 10 });
export const IocConfidence = integer({ min: 0, max: 10 });
export const RulesPackageName = string({ min: 0, max: 1000 });
export const Version = string({ min: 0, max: 1000 });
export const ProviderName = string({ min: 0, max: 1000 });
export const RuleName = string({ max: 1000 });
export const RuleNameList = list(RuleName, { min: 0, max: 50 });
export const SeverityList = list(Severity, { min: 0, max: 50 });
export const ReportFileFormat = enumeration('HTML', 'PDF');
export const ReportType = enumeration('FINDING', 'FULL');
export const ReportStatus = enumeration('WORK_IN_PROGRESS', 'FAILED', 'COMPLETED');
export const Url = string({ max: 2048 });
export const PaginationToken = string({ min: 1, max: 300 });
/** Items of a page. The model gives no bounds; the reference of ListAssessmentRuns says 500 at most. */
const PageSize = integer({ min: 1, max: 500 });
export const ListMaxResults = PageSize;
export const PreviewStatus = enumeration('WORK_IN_PROGRESS', 'COMPLETED');
export const ListParentArnList = list(Arn, { min: 0, max: 50 });
export const ListReturnedArnList = list(Arn, { min: 0, max: 100 });
export const ListEventSubscriptionsMaxResults = PageSize;
export const PreviewAgentsMaxResults = PageSize;
export const UserAttributeKeyList = list(AttributeKey, { min: 0, max: 10 });
export const StopAction = enumeration('START_EVALUATION', 'SKIP_EVALUATION');
export const FilterSeconds = integer({ min: 1, max: 604800 });
