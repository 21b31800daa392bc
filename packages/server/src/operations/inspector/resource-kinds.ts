import type { AccessDeniedErrorCode } from '@assay/model/api/errors.ts';
import type { OperationName } from '@assay/model/api/operations.ts';
import { type ArnKind, parseArn } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import { deniedCodeOf } from '../arns.ts';

type Code = Static<typeof AccessDeniedErrorCode>;

/** The code of a denial: of the kind of the resource that was denied, else of what the operation is about. */
export function deniedCode(operation: OperationName, resource: string): Code {
  const kind = parseArn(resource)?.kind;
  if (kind) return deniedCodeOf(kind);
  if (/^arn:[^:]+:sns:/.test(resource)) return 'ACCESS_DENIED_TO_SNS_TOPIC';
  if (/^arn:[^:]+:iam:/.test(resource)) return 'ACCESS_DENIED_TO_IAM_ROLE';
  const subject = subjects[operation];
  return subject === 'role' ? 'ACCESS_DENIED_TO_IAM_ROLE' : deniedCodeOf(subject);
}

/** What each operation is about. */
const subjects: Readonly<Record<OperationName, ArnKind | 'role'>> = {
  AddAttributesToFindings: 'finding',
  CreateAssessmentTarget: 'target',
  CreateAssessmentTemplate: 'template',
  CreateExclusionsPreview: 'template',
  CreateResourceGroup: 'resourcegroup',
  DeleteAssessmentRun: 'run',
  DeleteAssessmentTarget: 'target',
  DeleteAssessmentTemplate: 'template',
  DescribeAssessmentRuns: 'run',
  DescribeAssessmentTargets: 'target',
  DescribeAssessmentTemplates: 'template',
  DescribeCrossAccountAccessRole: 'role',
  DescribeExclusions: 'exclusion',
  DescribeFindings: 'finding',
  DescribeResourceGroups: 'resourcegroup',
  DescribeRulesPackages: 'rulespackage',
  GetAssessmentReport: 'run',
  GetExclusionsPreview: 'template',
  GetTelemetryMetadata: 'run',
  ListAssessmentRunAgents: 'run',
  ListAssessmentRuns: 'run',
  ListAssessmentTargets: 'target',
  ListAssessmentTemplates: 'template',
  ListEventSubscriptions: 'template',
  ListExclusions: 'exclusion',
  ListFindings: 'finding',
  ListRulesPackages: 'rulespackage',
  ListTagsForResource: 'template',
  PreviewAgents: 'target',
  RegisterCrossAccountAccessRole: 'role',
  RemoveAttributesFromFindings: 'finding',
  SetTagsForResource: 'template',
  StartAssessmentRun: 'run',
  StopAssessmentRun: 'run',
  SubscribeToEvent: 'template',
  UnsubscribeFromEvent: 'template',
  UpdateAssessmentTarget: 'target',
};
