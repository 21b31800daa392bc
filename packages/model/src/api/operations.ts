/**
 * The 37 operations of the Inspector API 2016-02-16. Source: the published API model.
 * Over 300 lines because it is one table: splitting it would only scatter the operations.
 */
import { type Static, structure } from '../shape.ts';
import {
  AgentFilter,
  AgentPreviewList,
  AssessmentRunAgentList,
  AssessmentRunFilter,
  AssessmentRunList,
  AssessmentTargetFilter,
  AssessmentTargetList,
  AssessmentTemplateFilter,
  AssessmentTemplateList,
  ExclusionMap,
  ExclusionPreviewList,
  FailedItems,
  FindingFilter,
  FindingList,
  ResourceGroupList,
  ResourceGroupTags,
  RulesPackageList,
  SubscriptionList,
  TagList,
  TelemetryMetadataList,
  UserAttributeList,
} from './structures.ts';
import {
  AddRemoveAttributesFindingArnList,
  Arn,
  AssessmentRunDuration,
  AssessmentRunName,
  AssessmentTargetName,
  AssessmentTemplateName,
  AssessmentTemplateRulesPackageArnList,
  BatchDescribeArnList,
  BatchDescribeExclusionsArnList,
  Bool,
  InspectorEvent,
  ListEventSubscriptionsMaxResults,
  ListMaxResults,
  ListParentArnList,
  ListReturnedArnList,
  Locale,
  PaginationToken,
  PreviewAgentsMaxResults,
  PreviewStatus,
  ReportFileFormat,
  ReportStatus,
  ReportType,
  StopAction,
  Timestamp,
  Url,
  UserAttributeKeyList,
  UUID,
} from './values.ts';

