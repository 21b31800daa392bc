/**
 * The operations of the Assay API: what Inspector's 37 do not offer. Over 300 lines because it is one table: splitting it
 * would only scatter the operations.
 */
import { AgentId, Arn, AssessmentRunName, Bool, Hostname, RuleName, Timestamp } from '../api/values.ts';
import { enumeration, integer, list, type Static, string, structure } from '../shape.ts';
import type { AssayErrorName } from './errors.ts';
import {
  AccessKey,
  AccessKeyList,
  AccountId,
  ActionName,
  AffectedHostList,
  ArnList,
  AssayEventList,
  AuditEventFilter,
  AuditEventList,
  ClosedPorts,
  Count,
  CronExpression,
  Digest,
  EnrollmentToken,
  EnrollmentTokenList,
  EventSubscription,
  EventSubscriptionList,
  EveryDays,
  EvidenceDate,
  ExplainedOutcome,
  ExplanationSection,
  FailedItemMap,
  FeedAge,
  FeedGapList,
  FeedList,
  FindingChangeList,
  FindingGroupFilter,
  FindingGrouping,
  FindingGroupList,
  FindingOrder,
  FindingSearchFilter,
  FindingSummaryList,
  Host,
  HostCoverageList,
  HostFilter,
  HostList,
  HostRunList,
  HostsByAge,
  MaxResults,
  NewEnrollmentTokenList,
  NextToken,
  NotAssessedItem,
  NotAssessedReason,
  PackageCoverage,
  Policy,
  PolicyName,
  PortProbeList,
  ProbeTargetArnList,
  ProbeTargetList,
  RecordedProbeList,
  RulesPackageProgress,
  RunInProgress,
  RunNote,
  RunPoint,
  RunVerdictFilter,
  RunVerdictList,
  Schedule,
  ScheduleList,
  SecretAccessKey,
  SecretHeaderList,
  SeverityCounts,
  SigningSecret,
  SimulatedAction,
  TagKeyList,
  TagList,
  TargetWindow,
  TargetWindowList,
  Text,
  TimeOfDay,
  TimeZoneName,
  Topic,
  TopicArn,
  TopicFormat,
  TopicList,
  UsedAdvisories,
  UsedKnowledge,
  VantageName,
  VerdictCounts,
  WarningList,
  WeekDay,
  WindowInSeconds,
  ZoneList,
  ZoneName,
} from './structures.ts';

/** Any call may end in one of these. */
const ALWAYS = [
  'AccessDeniedException',
  'InternalException',
  'InvalidInputException',
  'ServiceTemporarilyUnavailableException',
] as const satisfies readonly AssayErrorName[];

const page = { maxResults: MaxResults, nextToken: NextToken };
/** No input. */
const Nothing = structure({});

