import type { AssayOperationName } from '@assay/model/assay/operations.ts';
import type { Deps } from '../operation.ts';
import { deleteSchedule, pauseSchedule, resumeSchedule } from './change-schedule.ts';
import { compareRuns } from './compare-runs.ts';
import { createAccessKey } from './create-access-key.ts';
import { createEnrollmentTokens } from './create-enrollment-tokens.ts';
import { createSchedule } from './create-schedule.ts';
import { describeHosts } from './describe-hosts.ts';
import { describeProbeTargets } from './describe-probe-targets.ts';
import { describeProbes } from './describe-probes.ts';
import { explainVerdict } from './explain-verdict.ts';
import { getAccessKeyPolicy } from './get-access-key-policy.ts';
import { getHostCoverage } from './get-host-coverage.ts';
import { getOverview } from './get-overview.ts';
import { getRunCoverage } from './get-run-coverage.ts';
import { getRunProgress } from './get-run-progress.ts';
import { getServerStatus } from './get-server-status.ts';
import { getZones } from './get-zones.ts';
import { groupFindings } from './group-findings.ts';
import { listAccessKeys } from './list-access-keys.ts';
import { listAffectedHosts } from './list-affected-hosts.ts';
import { listAuditEvents } from './list-audit-events.ts';
import { listEnrollmentTokens } from './list-enrollment-tokens.ts';
import { listFeedGaps } from './list-feed-gaps.ts';
import { listFeeds } from './list-feeds.ts';
import { listHostRuns } from './list-host-runs.ts';
import { listHosts } from './list-hosts.ts';
import { listRunVerdicts } from './list-run-verdicts.ts';
import { listSchedules } from './list-schedules.ts';
import { listTopics } from './list-topics.ts';
import { mapTopic } from './map-topic.ts';
import type { AssayOperation } from './operation.ts';
import { reassessRun } from './reassess-run.ts';
import { recordProbes } from './record-probes.ts';
import { removeHost } from './remove-host.ts';
import { revokeAccessKey } from './revoke-access-key.ts';
import { revokeEnrollmentToken } from './revoke-enrollment-token.ts';
import { searchFindings } from './search-findings.ts';
import { listServerEventSubscriptions, subscribeToServerEvent, unsubscribeFromServerEvent } from './server-events.ts';
import { setAccessKeyPolicy } from './set-access-key-policy.ts';
import { setZones } from './set-zones.ts';
import { simulatePolicy } from './simulate-policy.ts';
import { tagHost } from './tag-host.ts';
import { deleteTargetWindow, listTargetWindows, setTargetWindow } from './target-windows.ts';
import { unmapTopic } from './unmap-topic.ts';
import { updateFeeds } from './update-feeds.ts';

/** Every operation of the Assay API: one that is missing here does not compile. */
export const assayTable = {
  CreateAccessKey: createAccessKey,
  CreateEnrollmentTokens: createEnrollmentTokens,
  DescribeHosts: describeHosts,
  DescribeProbeTargets: describeProbeTargets,
  DescribeProbes: describeProbes,
  GetAccessKeyPolicy: getAccessKeyPolicy,
  GetHostCoverage: getHostCoverage,
  GetOverview: getOverview,
  GetServerStatus: getServerStatus,
  GetZones: getZones,
  GroupFindings: groupFindings,
  ListAccessKeys: listAccessKeys,
  ListAffectedHosts: listAffectedHosts,
  ListAuditEvents: listAuditEvents,
  ListEnrollmentTokens: listEnrollmentTokens,
  ListFeedGaps: listFeedGaps,
  ListFeeds: listFeeds,
  ListHostRuns: listHostRuns,
  ListHosts: listHosts,
  RecordProbes: recordProbes,
  RemoveHost: removeHost,
  RevokeAccessKey: revokeAccessKey,
  RevokeEnrollmentToken: revokeEnrollmentToken,
  SearchFindings: searchFindings,
  SetAccessKeyPolicy: setAccessKeyPolicy,
  SetZones: setZones,
  SimulatePolicy: simulatePolicy,
  TagHost: tagHost,
  CompareRuns: compareRuns,
  ExplainVerdict: explainVerdict,
  GetRunCoverage: getRunCoverage,
  GetRunProgress: getRunProgress,
  ListRunVerdicts: listRunVerdicts,
  ReassessRun: reassessRun,
  UpdateFeeds: updateFeeds,
  CreateSchedule: createSchedule,
  DeleteSchedule: deleteSchedule,
  ListSchedules: listSchedules,
  PauseSchedule: pauseSchedule,
  ResumeSchedule: resumeSchedule,
  ListTopics: listTopics,
  MapTopic: mapTopic,
  UnmapTopic: unmapTopic,
  SubscribeToServerEvent: subscribeToServerEvent,
  UnsubscribeFromServerEvent: unsubscribeFromServerEvent,
  ListServerEventSubscriptions: listServerEventSubscriptions,
  SetTargetWindow: setTargetWindow,
  ListTargetWindows: listTargetWindows,
  DeleteTargetWindow: deleteTargetWindow,
} satisfies { readonly [O in AssayOperationName]: AssayOperation<O, keyof Deps> };