/** No input, or no output. */
const Nothing = structure({});
export const AddAttributesToFindingsRequest = structure(
  { findingArns: AddRemoveAttributesFindingArnList, attributes: UserAttributeList },
  'findingArns',
  'attributes',
);
export const AddAttributesToFindingsResponse = structure({ failedItems: FailedItems }, 'failedItems');
export const CreateAssessmentTargetRequest = structure(
  { assessmentTargetName: AssessmentTargetName, resourceGroupArn: Arn },
  'assessmentTargetName',
);
export const CreateAssessmentTargetResponse = structure({ assessmentTargetArn: Arn }, 'assessmentTargetArn');
export const CreateAssessmentTemplateRequest = structure(
  {
    assessmentTargetArn: Arn,
    assessmentTemplateName: AssessmentTemplateName,
    durationInSeconds: AssessmentRunDuration,
    rulesPackageArns: AssessmentTemplateRulesPackageArnList,
    userAttributesForFindings: UserAttributeList,
  },
  'assessmentTargetArn',
  'assessmentTemplateName',
  'durationInSeconds',
  'rulesPackageArns',
);
export const CreateAssessmentTemplateResponse = structure({ assessmentTemplateArn: Arn }, 'assessmentTemplateArn');
export const CreateExclusionsPreviewRequest = structure({ assessmentTemplateArn: Arn }, 'assessmentTemplateArn');
export const CreateExclusionsPreviewResponse = structure({ previewToken: UUID }, 'previewToken');
export const CreateResourceGroupRequest = structure({ resourceGroupTags: ResourceGroupTags }, 'resourceGroupTags');
export const CreateResourceGroupResponse = structure({ resourceGroupArn: Arn }, 'resourceGroupArn');
export const DeleteAssessmentRunRequest = structure({ assessmentRunArn: Arn }, 'assessmentRunArn');
export const DeleteAssessmentTargetRequest = structure({ assessmentTargetArn: Arn }, 'assessmentTargetArn');
export const DeleteAssessmentTemplateRequest = structure({ assessmentTemplateArn: Arn }, 'assessmentTemplateArn');
export const DescribeAssessmentRunsRequest = structure(
  { assessmentRunArns: BatchDescribeArnList },
  'assessmentRunArns',
);
export const DescribeAssessmentRunsResponse = structure(
  { assessmentRuns: AssessmentRunList, failedItems: FailedItems },
  'assessmentRuns',
  'failedItems',
);
export const DescribeAssessmentTargetsRequest = structure(
  { assessmentTargetArns: BatchDescribeArnList },
  'assessmentTargetArns',
);
export const DescribeAssessmentTargetsResponse = structure(
  { assessmentTargets: AssessmentTargetList, failedItems: FailedItems },
  'assessmentTargets',
  'failedItems',
);
export const DescribeAssessmentTemplatesRequest = structure(
  { assessmentTemplateArns: BatchDescribeArnList },
  'assessmentTemplateArns',
);
export const DescribeAssessmentTemplatesResponse = structure(
  { assessmentTemplates: AssessmentTemplateList, failedItems: FailedItems },
  'assessmentTemplates',
  'failedItems',
);
export const DescribeCrossAccountAccessRoleResponse = structure(
  { roleArn: Arn, valid: Bool, registeredAt: Timestamp },
  'roleArn',
  'valid',
  'registeredAt',
);
export const DescribeExclusionsRequest = structure(
  { exclusionArns: BatchDescribeExclusionsArnList, locale: Locale },
  'exclusionArns',
);
export const DescribeExclusionsResponse = structure(
  { exclusions: ExclusionMap, failedItems: FailedItems },
  'exclusions',
  'failedItems',
);
export const DescribeFindingsRequest = structure({ findingArns: BatchDescribeArnList, locale: Locale }, 'findingArns');
export const DescribeFindingsResponse = structure(
  { findings: FindingList, failedItems: FailedItems },
  'findings',
  'failedItems',
);
export const DescribeResourceGroupsRequest = structure(
  { resourceGroupArns: BatchDescribeArnList },
  'resourceGroupArns',
);
export const DescribeResourceGroupsResponse = structure(
  { resourceGroups: ResourceGroupList, failedItems: FailedItems },
  'resourceGroups',
  'failedItems',
);
export const DescribeRulesPackagesRequest = structure(
  { rulesPackageArns: BatchDescribeArnList, locale: Locale },
  'rulesPackageArns',
);
export const DescribeRulesPackagesResponse = structure(
  { rulesPackages: RulesPackageList, failedItems: FailedItems },
  'rulesPackages',
  'failedItems',
);
export const GetAssessmentReportRequest = structure(
  { assessmentRunArn: Arn, reportFileFormat: ReportFileFormat, reportType: ReportType },
  'assessmentRunArn',
  'reportFileFormat',
  'reportType',
);
export const GetAssessmentReportResponse = structure({ status: ReportStatus, url: Url }, 'status');
export const GetExclusionsPreviewRequest = structure(
  {
    assessmentTemplateArn: Arn,
    previewToken: UUID,
    nextToken: PaginationToken,
    maxResults: ListMaxResults,
    locale: Locale,
  },
  'assessmentTemplateArn',
  'previewToken',
);
export const GetExclusionsPreviewResponse = structure(
  { previewStatus: PreviewStatus, exclusionPreviews: ExclusionPreviewList, nextToken: PaginationToken },
  'previewStatus',
);
export const GetTelemetryMetadataRequest = structure({ assessmentRunArn: Arn }, 'assessmentRunArn');
export const GetTelemetryMetadataResponse = structure(
  { telemetryMetadata: TelemetryMetadataList },
  'telemetryMetadata',
);
export const ListAssessmentRunAgentsRequest = structure(
  { assessmentRunArn: Arn, filter: AgentFilter, nextToken: PaginationToken, maxResults: ListMaxResults },
  'assessmentRunArn',
);
export const ListAssessmentRunAgentsResponse = structure(
  { assessmentRunAgents: AssessmentRunAgentList, nextToken: PaginationToken },
  'assessmentRunAgents',
);
export const ListAssessmentRunsRequest = structure({
  assessmentTemplateArns: ListParentArnList,
  filter: AssessmentRunFilter,
  nextToken: PaginationToken,
  maxResults: ListMaxResults,
});
export const ListAssessmentRunsResponse = structure(
  { assessmentRunArns: ListReturnedArnList, nextToken: PaginationToken },
  'assessmentRunArns',
);
export const ListAssessmentTargetsRequest = structure({
  filter: AssessmentTargetFilter,
  nextToken: PaginationToken,
  maxResults: ListMaxResults,
});
export const ListAssessmentTargetsResponse = structure(
  { assessmentTargetArns: ListReturnedArnList, nextToken: PaginationToken },
  'assessmentTargetArns',
);
export const ListAssessmentTemplatesRequest = structure({
  assessmentTargetArns: ListParentArnList,
  filter: AssessmentTemplateFilter,
  nextToken: PaginationToken,
  maxResults: ListMaxResults,
});
export const ListAssessmentTemplatesResponse = structure(
  { assessmentTemplateArns: ListReturnedArnList, nextToken: PaginationToken },
  'assessmentTemplateArns',
);
export const ListEventSubscriptionsRequest = structure({
  resourceArn: Arn,
  nextToken: PaginationToken,
  maxResults: ListEventSubscriptionsMaxResults,
});
export const ListEventSubscriptionsResponse = structure(
  { subscriptions: SubscriptionList, nextToken: PaginationToken },
  'subscriptions',
);
export const ListExclusionsRequest = structure(
  { assessmentRunArn: Arn, nextToken: PaginationToken, maxResults: ListMaxResults },
  'assessmentRunArn',
);
export const ListExclusionsResponse = structure(
  { exclusionArns: ListReturnedArnList, nextToken: PaginationToken },
  'exclusionArns',
);
export const ListFindingsRequest = structure({
  assessmentRunArns: ListParentArnList,
  filter: FindingFilter,
  nextToken: PaginationToken,
  maxResults: ListMaxResults,
});
export const ListFindingsResponse = structure(
  { findingArns: ListReturnedArnList, nextToken: PaginationToken },
  'findingArns',
);
export const ListRulesPackagesRequest = structure({ nextToken: PaginationToken, maxResults: ListMaxResults });
export const ListRulesPackagesResponse = structure(
  { rulesPackageArns: ListReturnedArnList, nextToken: PaginationToken },
  'rulesPackageArns',
);
export const ListTagsForResourceRequest = structure({ resourceArn: Arn }, 'resourceArn');
export const ListTagsForResourceResponse = structure({ tags: TagList }, 'tags');
export const PreviewAgentsRequest = structure(
  { previewAgentsArn: Arn, nextToken: PaginationToken, maxResults: PreviewAgentsMaxResults },
  'previewAgentsArn',
);
export const PreviewAgentsResponse = structure(
  { agentPreviews: AgentPreviewList, nextToken: PaginationToken },
  'agentPreviews',
);
export const RegisterCrossAccountAccessRoleRequest = structure({ roleArn: Arn }, 'roleArn');
export const RemoveAttributesFromFindingsRequest = structure(
  { findingArns: AddRemoveAttributesFindingArnList, attributeKeys: UserAttributeKeyList },
  'findingArns',
  'attributeKeys',
);
export const RemoveAttributesFromFindingsResponse = structure({ failedItems: FailedItems }, 'failedItems');
export const SetTagsForResourceRequest = structure({ resourceArn: Arn, tags: TagList }, 'resourceArn');
export const StartAssessmentRunRequest = structure(
  { assessmentTemplateArn: Arn, assessmentRunName: AssessmentRunName },
  'assessmentTemplateArn',
);
export const StartAssessmentRunResponse = structure({ assessmentRunArn: Arn }, 'assessmentRunArn');
export const StopAssessmentRunRequest = structure(
  { assessmentRunArn: Arn, stopAction: StopAction },
  'assessmentRunArn',
);
export const SubscribeToEventRequest = structure(
  { resourceArn: Arn, event: InspectorEvent, topicArn: Arn },
  'resourceArn',
  'event',
  'topicArn',
);
export const UnsubscribeFromEventRequest = structure(
  { resourceArn: Arn, event: InspectorEvent, topicArn: Arn },
  'resourceArn',
  'event',
  'topicArn',
);
export const UpdateAssessmentTargetRequest = structure(
  { assessmentTargetArn: Arn, assessmentTargetName: AssessmentTargetName, resourceGroupArn: Arn },
  'assessmentTargetArn',
  'assessmentTargetName',
);