export const AccessKeyRequest = structure({ accessKeyArn: Arn }, 'accessKeyArn');
export const CompareRunsRequest = structure(
  { beforeAssessmentRunArn: Arn, afterAssessmentRunArn: Arn },
  'beforeAssessmentRunArn',
  'afterAssessmentRunArn',
);
export const CompareRunsResponse = structure(
  { came: Count, went: Count, changes: FindingChangeList, truncated: Bool, notes: list(RunNote) },
  'came',
  'went',
  'changes',
  'truncated',
  'notes',
);
export const CreateAccessKeyRequest = structure({ policy: Policy });
export const CreateAccessKeyResponse = structure(
  { accessKey: AccessKey, secretAccessKey: SecretAccessKey, warnings: WarningList },
  'accessKey',
  'secretAccessKey',
  'warnings',
);
export const CreateEnrollmentTokensRequest = structure({
  count: integer({ min: 1, max: 1000 }),
  uses: integer({ min: 1, max: 100_000 }),
  secondsValid: integer({ min: 1, max: 366 * 86_400 }),
  tags: TagList,
});
export const CreateEnrollmentTokensResponse = structure({ tokens: NewEnrollmentTokenList }, 'tokens');
export const DescribeHostsRequest = structure({ hostArns: ArnList }, 'hostArns');
export const DescribeHostsResponse = structure({ hosts: HostList, failedItems: FailedItemMap }, 'hosts', 'failedItems');
export const ExplainVerdictRequest = structure(
  { hostArn: Arn, subject: RuleName, assessmentRunArn: Arn },
  'hostArn',
  'subject',
);
export const ExplainVerdictResponse = structure(
  {
    outcome: ExplainedOutcome,
    reason: Text,
    sections: list(ExplanationSection),
    details: Text,
    subject: Text,
    agentId: AgentId,
    hostname: Hostname,
    assessmentRunArn: Arn,
    knowledge: list(UsedKnowledge),
  },
  'outcome',
  'reason',
  'sections',
  'details',
  'subject',
  'agentId',
  'hostname',
  'assessmentRunArn',
  'knowledge',
);
export const GetAccessKeyPolicyResponse = structure(
  { policyName: PolicyName, policyDocument: Policy },
  'policyName',
  'policyDocument',
);
export const GetRunCoverageRequest = structure({ assessmentRunArn: Arn, ...page }, 'assessmentRunArn');
export const GetRunCoverageResponse = structure(
  {
    caveat: Text,
    hosts: Count,
    rules: Count,
    verdicts: VerdictCounts,
    whole: Bool,
    reasons: list(NotAssessedReason),
    exclusions: Count,
    byHost: HostCoverageList,
    nextToken: NextToken,
  },
  'hosts',
  'rules',
  'verdicts',
  'whole',
  'reasons',
  'exclusions',
  'byHost',
);
export const GetRunProgressRequest = structure({ assessmentRunArn: Arn }, 'assessmentRunArn');
export const GetRunProgressResponse = structure(
  {
    state: Text,
    hosts: Count,
    deliveredHosts: Count,
    partlyDeliveredHosts: Count,
    excludedHosts: Count,
    rulesPackages: list(RulesPackageProgress),
  },
  'state',
  'hosts',
  'deliveredHosts',
  'partlyDeliveredHosts',
  'excludedHosts',
  'rulesPackages',
);
export const GetHostCoverageRequest = structure({ hostArn: Arn }, 'hostArn');
export const GetHostCoverageResponse = structure(
  { packages: list(PackageCoverage), evidence: list(EvidenceDate) },
  'packages',
  'evidence',
);
export const ListHostRunsRequest = structure({ hostArn: Arn, ...page }, 'hostArn');
export const ListHostRunsResponse = structure({ runs: HostRunList, nextToken: NextToken }, 'runs');
export const ListRunVerdictsRequest = structure(
  { assessmentRunArn: Arn, filter: RunVerdictFilter, ...page },
  'assessmentRunArn',
);
export const ListRunVerdictsResponse = structure({ verdicts: RunVerdictList, nextToken: NextToken }, 'verdicts');
export const GetServerStatusResponse = structure(
  {
    account: AccountId,
    version: Text,
    store: Text,
    startedAt: Timestamp,
    time: Timestamp,
    hosts: Count,
    healthyHosts: Count,
    runsInProgress: Count,
    feedsDigest: Digest,
    oldFeeds: list(Text),
    failedFeeds: list(Text),
  },
  'account',
  'version',
  'store',
  'time',
  'hosts',
  'healthyHosts',
  'runsInProgress',
  'oldFeeds',
  'failedFeeds',
);
export const ListAccessKeysRequest = structure({ ...page });
export const ListAccessKeysResponse = structure({ accessKeys: AccessKeyList, nextToken: NextToken }, 'accessKeys');
export const ListAffectedHostsRequest = structure({ ruleName: RuleName, ...page }, 'ruleName');
export const ListAffectedHostsResponse = structure({ hosts: AffectedHostList, nextToken: NextToken }, 'hosts');
export const ListAuditEventsRequest = structure({ filter: AuditEventFilter, ...page });
export const ListAuditEventsResponse = structure({ events: AuditEventList, nextToken: NextToken }, 'events');
export const ListFeedGapsRequest = structure({ ...page });
export const ListFeedGapsResponse = structure(
  { digest: Digest, gaps: FeedGapList, complete: Bool, nextToken: NextToken },
  'gaps',
);
export const ListFeedsResponse = structure({ digest: Digest, feeds: FeedList, updating: Bool }, 'feeds', 'updating');
export const ListHostsRequest = structure({ filter: HostFilter, ...page });
export const ListHostsResponse = structure({ hosts: HostList, nextToken: NextToken }, 'hosts');
export const ListEnrollmentTokensRequest = structure({ usableOnly: Bool, ...page });
export const ListEnrollmentTokensResponse = structure({ tokens: EnrollmentTokenList, nextToken: NextToken }, 'tokens');
export const RemoveHostRequest = structure({ hostArn: Arn }, 'hostArn');
export const RemoveHostResponse = structure({ host: Host, removedBefore: Bool }, 'host', 'removedBefore');
export const RevokeEnrollmentTokenRequest = structure({ tokenArn: Arn }, 'tokenArn');
export const RevokeEnrollmentTokenResponse = structure({ token: EnrollmentToken }, 'token');
export const TagHostRequest = structure(
  { hostArn: Arn, fix: TagList, hide: TagKeyList, release: TagKeyList },
  'hostArn',
);
export const TagHostResponse = structure({ host: Host }, 'host');
export const ReassessRunRequest = structure(
  {
    assessmentRunArn: Arn,
    assessmentRunName: AssessmentRunName,
    advisories: enumeration('CURRENT', 'SAME'),
    advisoriesOfOrBefore: Timestamp,
  },
  'assessmentRunArn',
);
export const ReassessRunResponse = structure(
  { assessmentRunArn: Arn, advisories: UsedAdvisories },
  'assessmentRunArn',
  'advisories',
);
export const RevokeAccessKeyResponse = structure(
  { revokedAt: Timestamp, revokedBefore: Bool },
  'revokedAt',
  'revokedBefore',
);
export const SearchFindingsRequest = structure({
  filter: FindingSearchFilter,
  sortBy: FindingOrder,
  includePackages: Bool,
  ...page,
});
export const SearchFindingsResponse = structure({ findings: FindingSummaryList, nextToken: NextToken }, 'findings');
export const SetAccessKeyPolicyRequest = structure({ accessKeyArn: Arn, policy: Policy }, 'accessKeyArn', 'policy');
export const SetAccessKeyPolicyResponse = structure(
  { policyName: PolicyName, warnings: WarningList },
  'policyName',
  'warnings',
);

