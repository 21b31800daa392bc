import type { OperationName } from '@assay/model/api/operations.ts';
import { createAssessmentTarget } from './create-assessment-target.ts';
import { createAssessmentTemplate } from './create-assessment-template.ts';
import { createResourceGroup } from './create-resource-group.ts';
import { deleteAssessmentRun } from './delete-assessment-run.ts';
import { deleteAssessmentTarget } from './delete-assessment-target.ts';
import { deleteAssessmentTemplate } from './delete-assessment-template.ts';
import { describeAssessmentRuns } from './describe-assessment-runs.ts';
import { describeAssessmentTargets } from './describe-assessment-targets.ts';
import { describeAssessmentTemplates } from './describe-assessment-templates.ts';
import { describeExclusions } from './describe-exclusions.ts';
import { describeFindings } from './describe-findings.ts';
import { describeResourceGroups } from './describe-resource-groups.ts';
import { describeRulesPackages } from './describe-rules-packages.ts';
import { listAssessmentRunAgents } from './list-assessment-run-agents.ts';
import { listAssessmentRuns } from './list-assessment-runs.ts';
import { listAssessmentTargets } from './list-assessment-targets.ts';
import { listAssessmentTemplates } from './list-assessment-templates.ts';
import { listExclusions } from './list-exclusions.ts';
import { listFindings } from './list-findings.ts';
import { listRulesPackages } from './list-rules-packages.ts';
import type { Deps, Operation } from './operation.ts';
import { previewAgents } from './preview-agents.ts';
import { startAssessmentRun } from './start-assessment-run.ts';
import { stopAssessmentRun } from './stop-assessment-run.ts';
import { updateAssessmentTarget } from './update-assessment-target.ts';

/** An operation of the API that this version does not have: it is answered with UnknownOperationException. */
export const notBuilt = 'not built';

/** Every operation of the API: one that is missing here does not compile. */
export const operationTable = {
  AddAttributesToFindings: notBuilt,
  CreateAssessmentTarget: createAssessmentTarget,
  CreateAssessmentTemplate: createAssessmentTemplate,
  CreateExclusionsPreview: notBuilt,
  CreateResourceGroup: createResourceGroup,
  DeleteAssessmentRun: deleteAssessmentRun,
  DeleteAssessmentTarget: deleteAssessmentTarget,
  DeleteAssessmentTemplate: deleteAssessmentTemplate,
  DescribeAssessmentRuns: describeAssessmentRuns,
  DescribeAssessmentTargets: describeAssessmentTargets,
  DescribeAssessmentTemplates: describeAssessmentTemplates,
  DescribeCrossAccountAccessRole: notBuilt,
  DescribeExclusions: describeExclusions,
  DescribeFindings: describeFindings,
  DescribeResourceGroups: describeResourceGroups,
  DescribeRulesPackages: describeRulesPackages,
  GetAssessmentReport: notBuilt,
  GetExclusionsPreview: notBuilt,
  GetTelemetryMetadata: notBuilt,
  ListAssessmentRunAgents: listAssessmentRunAgents,
  ListAssessmentRuns: listAssessmentRuns,
  ListAssessmentTargets: listAssessmentTargets,
  ListAssessmentTemplates: listAssessmentTemplates,
  ListEventSubscriptions: notBuilt,
  ListExclusions: listExclusions,
  ListFindings: listFindings,
  ListRulesPackages: listRulesPackages,
  ListTagsForResource: notBuilt,
  PreviewAgents: previewAgents,
  RegisterCrossAccountAccessRole: notBuilt,
  RemoveAttributesFromFindings: notBuilt,
  SetTagsForResource: notBuilt,
  StartAssessmentRun: startAssessmentRun,
  StopAssessmentRun: stopAssessmentRun,
  SubscribeToEvent: notBuilt,
  UnsubscribeFromEvent: notBuilt,
  UpdateAssessmentTarget: updateAssessmentTarget,
} satisfies { readonly [O in OperationName]: Operation<O, keyof Deps> | typeof notBuilt };