/** Every operation with its input, its output and the errors that the model lists for it. */
export const operations = {
  AddAttributesToFindings: {
    input: AddAttributesToFindingsRequest,
    output: AddAttributesToFindingsResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  CreateAssessmentTarget: {
    input: CreateAssessmentTargetRequest,
    output: CreateAssessmentTargetResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'LimitExceededException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'InvalidCrossAccountRoleException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  CreateAssessmentTemplate: {
    input: CreateAssessmentTemplateRequest,
    output: CreateAssessmentTemplateResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'LimitExceededException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  CreateExclusionsPreview: {
    input: CreateExclusionsPreviewRequest,
    output: CreateExclusionsPreviewResponse,
    errors: [
      'InvalidInputException',
      'PreviewGenerationInProgressException',
      'InternalException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  CreateResourceGroup: {
    input: CreateResourceGroupRequest,
    output: CreateResourceGroupResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'LimitExceededException',
      'AccessDeniedException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  DeleteAssessmentRun: {
    input: DeleteAssessmentRunRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AssessmentRunInProgressException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  DeleteAssessmentTarget: {
    input: DeleteAssessmentTargetRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AssessmentRunInProgressException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  DeleteAssessmentTemplate: {
    input: DeleteAssessmentTemplateRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AssessmentRunInProgressException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  DescribeAssessmentRuns: {
    input: DescribeAssessmentRunsRequest,
    output: DescribeAssessmentRunsResponse,
    errors: ['InternalException', 'InvalidInputException'],
  },
  DescribeAssessmentTargets: {
    input: DescribeAssessmentTargetsRequest,
    output: DescribeAssessmentTargetsResponse,
    errors: ['InternalException', 'InvalidInputException'],
  },
  DescribeAssessmentTemplates: {
    input: DescribeAssessmentTemplatesRequest,
    output: DescribeAssessmentTemplatesResponse,
    errors: ['InternalException', 'InvalidInputException'],
  },
  DescribeCrossAccountAccessRole: {
    input: Nothing,
    output: DescribeCrossAccountAccessRoleResponse,
    errors: ['InternalException'],
  },
  DescribeExclusions: {
    input: DescribeExclusionsRequest,
    output: DescribeExclusionsResponse,
    errors: ['InternalException', 'InvalidInputException'],
  },
  DescribeFindings: {
    input: DescribeFindingsRequest,
    output: DescribeFindingsResponse,
    errors: ['InternalException', 'InvalidInputException'],
  },
  DescribeResourceGroups: {
    input: DescribeResourceGroupsRequest,
    output: DescribeResourceGroupsResponse,
    errors: ['InternalException', 'InvalidInputException'],
  },
  DescribeRulesPackages: {
    input: DescribeRulesPackagesRequest,
    output: DescribeRulesPackagesResponse,
    errors: ['InternalException', 'InvalidInputException'],
  },
  GetAssessmentReport: {
    input: GetAssessmentReportRequest,
    output: GetAssessmentReportResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'AssessmentRunInProgressException',
      'UnsupportedFeatureException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  GetExclusionsPreview: {
    input: GetExclusionsPreviewRequest,
    output: GetExclusionsPreviewResponse,
    errors: ['InvalidInputException', 'InternalException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  GetTelemetryMetadata: {
    input: GetTelemetryMetadataRequest,
    output: GetTelemetryMetadataResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  ListAssessmentRunAgents: {
    input: ListAssessmentRunAgentsRequest,
    output: ListAssessmentRunAgentsResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  ListAssessmentRuns: {
    input: ListAssessmentRunsRequest,
    output: ListAssessmentRunsResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  ListAssessmentTargets: {
    input: ListAssessmentTargetsRequest,
    output: ListAssessmentTargetsResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException'],
  },
  ListAssessmentTemplates: {
    input: ListAssessmentTemplatesRequest,
    output: ListAssessmentTemplatesResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  ListEventSubscriptions: {
    input: ListEventSubscriptionsRequest,
    output: ListEventSubscriptionsResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  ListExclusions: {
    input: ListExclusionsRequest,
    output: ListExclusionsResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  ListFindings: {
    input: ListFindingsRequest,
    output: ListFindingsResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  ListRulesPackages: {
    input: ListRulesPackagesRequest,
    output: ListRulesPackagesResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException'],
  },
  ListTagsForResource: {
    input: ListTagsForResourceRequest,
    output: ListTagsForResourceResponse,
    errors: ['InternalException', 'InvalidInputException', 'AccessDeniedException', 'NoSuchEntityException'],
  },
  PreviewAgents: {
    input: PreviewAgentsRequest,
    output: PreviewAgentsResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'InvalidCrossAccountRoleException',
    ],
  },
  RegisterCrossAccountAccessRole: {
    input: RegisterCrossAccountAccessRoleRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'InvalidCrossAccountRoleException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  RemoveAttributesFromFindings: {
    input: RemoveAttributesFromFindingsRequest,
    output: RemoveAttributesFromFindingsResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  SetTagsForResource: {
    input: SetTagsForResourceRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  StartAssessmentRun: {
    input: StartAssessmentRunRequest,
    output: StartAssessmentRunResponse,
    errors: [
      'InternalException',
      'InvalidInputException',
      'LimitExceededException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'InvalidCrossAccountRoleException',
      'AgentsAlreadyRunningAssessmentException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  StopAssessmentRun: {
    input: StopAssessmentRunRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  SubscribeToEvent: {
    input: SubscribeToEventRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'LimitExceededException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  UnsubscribeFromEvent: {
    input: UnsubscribeFromEventRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
  UpdateAssessmentTarget: {
    input: UpdateAssessmentTargetRequest,
    output: Nothing,
    errors: [
      'InternalException',
      'InvalidInputException',
      'AccessDeniedException',
      'NoSuchEntityException',
      'ServiceTemporarilyUnavailableException',
    ],
  },
} as const;

export type OperationName = keyof typeof operations;
export type Input<O extends OperationName> = Static<(typeof operations)[O]['input']>;
export type Output<O extends OperationName> = Static<(typeof operations)[O]['output']>;
