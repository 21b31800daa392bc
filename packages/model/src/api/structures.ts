/**
 * Structures of the Inspector API 2016-02-16 that are not an operation's own. Source: the published API model; where
 * noted, the reference of ListAssessmentRuns. Over 300 lines because it is one table.
 */
import { list, map, structure } from '../shape.ts';
import {
  AgentHealth,
  AgentHealthCode,
  AgentHealthCodeList,
  AgentHealthList,
  AgentId,
  AgentIdList,
  AgentVersion,
  AmiId,
  Arn,
  ArnCount,
  AssessmentRulesPackageArnList,
  AssessmentRunDuration,
  AssessmentRunFindingCounts,
  AssessmentRunName,
  AssessmentRunNotificationSnsStatusCode,
  AssessmentRunState,
  AssessmentRunStateList,
  AssessmentTargetName,
  AssessmentTemplateName,
  AssessmentTemplateRulesPackageArnList,
  AssetType,
  AttributeKey,
  AttributeValue,
  AutoScalingGroup,
  AutoScalingGroupList,
  Bool,
  FailedItemErrorCode,
  FilterRulesPackageArnList,
  FilterSeconds,
  FindingId,
  Hostname,
  InspectorEvent,
  IocConfidence,
  Ipv4Address,
  Ipv4AddressList,
  Ipv6Addresses,
  KernelVersion,
  Long,
  Message,
  MessageType,
  NamePattern,
  NumericSeverity,
  NumericVersion,
  OperatingSystem,
  ProviderName,
  RuleNameList,
  RulesPackageName,
  ScopeType,
  ScopeValue,
  ServiceName,
  Severity,
  SeverityList,
  TagKey,
  TagValue,
  Text,
  Timestamp,
  Version,
} from './values.ts';

export const Attribute = structure({ key: AttributeKey, value: AttributeValue }, 'key');
export const UserAttributeList = list(Attribute, { min: 0, max: 10 });
export const FailedItemDetails = structure(
  { failureCode: FailedItemErrorCode, retryable: Bool },
  'failureCode',
  'retryable',
);
export const FailedItems = map(Arn, FailedItemDetails);
export const AgentFilter = structure(
  { agentHealths: AgentHealthList, agentHealthCodes: AgentHealthCodeList },
  'agentHealths',
  'agentHealthCodes',
);
export const AgentPreview = structure(
  {
    hostname: Hostname,
    agentId: AgentId,
    autoScalingGroup: AutoScalingGroup,
    agentHealth: AgentHealth,
    agentVersion: AgentVersion,
    operatingSystem: OperatingSystem,
    kernelVersion: KernelVersion,
    ipv4Address: Ipv4Address,
  },
  'agentId',
);
export const AgentPreviewList = list(AgentPreview, { min: 0, max: 100 });
export const AssessmentRunStateChange = structure(
  { stateChangedAt: Timestamp, state: AssessmentRunState },
  'stateChangedAt',
  'state',
);
export const AssessmentRunStateChangeList = list(AssessmentRunStateChange, { min: 0, max: 50 });
export const AssessmentRunNotification = structure(
  {
    date: Timestamp,
    event: InspectorEvent,
    message: Message,
    error: Bool,
    snsTopicArn: Arn,
    snsPublishStatusCode: AssessmentRunNotificationSnsStatusCode,
  },
  'date',
  'event',
  'error',
);
export const AssessmentRunNotificationList = list(AssessmentRunNotification, { min: 0, max: 50 });
export const AssessmentRun = structure(
  {
    arn: Arn,
    name: AssessmentRunName,
    assessmentTemplateArn: Arn,
    state: AssessmentRunState,
    durationInSeconds: AssessmentRunDuration,
    rulesPackageArns: AssessmentRulesPackageArnList,
    userAttributesForFindings: UserAttributeList,
    createdAt: Timestamp,
    startedAt: Timestamp,
    completedAt: Timestamp,
    stateChangedAt: Timestamp,
    dataCollected: Bool,
    stateChanges: AssessmentRunStateChangeList,
    notifications: AssessmentRunNotificationList,
    findingCounts: AssessmentRunFindingCounts,
  },
  'arn',
  'name',
  'assessmentTemplateArn',
  'state',
  'durationInSeconds',
  'rulesPackageArns',
  'userAttributesForFindings',
  'createdAt',
  'stateChangedAt',
  'dataCollected',
  'stateChanges',
  'notifications',
  'findingCounts',
);
export const TelemetryMetadata = structure(
  { messageType: MessageType, count: Long, dataSize: Long },
  'messageType',
  'count',
);
export const TelemetryMetadataList = list(TelemetryMetadata, { min: 0, max: 5000 });
export const AssessmentRunAgent = structure(
  {
    agentId: AgentId,
    assessmentRunArn: Arn,
    agentHealth: AgentHealth,
    agentHealthCode: AgentHealthCode,
    agentHealthDetails: Message,
    autoScalingGroup: AutoScalingGroup,
    telemetryMetadata: TelemetryMetadataList,
  },
  'agentId',
  'assessmentRunArn',
  'agentHealth',
  'agentHealthCode',
  'telemetryMetadata',
);
export const AssessmentRunAgentList = list(AssessmentRunAgent, { min: 0, max: 500 });
/**
 * The range of a filter, in seconds. Each bound may be 1 to 604,800 (a week): the reference of ListAssessmentRuns
 * says so, and it wins over the model, which gives the bounds of a run's own duration (180 to 86,400).
 */
