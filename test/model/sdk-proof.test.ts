/** The API's shapes are those of AWS's own SDK: the types by the compiler, the closed sets of values also as they run. */

import * as errors from '@assay/model/api/errors.ts';
import { type Input, type OperationName, type Output, operations } from '@assay/model/api/operations.ts';
import * as values from '@assay/model/api/values.ts';
import type { EnumShape, Static } from '@assay/model/shape.ts';
import * as sdk from '@aws-sdk/client-inspector';
import { expect, test } from 'vitest';

/** As it is on the wire: times are numbers, and a member is there or it is not. */
type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer E)[]
    ? Wire<E>[]
    : T extends object
      ? { [K in keyof T]: Wire<Exclude<T[K], undefined>> }
      : T;
/** True for the same type, members, their names and what is optional included. */
type Same<A, B> = (<T>() => T extends Wire<A> ? 1 : 2) extends <T>() => T extends Wire<B> ? 1 : 2 ? true : false;

interface SdkInputs {
  AddAttributesToFindings: sdk.AddAttributesToFindingsCommandInput;
  CreateAssessmentTarget: sdk.CreateAssessmentTargetCommandInput;
  CreateAssessmentTemplate: sdk.CreateAssessmentTemplateCommandInput;
  CreateExclusionsPreview: sdk.CreateExclusionsPreviewCommandInput;
  CreateResourceGroup: sdk.CreateResourceGroupCommandInput;
  DeleteAssessmentRun: sdk.DeleteAssessmentRunCommandInput;
  DeleteAssessmentTarget: sdk.DeleteAssessmentTargetCommandInput;
  DeleteAssessmentTemplate: sdk.DeleteAssessmentTemplateCommandInput;
  DescribeAssessmentRuns: sdk.DescribeAssessmentRunsCommandInput;
  DescribeAssessmentTargets: sdk.DescribeAssessmentTargetsCommandInput;
  DescribeAssessmentTemplates: sdk.DescribeAssessmentTemplatesCommandInput;
  DescribeCrossAccountAccessRole: sdk.DescribeCrossAccountAccessRoleCommandInput;
  DescribeExclusions: sdk.DescribeExclusionsCommandInput;
  DescribeFindings: sdk.DescribeFindingsCommandInput;
  DescribeResourceGroups: sdk.DescribeResourceGroupsCommandInput;
  DescribeRulesPackages: sdk.DescribeRulesPackagesCommandInput;
  GetAssessmentReport: sdk.GetAssessmentReportCommandInput;
  GetExclusionsPreview: sdk.GetExclusionsPreviewCommandInput;
  GetTelemetryMetadata: sdk.GetTelemetryMetadataCommandInput;
  ListAssessmentRunAgents: sdk.ListAssessmentRunAgentsCommandInput;
  ListAssessmentRuns: sdk.ListAssessmentRunsCommandInput;
  ListAssessmentTargets: sdk.ListAssessmentTargetsCommandInput;
  ListAssessmentTemplates: sdk.ListAssessmentTemplatesCommandInput;
  ListEventSubscriptions: sdk.ListEventSubscriptionsCommandInput;
  ListExclusions: sdk.ListExclusionsCommandInput;
  ListFindings: sdk.ListFindingsCommandInput;
  ListRulesPackages: sdk.ListRulesPackagesCommandInput;
  ListTagsForResource: sdk.ListTagsForResourceCommandInput;
  PreviewAgents: sdk.PreviewAgentsCommandInput;
  RegisterCrossAccountAccessRole: sdk.RegisterCrossAccountAccessRoleCommandInput;
  RemoveAttributesFromFindings: sdk.RemoveAttributesFromFindingsCommandInput;
  SetTagsForResource: sdk.SetTagsForResourceCommandInput;
  StartAssessmentRun: sdk.StartAssessmentRunCommandInput;
  StopAssessmentRun: sdk.StopAssessmentRunCommandInput;
  SubscribeToEvent: sdk.SubscribeToEventCommandInput;
  UnsubscribeFromEvent: sdk.UnsubscribeFromEventCommandInput;
  UpdateAssessmentTarget: sdk.UpdateAssessmentTargetCommandInput;
}
interface SdkOutputs {
  AddAttributesToFindings: sdk.AddAttributesToFindingsCommandOutput;
  CreateAssessmentTarget: sdk.CreateAssessmentTargetCommandOutput;
  CreateAssessmentTemplate: sdk.CreateAssessmentTemplateCommandOutput;
  CreateExclusionsPreview: sdk.CreateExclusionsPreviewCommandOutput;
  CreateResourceGroup: sdk.CreateResourceGroupCommandOutput;
  DeleteAssessmentRun: sdk.DeleteAssessmentRunCommandOutput;
  DeleteAssessmentTarget: sdk.DeleteAssessmentTargetCommandOutput;
  DeleteAssessmentTemplate: sdk.DeleteAssessmentTemplateCommandOutput;
  DescribeAssessmentRuns: sdk.DescribeAssessmentRunsCommandOutput;
  DescribeAssessmentTargets: sdk.DescribeAssessmentTargetsCommandOutput;
  DescribeAssessmentTemplates: sdk.DescribeAssessmentTemplatesCommandOutput;
  DescribeCrossAccountAccessRole: sdk.DescribeCrossAccountAccessRoleCommandOutput;
  DescribeExclusions: sdk.DescribeExclusionsCommandOutput;
  DescribeFindings: sdk.DescribeFindingsCommandOutput;
  DescribeResourceGroups: sdk.DescribeResourceGroupsCommandOutput;
  DescribeRulesPackages: sdk.DescribeRulesPackagesCommandOutput;
  GetAssessmentReport: sdk.GetAssessmentReportCommandOutput;
  GetExclusionsPreview: sdk.GetExclusionsPreviewCommandOutput;
  GetTelemetryMetadata: sdk.GetTelemetryMetadataCommandOutput;
  ListAssessmentRunAgents: sdk.ListAssessmentRunAgentsCommandOutput;
  ListAssessmentRuns: sdk.ListAssessmentRunsCommandOutput;
  ListAssessmentTargets: sdk.ListAssessmentTargetsCommandOutput;
  ListAssessmentTemplates: sdk.ListAssessmentTemplatesCommandOutput;
  ListEventSubscriptions: sdk.ListEventSubscriptionsCommandOutput;
  ListExclusions: sdk.ListExclusionsCommandOutput;
  ListFindings: sdk.ListFindingsCommandOutput;
  ListRulesPackages: sdk.ListRulesPackagesCommandOutput;
  ListTagsForResource: sdk.ListTagsForResourceCommandOutput;
  PreviewAgents: sdk.PreviewAgentsCommandOutput;
  RegisterCrossAccountAccessRole: sdk.RegisterCrossAccountAccessRoleCommandOutput;
  RemoveAttributesFromFindings: sdk.RemoveAttributesFromFindingsCommandOutput;
  SetTagsForResource: sdk.SetTagsForResourceCommandOutput;
  StartAssessmentRun: sdk.StartAssessmentRunCommandOutput;
  StopAssessmentRun: sdk.StopAssessmentRunCommandOutput;
  SubscribeToEvent: sdk.SubscribeToEventCommandOutput;
  UnsubscribeFromEvent: sdk.UnsubscribeFromEventCommandOutput;
  UpdateAssessmentTarget: sdk.UpdateAssessmentTargetCommandOutput;
}