export const GetZonesResponse = structure({ declared: Bool, zones: ZoneList }, 'declared', 'zones');
export const SetZonesRequest = structure({ zones: ZoneList }, 'zones');
export const SetZonesResponse = structure({ zones: ZoneList }, 'zones');

export const RecordProbesRequest = structure({ vantage: VantageName, probes: PortProbeList }, 'vantage', 'probes');
export const RecordProbesResponse = structure({ recorded: Count }, 'recorded');
export const DescribeProbeTargetsRequest = structure(
  { zone: ZoneName, hostArns: ProbeTargetArnList },
  'zone',
  'hostArns',
);
export const DescribeProbeTargetsResponse = structure(
  { targets: ProbeTargetList, failedItems: FailedItemMap },
  'targets',
  'failedItems',
);
export const DescribeProbesRequest = structure({ hostArns: ArnList }, 'hostArns');
export const DescribeProbesResponse = structure(
  { probes: RecordedProbeList, failedItems: FailedItemMap },
  'probes',
  'failedItems',
);

export const UpdateFeedsResponse = structure({ started: Bool }, 'started');
export const ListTopicsRequest = structure({ ...page });
export const ListTopicsResponse = structure({ topics: TopicList, nextToken: NextToken }, 'topics');
export const MapTopicRequest = structure(
  {
    topicArn: TopicArn,
    url: string({ min: 1, max: 2048 }),
    format: TopicFormat,
    allowPrivate: Bool,
    signatureVersion: integer({ min: 1, max: 2 }),
    headers: SecretHeaderList,
    events: AssayEventList,
  },
  'topicArn',
  'url',
);
export const MapTopicResponse = structure({ topic: Topic, signingSecret: SigningSecret }, 'topic');
export const UnmapTopicRequest = structure({ topicArn: TopicArn }, 'topicArn');
export const ListServerEventSubscriptionsRequest = structure({ ...page });
export const ListServerEventSubscriptionsResponse = structure(
  { subscriptions: EventSubscriptionList, nextToken: NextToken },
  'subscriptions',
);