export const DurationRange = structure({ minSeconds: FilterSeconds, maxSeconds: FilterSeconds });
export const TimestampRange = structure({ beginDate: Timestamp, endDate: Timestamp });
export const AssessmentRunFilter = structure({
  namePattern: NamePattern,
  states: AssessmentRunStateList,
  durationRange: DurationRange,
  rulesPackageArns: FilterRulesPackageArnList,
  startTimeRange: TimestampRange,
  completionTimeRange: TimestampRange,
  stateChangeTimeRange: TimestampRange,
});
export const AssessmentRunList = list(AssessmentRun, { min: 0, max: 10 });
export const AssessmentTarget = structure(
  { arn: Arn, name: AssessmentTargetName, resourceGroupArn: Arn, createdAt: Timestamp, updatedAt: Timestamp },
  'arn',
  'name',
  'createdAt',
  'updatedAt',
);
export const AssessmentTargetFilter = structure({ assessmentTargetNamePattern: NamePattern });
export const AssessmentTargetList = list(AssessmentTarget, { min: 0, max: 10 });
export const AssessmentTemplate = structure(
  {
    arn: Arn,
    name: AssessmentTemplateName,
    assessmentTargetArn: Arn,
    durationInSeconds: AssessmentRunDuration,
    rulesPackageArns: AssessmentTemplateRulesPackageArnList,
    userAttributesForFindings: UserAttributeList,
    lastAssessmentRunArn: Arn,
    assessmentRunCount: ArnCount,
    createdAt: Timestamp,
  },
  'arn',
  'name',
  'assessmentTargetArn',
  'durationInSeconds',
  'rulesPackageArns',
  'userAttributesForFindings',
  'assessmentRunCount',
  'createdAt',
);
export const AssessmentTemplateFilter = structure({
  namePattern: NamePattern,
  durationRange: DurationRange,
  rulesPackageArns: FilterRulesPackageArnList,
});
export const AssessmentTemplateList = list(AssessmentTemplate, { min: 0, max: 10 });
export const Tag = structure({ key: TagKey, value: TagValue }, 'key');
export const Tags = list(Tag);
export const PrivateIp = structure({ privateDnsName: Text, privateIpAddress: Text });
export const PrivateIpAddresses = list(PrivateIp);
export const SecurityGroup = structure({ groupName: Text, groupId: Text });
export const SecurityGroups = list(SecurityGroup);
export const NetworkInterface = structure({
  networkInterfaceId: Text,
  subnetId: Text,
  vpcId: Text,
  privateDnsName: Text,
  privateIpAddress: Text,
  privateIpAddresses: PrivateIpAddresses,
  publicDnsName: Text,
  publicIp: Text,
  ipv6Addresses: Ipv6Addresses,
  securityGroups: SecurityGroups,
});
export const NetworkInterfaces = list(NetworkInterface);
export const AssetAttributes = structure(
  {
    schemaVersion: NumericVersion,
    agentId: AgentId,
    autoScalingGroup: AutoScalingGroup,
    amiId: AmiId,
    hostname: Hostname,
    ipv4Addresses: Ipv4AddressList,
    tags: Tags,
    networkInterfaces: NetworkInterfaces,
  },
  'schemaVersion',
);
export const AttributeList = list(Attribute, { min: 0, max: 50 });
export const ResourceGroupTag = structure({ key: TagKey, value: TagValue }, 'key');
export const ResourceGroupTags = list(ResourceGroupTag, { min: 1, max: 10 });
export const Scope = structure({ key: ScopeType, value: ScopeValue });
export const ScopeList = list(Scope, { min: 1 });
export const Exclusion = structure(
  { arn: Arn, title: Text, description: Text, recommendation: Text, scopes: ScopeList, attributes: AttributeList },
  'arn',
  'title',
  'description',
  'recommendation',
  'scopes',
);
export const ExclusionMap = map(Arn, Exclusion, { min: 1, max: 100 });
export const InspectorServiceAttributes = structure(
  { schemaVersion: NumericVersion, assessmentRunArn: Arn, rulesPackageArn: Arn },
  'schemaVersion',
);
export const Finding = structure(
  {
    arn: Arn,
    schemaVersion: NumericVersion,
    service: ServiceName,
    serviceAttributes: InspectorServiceAttributes,
    assetType: AssetType,
    assetAttributes: AssetAttributes,
    id: FindingId,
    title: Text,
    description: Text,
    recommendation: Text,
    severity: Severity,
    numericSeverity: NumericSeverity,
    confidence: IocConfidence,
    indicatorOfCompromise: Bool,
    attributes: AttributeList,
    userAttributes: UserAttributeList,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  'arn',
  'attributes',
  'userAttributes',
  'createdAt',
  'updatedAt',
);
export const FindingList = list(Finding, { min: 0, max: 100 });
export const ResourceGroup = structure(
  { arn: Arn, tags: ResourceGroupTags, createdAt: Timestamp },
  'arn',
  'tags',
  'createdAt',
);
export const ResourceGroupList = list(ResourceGroup, { min: 0, max: 10 });
export const RulesPackage = structure(
  { arn: Arn, name: RulesPackageName, version: Version, provider: ProviderName, description: Text },
  'arn',
  'name',
  'version',
  'provider',
);
export const RulesPackageList = list(RulesPackage, { min: 0, max: 10 });
export const EventSubscription = structure({ event: InspectorEvent, subscribedAt: Timestamp }, 'event', 'subscribedAt');
export const EventSubscriptionList = list(EventSubscription, { min: 1, max: 50 });
export const ExclusionPreview = structure(
  { title: Text, description: Text, recommendation: Text, scopes: ScopeList, attributes: AttributeList },
  'title',
  'description',
  'recommendation',
  'scopes',
);
export const ExclusionPreviewList = list(ExclusionPreview, { min: 0, max: 100 });
export const FindingFilter = structure({
  agentIds: AgentIdList,
  autoScalingGroups: AutoScalingGroupList,
  ruleNames: RuleNameList,
  severities: SeverityList,
  rulesPackageArns: FilterRulesPackageArnList,
  attributes: AttributeList,
  userAttributes: AttributeList,
  creationTimeRange: TimestampRange,
});
export const Subscription = structure(
  { resourceArn: Arn, topicArn: Arn, eventSubscriptions: EventSubscriptionList },
  'resourceArn',
  'topicArn',
  'eventSubscriptions',
);
export const SubscriptionList = list(Subscription, { min: 0, max: 50 });
export const TagList = list(Tag, { min: 0, max: 10 });