type Inputs = { [O in OperationName]: Same<Input<O>, SdkInputs[O]> };
type Outputs = { [O in OperationName]: Same<Output<O>, Omit<SdkOutputs[O], '$metadata'>> };
type AllTrue<N extends PropertyKey> = { readonly [K in N]: true };
const provenBy = <T>(proof: T): T => proof;

/** An operation whose shapes differ from the SDK's makes its entry `false`, and this file does not compile. */
const every = <N extends string>(names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, true])) as AllTrue<N>;
const names = Object.keys(operations) as OperationName[];
const inputs: Inputs = provenBy<AllTrue<OperationName>>(every(names));
const outputs: Outputs = provenBy<AllTrue<OperationName>>(every(names));
const sameOperations: Same<OperationName, keyof SdkInputs> = true;

// The proof can fail: a member renamed, retyped, or required where it was optional is noticed.
type Runs = Input<'ListAssessmentRuns'>;
const renamed: Same<Omit<Runs, 'nextToken'> & { nextTokens?: string }, SdkInputs['ListAssessmentRuns']> = false;
const retyped: Same<Omit<Runs, 'maxResults'> & { maxResults?: string }, SdkInputs['ListAssessmentRuns']> = false;
const demanded: Same<Omit<Runs, 'maxResults'> & { maxResults: number }, SdkInputs['ListAssessmentRuns']> = false;

