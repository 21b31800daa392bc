import { oneLine } from '@assay/model/safe-text.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';
import { PolicyFault } from './policy-fault.ts';

const READS = [
  'inspector:Describe*',
  'inspector:List*',
  'inspector:GetExclusionsPreview',
  'inspector:GetTelemetryMetadata',
  'inspector:PreviewAgents',
  'assay:CompareRuns',
  'assay:DescribeHosts',
  'assay:ExplainVerdict',
  'assay:GetHostCoverage',
  'assay:GetOverview',
  'assay:GetRunCoverage',
  'assay:GetRunProgress',
  'assay:GetServerStatus',
  'assay:GroupFindings',
  'assay:ListAffectedHosts',
  'assay:ListFeedGaps',
  'assay:ListFeeds',
  'assay:ListHostRuns',
  'assay:ListHosts',
  'assay:ListRunVerdicts',
  'assay:SearchFindings',
  'assay:SimulatePolicy',
];

const actions = {
  /** Everything, whatever operations are added. */
  administrator: ['inspector:*', 'assay:*'],
  /** Reads everything but who may do what; nothing that makes the server work: no report. */
  'read-only': READS,
  /** Reads everything, also who may do what, and makes the reports that prove what was found. */
  auditor: [
    ...READS,
    'inspector:GetAssessmentReport',
    'assay:GetAccessKeyPolicy',
    'assay:ListAccessKeys',
    'assay:ListAuditEvents',
    'assay:ListEnrollmentTokens',
  ],
  /**
   * Assesses with what is set up and works on what was found. Does not say which hosts are assessed or for what
   * (targets, groups, templates), who hears of it (subscriptions, roles, tags), and deletes nothing.
   */
  'agent-operator': [
    ...READS,
    'inspector:GetAssessmentReport',
    'inspector:StartAssessmentRun',
    'inspector:StopAssessmentRun',
    'inspector:CreateExclusionsPreview',
    'inspector:AddAttributesToFindings',
    'inspector:RemoveAttributesFromFindings',
    'assay:ReassessRun',
  ],
} as const;

export type BuiltInName = keyof typeof actions;

export const builtInNames = Object.keys(actions) as readonly BuiltInName[];

export const isBuiltIn = (name: string): name is BuiltInName => Object.hasOwn(actions, name);

/** The document of a built-in policy, as it could be given in a file too. */
export const builtInDocument = (name: BuiltInName): string =>
  JSON.stringify(
    { Version: '2012-10-17', Id: name, Statement: [{ Effect: 'Allow', Action: actions[name], Resource: '*' }] },
    null,
    2,
  );

/**
 * Compiles what a key keeps as its policy: null for an administrator, the name of a built-in policy, which is kept as
 * such and so grows with the operations that are added, or a document. Throws PolicyFault.
 */
export function keptPolicy(kept: string | null): Policy {
  const name = kept ?? 'administrator';
  return parsePolicy(isBuiltIn(name) ? builtInDocument(name) : name);
}

/** What a key's policy is called: the built-in's name, the document's Id, or `custom`. Throws PolicyFault. */
export function policyName(kept: string | null): string {
  if (kept === null || isBuiltIn(kept)) return kept ?? 'administrator';
  return parsePolicy(kept).id ?? 'custom';
}

/** {@link policyName} for people: short, without control characters, and also where a policy cannot be read. */
export function shownPolicyName(kept: string | null): string {
  try {
    return oneLine(policyName(kept), 60).trim() || 'custom';
  } catch (error) {
    if (error instanceof PolicyFault) return 'unreadable: allows nothing';
    throw error;
  }
}

/** The document that a key's policy is. */
export const policyDocument = (kept: string | null): string =>
  kept === null ? builtInDocument('administrator') : isBuiltIn(kept) ? builtInDocument(kept) : kept.trimEnd();