export const CreateScheduleRequest = structure(
  {
    assessmentTemplateArn: Arn,
    everyDays: EveryDays,
    cron: CronExpression,
    timeZone: TimeZoneName,
    windowInSeconds: WindowInSeconds,
  },
  'assessmentTemplateArn',
);
export const ScheduleResponse = structure({ schedule: Schedule }, 'schedule');
export const ScheduleRequest = structure({ scheduleArn: Arn }, 'scheduleArn');
export const SetTargetWindowRequest = structure(
  {
    assessmentTargetArn: Arn,
    days: list(WeekDay, { min: 1, max: 7 }),
    from: TimeOfDay,
    to: TimeOfDay,
    timeZone: TimeZoneName,
  },
  'assessmentTargetArn',
  'from',
  'to',
);
export const SetTargetWindowResponse = structure({ window: TargetWindow }, 'window');
export const DeleteTargetWindowRequest = structure({ assessmentTargetArn: Arn }, 'assessmentTargetArn');
export const ListTargetWindowsRequest = structure({ ...page });
export const ListTargetWindowsResponse = structure({ windows: TargetWindowList, nextToken: NextToken }, 'windows');
export const ListSchedulesRequest = structure({ ...page });
export const ListSchedulesResponse = structure({ schedules: ScheduleList, nextToken: NextToken }, 'schedules');

export const GetOverviewResponse = structure(
  {
    time: Timestamp,
    hosts: Count,
    healthyHosts: Count,
    hostsByAge: HostsByAge,
    runsInProgress: list(RunInProgress),
    findings: SeverityCounts,
    findingsComplete: Bool,
    hostsWithFindings: Count,
    hostsAssessedForVulnerabilities: Count,
    knownExploited: Count,
    highFixable: Count,
    notable: FindingGroupList,
    notAssessed: list(NotAssessedItem),
    trend: list(RunPoint),
    feeds: list(FeedAge),
  },
  'time',
  'hosts',
  'healthyHosts',
  'hostsByAge',
  'runsInProgress',
  'findings',
  'findingsComplete',
  'hostsWithFindings',
  'hostsAssessedForVulnerabilities',
  'knownExploited',
  'highFixable',
  'notable',
  'notAssessed',
  'trend',
  'feeds',
);
export const GroupFindingsRequest = structure(
  { groupBy: FindingGrouping, filter: FindingGroupFilter, gatherClosedPorts: Bool, ...page },
  'groupBy',
);
export const GroupFindingsResponse = structure(
  {
    groups: FindingGroupList,
    totalGroups: Count,
    totalFindings: Count,
    assessedHosts: Count,
    closedPorts: ClosedPorts,
    complete: Bool,
    nextToken: NextToken,
  },
  'groups',
  'totalGroups',
  'totalFindings',
  'assessedHosts',
  'complete',
);
export const SimulatePolicyRequest = structure({ actions: list(ActionName, { min: 1, max: 100 }) }, 'actions');
export const SimulatePolicyResponse = structure(
  { policyName: PolicyName, actions: list(SimulatedAction) },
  'policyName',
  'actions',
);