/** Our enumerations beside the SDK's, of which {@link Enums} is the proof. */
const enums = {
  AccessDeniedErrorCode: [errors.AccessDeniedErrorCode, sdk.AccessDeniedErrorCode],
  AgentHealth: [values.AgentHealth, sdk.AgentHealth],
  AgentHealthCode: [values.AgentHealthCode, sdk.AgentHealthCode],
  AssessmentRunNotificationSnsStatusCode: [
    values.AssessmentRunNotificationSnsStatusCode,
    sdk.AssessmentRunNotificationSnsStatusCode,
  ],
  AssessmentRunState: [values.AssessmentRunState, sdk.AssessmentRunState],
  AssetType: [values.AssetType, sdk.AssetType],
  FailedItemErrorCode: [values.FailedItemErrorCode, sdk.FailedItemErrorCode],
  InspectorEvent: [values.InspectorEvent, sdk.InspectorEvent],
  InvalidCrossAccountRoleErrorCode: [errors.InvalidCrossAccountRoleErrorCode, sdk.InvalidCrossAccountRoleErrorCode],
  InvalidInputErrorCode: [errors.InvalidInputErrorCode, sdk.InvalidInputErrorCode],
  LimitExceededErrorCode: [errors.LimitExceededErrorCode, sdk.LimitExceededErrorCode],
  Locale: [values.Locale, sdk.Locale],
  NoSuchEntityErrorCode: [errors.NoSuchEntityErrorCode, sdk.NoSuchEntityErrorCode],
  PreviewStatus: [values.PreviewStatus, sdk.PreviewStatus],
  ReportFileFormat: [values.ReportFileFormat, sdk.ReportFileFormat],
  ReportStatus: [values.ReportStatus, sdk.ReportStatus],
  ReportType: [values.ReportType, sdk.ReportType],
  ScopeType: [values.ScopeType, sdk.ScopeType],
  Severity: [values.Severity, sdk.Severity],
  StopAction: [values.StopAction, sdk.StopAction],
} as const;
type Enums = {
  [E in keyof typeof enums]: Same<Static<(typeof enums)[E][0]>, (typeof enums)[E][1][keyof (typeof enums)[E][1]]>;
};
const enumProof: Enums = provenBy<AllTrue<keyof typeof enums>>(every(Object.keys(enums) as (keyof typeof enums)[]));

test('the compiler has proved every operation and every closed set', () => {
  expect(sameOperations).toBe(true);
  expect([renamed, retyped, demanded]).toEqual([false, false, false]);
  expect(Object.keys(inputs)).toHaveLength(37);
  expect(Object.keys(outputs)).toHaveLength(37);
  expect(Object.values(enumProof).every(Boolean)).toBe(true);
});

test.each(Object.entries(enums))('%s has the values of the SDK', (_name, [ours, theirs]) => {
  expect([...(ours as EnumShape).values].sort()).toEqual(Object.values(theirs).sort());
});

test('the SDK has no closed set that is not compared here', () => {
  const closed = Object.entries(sdk).filter(
    ([, value]) =>
      typeof value === 'object' &&
      Object.entries(value).every(
        ([key, entry]) => typeof entry === 'string' && key === entry.toUpperCase().replaceAll('-', '_'),
      ),
  );
  expect(closed.map(([name]) => name).sort()).toEqual(Object.keys(enums).sort());
});