/** Every operation with its input, its output, its errors and what it is for. */
export const assayOperations = {
  CompareRuns: {
    input: CompareRunsRequest,
    output: CompareRunsResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Compares two runs: the findings that came and went, and the cause of each. At most 5,000 changes are returned; the counts are of all.',
  },
  CreateAccessKey: {
    input: CreateAccessKeyRequest,
    output: CreateAccessKeyResponse,
    errors: ALWAYS,
    documentation:
      'Creates an access key for the account of the caller. Its secret is in this answer only. Without a policy the key may do everything.',
  },
  CreateEnrollmentTokens: {
    input: CreateEnrollmentTokensRequest,
    output: CreateEnrollmentTokensResponse,
    errors: ALWAYS,
    documentation:
      'Creates tokens with which agents enrol: one unless a count is given, each good for one host unless uses are given, for an hour unless seconds are given. Tags are fixed on the hosts that enrol with them. A token is in this answer only.',
  },
  DescribeHosts: {
    input: DescribeHostsRequest,
    output: DescribeHostsResponse,
    errors: ALWAYS,
    documentation: 'Describes hosts by their ARNs.',
  },
  ExplainVerdict: {
    input: ExplainVerdictRequest,
    output: ExplainVerdictResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Explains where a CVE or a rule stands on a host, and what decided: by the evidence of a run, the newest with evidence of the host unless one is given. The details are a JSON document.',
  },
  GetAccessKeyPolicy: {
    input: AccessKeyRequest,
    output: GetAccessKeyPolicyResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation: 'Returns the policy of an access key.',
  },
  GetOverview: {
    input: Nothing,
    output: GetOverviewResponse,
    errors: ALWAYS,
    documentation:
      'Returns the state of the fleet: hosts by health and by their last assessment, runs in progress, current findings (those of the newest run of each host and rules package), the most urgent of them, what the newest runs did not assess, the last runs that ended, and the age of the feeds.',
  },
  GroupFindings: {
    input: GroupFindingsRequest,
    output: GroupFindingsResponse,
    errors: ALWAYS,
    documentation:
      'Groups the current findings, which are those of the newest run of each enrolled host and rules package, by rule, package, host or rules package. The most urgent groups come first: known to be exploited, then by severity, EPSS and number of hosts. `complete` is false where there are more findings than the server holds for this; counts are lower bounds then. With gatherClosedPorts, findings about ports that no process listens on are in no group, and counted in closedPorts.',
  },
  GetHostCoverage: {
    input: GetHostCoverageRequest,
    output: GetHostCoverageResponse,
    errors: ALWAYS,
    documentation:
      'What was and was not assessed of a host: by each rules package, in the newest run that has ended, of the last 100 that the host took part in; and when the evidence of these runs was read. A rules package that is not in the answer has not assessed the host.',
  },
  ListHostRuns: {
    input: ListHostRunsRequest,
    output: ListHostRunsResponse,
    errors: ALWAYS,
    documentation:
      'Lists the runs that a host took part in, newest first, with what it delivered; also those that did without it, and why. Imported runs name no hosts.',
  },
  GetRunCoverage: {
    input: GetRunCoverageRequest,
    output: GetRunCoverageResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Returns what a run looked at: verdicts in all and by host, and why rules were not assessed. `whole` is true where every rules package was evaluated on every host. `exclusions` is how many exclusions the run has. Pages are of the hosts; the totals are on each.',
  },
  GetRunProgress: {
    input: GetRunProgressRequest,
    output: GetRunProgressResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Returns how far a run is: its state, how many of its hosts have delivered their evidence (in part: collection ended before they had sent everything), how many it does without, and on how many hosts each rules package has been evaluated. Counts of rules packages stay until the verdicts of the run are deleted.',
  },
  ListRunVerdicts: {
    input: ListRunVerdictsRequest,
    output: ListRunVerdictsResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Lists the verdicts of a run: one for every host and rule, by host and rules package. A page may have fewer verdicts than asked for, or none, and still be followed by another.',
  },
  GetServerStatus: {
    input: Nothing,
    output: GetServerStatusResponse,
    errors: ALWAYS,
    documentation:
      'Returns the version and state of the server, and how many hosts and runs in progress the account has in the region.',
  },
  ListAccessKeys: {
    input: ListAccessKeysRequest,
    output: ListAccessKeysResponse,
    errors: ALWAYS,
    documentation: 'Lists the access keys of the account, newest first, without their secrets.',
  },
  ListAffectedHosts: {
    input: ListAffectedHostsRequest,
    output: ListAffectedHostsResponse,
    errors: ALWAYS,
    documentation:
      'Lists the hosts that a rule, such as a CVE, was found on in any run: since when, when last, and whether the newest run of that host found it again. A host for which the newest run does not report it is not necessarily fixed: see the coverage of that run.',
  },
  ListAuditEvents: {
    input: ListAuditEventsRequest,
    output: ListAuditEventsResponse,
    errors: ALWAYS,
    documentation:
      "Lists the calls of the account on the audit trail of the server that answers, oldest first, each with its record in CloudTrail's format.",
  },
  ListEnrollmentTokens: {
    input: ListEnrollmentTokensRequest,
    output: ListEnrollmentTokensResponse,
    errors: ALWAYS,
    documentation: 'Lists enrolment tokens, newest first, without the tokens themselves.',
  },
  ListFeedGaps: {
    input: ListFeedGapsRequest,
    output: ListFeedGapsResponse,
    errors: ALWAYS,
    documentation:
      'Lists what the advisory feeds of the server seem to have forgotten, by ecosystem, CVE and package: what sibling distributions or the previous import know, and on how many hosts of the account in the region the package lacks that fix, as of at most a minute ago. On these hosts the CVE is not assessed. `complete` is false while hosts are still being counted; counts are lower bounds then.',
  },
  ListFeeds: {
    input: Nothing,
    output: ListFeedsResponse,
    errors: ALWAYS,
    documentation:
      'Lists the advisory feeds of the server: what each holds, how old it is, and how its last update went. `needed` is true for those that the hosts of the server are assessed by; they come first.',
  },
  ListHosts: {
    input: ListHostsRequest,
    output: ListHostsResponse,
    errors: ALWAYS,
    documentation: 'Lists the enrolled hosts, newest enrolment first. A host matches with any of the tags asked for.',
  },
  RemoveHost: {
    input: RemoveHostRequest,
    output: RemoveHostResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Removes a host: its agent is refused from then on, and the host leaves all targets. Its findings and runs stay. Removing it again changes nothing.',
  },
  ReassessRun: {
    input: ReassessRunRequest,
    output: ReassessRunResponse,
    errors: [...ALWAYS, 'NoSuchEntityException', 'ConflictException'],
    documentation:
      'Starts a run that re-evaluates the stored evidence of another against other advisories: the current ones unless those of the run (SAME) or the newest of a time or before are asked for. No host is contacted.',
  },
  RevokeAccessKey: {
    input: AccessKeyRequest,
    output: RevokeAccessKeyResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation: 'Revokes an access key: the server refuses it immediately. Revoking it again changes nothing.',
  },
  RevokeEnrollmentToken: {
    input: RevokeEnrollmentTokenRequest,
    output: RevokeEnrollmentTokenResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Revokes an enrolment token: no host enrols with it from then on. Hosts that did stay. Revoking it again changes nothing.',
  },
  SearchFindings: {
    input: SearchFindingsRequest,
    output: SearchFindingsResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Searches the findings of all runs that have ended, newest first, or the worst severity first and the newest first in each. Of each member any value may match; all members given must. With includePackages, a finding names each of its packages with its own versions, as long as the verdict that it was made of is kept; later, versions only where they are the same for all.',
  },
  CreateSchedule: {
    input: CreateScheduleRequest,
    output: ScheduleResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Creates a schedule that starts runs of a template: every so many days, or by a cron expression of five fields in a time zone (UTC unless one is given). A run that cannot start is tried again within the window, an hour unless one is given.',
  },
  DeleteSchedule: {
    input: ScheduleRequest,
    output: Nothing,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation: 'Deletes a schedule. Runs that it started stay.',
  },
  ListSchedules: {
    input: ListSchedulesRequest,
    output: ListSchedulesResponse,
    errors: ALWAYS,
    documentation: 'Lists schedules, the newest first, with the time of the next run and what became of the last.',
  },
  PauseSchedule: {
    input: ScheduleRequest,
    output: ScheduleResponse,
    errors: [...ALWAYS, 'NoSuchEntityException', 'ConflictException'],
    documentation: 'Pauses a schedule: it starts no runs until it is resumed.',
  },
  ResumeSchedule: {
    input: ScheduleRequest,
    output: ScheduleResponse,
    errors: [...ALWAYS, 'NoSuchEntityException', 'ConflictException'],
    documentation: 'Resumes a schedule. Runs whose time passed while it was paused are not made up.',
  },
  SetTargetWindow: {
    input: SetTargetWindowRequest,
    output: SetTargetWindowResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Sets the window in which scheduled runs of a target may begin, in place of the one that it had: on every day unless days are given, in UTC unless a time zone is given. A run that is due outside of the window waits until it opens. Runs that a client starts begin at once.',
  },
  ListTargetWindows: {
    input: ListTargetWindowsRequest,
    output: ListTargetWindowsResponse,
    errors: ALWAYS,
    documentation: 'Lists the windows of targets.',
  },
  DeleteTargetWindow: {
    input: DeleteTargetWindowRequest,
    output: Nothing,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation: 'Deletes the window of a target: its scheduled runs begin at any time.',
  },
  SubscribeToServerEvent: {
    input: EventSubscription,
    output: Nothing,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Tells a mapped topic of an event that the Inspector API does not have: a run that could not start, a host that fell silent, a feed or SCAP content that grew old.',
  },
  UnsubscribeFromServerEvent: {
    input: EventSubscription,
    output: Nothing,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation: 'Ends such a subscription. Events that happened before are still delivered.',
  },
  ListServerEventSubscriptions: {
    input: ListServerEventSubscriptionsRequest,
    output: ListServerEventSubscriptionsResponse,
    errors: ALWAYS,
    documentation: 'Lists these subscriptions; a page may be empty and have a next one.',
  },
  MapTopic: {
    input: MapTopicRequest,
    output: MapTopicResponse,
    errors: ALWAYS,
    documentation:
      'Maps a topic to an address, in place of the one that it had: from then on the events that SubscribeToEvent asks for are delivered there. Private addresses are refused unless they are allowed. Headers are sealed at rest and never returned; the secret that Standard Webhooks are signed with is in this answer only.',
  },
  ListTopics: {
    input: ListTopicsRequest,
    output: ListTopicsResponse,
    errors: ALWAYS,
    documentation:
      'Lists the topics that are mapped, the newest first, with what waits for each and how its last delivery went.',
  },
  UnmapTopic: {
    input: UnmapTopicRequest,
    output: Nothing,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Ends the mapping of a topic: what it has yet to be told is not delivered, and the notifications of the runs say so.',
  },
  GetZones: {
    input: Nothing,
    output: GetZonesResponse,
    errors: ALWAYS,
    documentation:
      'Gets the zones from which the reachability of ports is judged; `declared` is false where they are the default ones.',
  },
  SetZones: {
    input: SetZonesRequest,
    output: SetZonesResponse,
    errors: ALWAYS,
    documentation:
      'Replaces the zones of the account in this region. Runs whose evaluation starts after this use the new zones.',
  },
  RecordProbes: {
    input: RecordProbesRequest,
    output: RecordProbesResponse,
    errors: [...ALWAYS, 'NoSuchEntityException', 'ConflictException'],
    documentation:
      'Records which TCP ports of enrolled hosts a connection from outside reached. Verdicts about the reachability of ports are confirmed or refuted by the probes of the last day. A probe replaces the one of the same host, address, zone and vantage.',
  },
  DescribeProbeTargets: {
    input: DescribeProbeTargetsRequest,
    output: DescribeProbeTargetsResponse,
    errors: ALWAYS,
    documentation:
      'Describes what a connection from a zone may try of the hosts given: their addresses of IPv4 and IPv6 as the agents last reported them, and the TCP ports of recognized services and of the findings of the newest run.',
  },
  DescribeProbes: {
    input: DescribeProbesRequest,
    output: DescribeProbesResponse,
    errors: ALWAYS,
    documentation: 'Describes the probes that are kept of the hosts given: those of the last week.',
  },
  SetAccessKeyPolicy: {
    input: SetAccessKeyPolicyRequest,
    output: SetAccessKeyPolicyResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation: 'Replaces the policy of an access key; the server applies it immediately.',
  },
  SimulatePolicy: {
    input: SimulatePolicyRequest,
    output: SimulatePolicyResponse,
    errors: ALWAYS,
    documentation:
      'Returns which of the actions the policy of the calling key allows on every resource, now and from where it calls, and why it does not. An action that is allowed for some resources only is not allowed here.',
  },
  TagHost: {
    input: TagHostRequest,
    output: TagHostResponse,
    errors: [...ALWAYS, 'NoSuchEntityException'],
    documentation:
      'Fixes tags of a host: they count whatever its agent says. Hides keys, which the host then has no tag of, and releases keys, which its agent then decides on again.',
  },
  UpdateFeeds: {
    input: Nothing,
    output: UpdateFeedsResponse,
    errors: [...ALWAYS, 'ConflictException'],
    documentation:
      'Starts an update of the feeds that the server has chosen; `started` is false where one goes on already. ListFeeds says whether it goes on, and how it went.',
  },
} as const;

export type AssayOperationName = keyof typeof assayOperations;
export type AssayInput<O extends AssayOperationName> = Static<(typeof assayOperations)[O]['input']>;
export type AssayOutput<O extends AssayOperationName> = Static<(typeof assayOperations)[O]['output']>;
