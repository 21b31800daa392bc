/**
 * Values and structures of the Assay API that are not an operation's own. Over 300 lines because it is one table.
 */
import {
  AgentId,
  AgentVersion,
  Arn,
  Bool,
  FailedItemErrorCode,
  Hostname,
  Ipv4Address,
  KernelVersion,
  NamePattern,
  OperatingSystem,
  RuleName,
  Severity,
  TagKey,
  TagValue,
  Timestamp,
} from '../api/values.ts';
import { double, enumeration, integer, list, long, map, string, structure } from '../shape.ts';

export const MaxResults = integer({ min: 1, max: 500 });
export const NextToken = string({ min: 1, max: 300 });
export const Text = string({ max: 20_000 });
export const Count = long({ min: 0 });

export const Tag = structure({ key: TagKey, value: TagValue }, 'key', 'value');
export const TagList = list(Tag, { max: 50 });
/** A tag that is asked for: with any value where none is given. */
export const TagFilter = structure({ key: TagKey, value: TagValue }, 'key');
export const TagFilterList = list(TagFilter, { min: 1, max: 10 });

export const FailedItem = structure({ failureCode: FailedItemErrorCode, retryable: Bool }, 'failureCode', 'retryable');
export const FailedItemMap = map(Arn, FailedItem);
export const ArnList = list(Arn, { min: 1, max: 100 });

/** A tag that an operator fixed on a host; without a value the host has no tag of this key. */
export const FixedTagList = list(structure({ key: TagKey, value: TagValue }, 'key'), { max: 50 });

export const HostHealth = enumeration('HEALTHY', 'UNHEALTHY');
export const HostHealthCode = enumeration('IDLE', 'RUNNING', 'SHUTDOWN', 'UNHEALTHY');
export const Host = structure(
  {
    hostArn: Arn,
    agentId: AgentId,
    hostname: Hostname,
    operatingSystem: OperatingSystem,
    kernelVersion: KernelVersion,
    agentVersion: AgentVersion,
    ipv4Address: Ipv4Address,
    privileged: Bool,
    tags: TagList,
    health: HostHealth,
    healthCode: HostHealthCode,
    healthDetails: Text,
    enrolledAt: Timestamp,
    lastHeardAt: Timestamp,
    /** The tags that an operator or an enrolment token fixed: they count whatever the host says. */
    fixedTags: FixedTagList,
    /** Of an agent that comes and goes: the longest time between two visits. Absent: it stays. */
    visitEverySeconds: integer({ min: 60, max: 86_400 }),
    /** Set on a host that was removed. */
    removedAt: Timestamp,
  },
  'hostArn',
  'agentId',
  'hostname',
  'operatingSystem',
  'agentVersion',
  'privileged',
  'tags',
  'health',
  'healthCode',
  'healthDetails',
  'enrolledAt',
  'lastHeardAt',
);
export const TagKeyList = list(TagKey, { max: 50 });
export const HostList = list(Host);

/** A token is shown when it is made, and never again. */
export const EnrollmentTokenText = string({ sensitive: true });
export const EnrollmentTokenState = enumeration('USABLE', 'USED', 'EXPIRED', 'REVOKED');
export const EnrollmentToken = structure(
  {
    tokenArn: Arn,
    tokenId: string({ min: 1, max: 64 }),
    state: EnrollmentTokenState,
    uses: integer({ min: 1, max: 100_000 }),
    used: integer({ min: 0, max: 100_000 }),
    tags: TagList,
    createdAt: Timestamp,
    expiresAt: Timestamp,
    revokedAt: Timestamp,
  },
  'tokenArn',
  'tokenId',
  'state',
  'uses',
  'used',
  'tags',
  'createdAt',
  'expiresAt',
);
export const EnrollmentTokenList = list(EnrollmentToken);
export const NewEnrollmentToken = structure(
  { token: EnrollmentTokenText, details: EnrollmentToken },
  'token',
  'details',
);
export const NewEnrollmentTokenList = list(NewEnrollmentToken);
export const HostFilter = structure({
  hostnamePattern: NamePattern,
  operatingSystemPattern: NamePattern,
  health: HostHealth,
  tags: TagFilterList,
});

export const AccountId = string({ pattern: /^[0-9]{12}$/ });
export const AccessKeyId = string({ min: 1, max: 128 });
/** A policy document of IAM's language in JSON, or the name of a built-in policy. */
export const Policy = string({ min: 1, max: 10_240 });
export const PolicyName = string({ min: 1, max: 128 });
export const WarningList = list(Text);
export const SecretAccessKey = string({ sensitive: true });
export const AccessKey = structure(
  {
    accessKeyArn: Arn,
    accessKeyId: AccessKeyId,
    account: AccountId,
    policyName: PolicyName,
    createdAt: Timestamp,
    revokedAt: Timestamp,
  },
  'accessKeyArn',
  'accessKeyId',
  'account',
  'policyName',
  'createdAt',
);
export const AccessKeyList = list(AccessKey);

export const Digest = string({ max: 64 });
/** Records that were not taken, by the reason. */
export const RefusedRecords = map(Text, Count);
/** Records that were not taken or not in full, the first of them, each with its reason. */
export const TextList = list(Text);
export const Feed = structure(
  {
    name: Text,
    kind: Text,
    source: Text,
    needed: Bool,
    records: Count,
    size: Count,
    refused: RefusedRecords,
    examples: TextList,
    updatedAt: Timestamp,
    newestAt: Timestamp,
    old: Bool,
    digest: Digest,
    error: Text,
    errorAt: Timestamp,
  },
  'name',
  'needed',
  'records',
  'old',
);
export const FeedList = list(Feed);
/** What a feed seems to have forgotten. `siblingFixed` is absent where the sibling has no fix or does not say. */
export const FeedGap = structure(
  { ecosystem: Text, cve: Text, package: Text, sibling: Text, siblingFixed: Text, why: Text, hosts: Count },
  'ecosystem',
  'cve',
  'package',
  'sibling',
  'why',
  'hosts',
);
export const FeedGapList = list(FeedGap);

/** A package that a finding is about. A version is absent where it is not known, or where there is no fix. */
export const FindingPackage = structure({ name: Text, installedVersion: Text, fixedVersion: Text }, 'name');
export const FindingSummary = structure(
  {
    findingArn: Arn,
    assessmentRunArn: Arn,
    hostArn: Arn,
    agentId: AgentId,
    hostname: Hostname,
    rulesPackageArn: Arn,
    ruleName: RuleName,
    title: Text,
    severity: Severity,
    packageName: Text,
    installedVersion: Text,
    fixedVersion: Text,
    /** Where `includePackages` asks for them: each with its own versions. */
    packages: list(FindingPackage),
    /** By CISA's catalogue; absent where that is not known. */
    knownExploited: Bool,
    /** FIRST's EPSS, 0 to 1. */
    epss: double({ min: 0, max: 1 }),
    createdAt: Timestamp,
  },
  'findingArn',
  'assessmentRunArn',
  'agentId',
  'hostname',
  'rulesPackageArn',
  'ruleName',
  'title',
  'severity',
  'createdAt',
);
export const FindingSummaryList = list(FindingSummary);
export const FindingSearchFilter = structure({
  assessmentRunArns: list(Arn, { min: 1, max: 50 }),
  hostArns: list(Arn, { min: 1, max: 50 }),
  ruleNames: list(RuleName, { min: 1, max: 50 }),
  packageName: Text,
  severities: list(Severity, { min: 1, max: 5 }),
  rulesPackageArns: list(Arn, { min: 1, max: 50 }),
  createdAfter: Timestamp,
  createdBefore: Timestamp,
});
/** Newest first, or the worst severity first and the newest first in each. */
export const FindingOrder = enumeration('CREATED_AT', 'SEVERITY');
/** A host that a rule was found on, in whatever run. */
export const AffectedHost = structure(
  {
    hostArn: Arn,
    agentId: AgentId,
    hostname: Hostname,
    rulesPackageArn: Arn,
    severity: Severity,
    firstFoundAt: Timestamp,
    lastFoundAt: Timestamp,
    lastFindingArn: Arn,
    /** Of the newest run that the host delivered evidence for: it judged this rules package. */
    lastAssessedAt: Timestamp,
    lastAssessmentRunArn: Arn,
    foundInLastRun: Bool,
  },
  'hostArn',
  'agentId',
  'hostname',
  'rulesPackageArn',
  'severity',
  'firstFoundAt',
  'lastFoundAt',
  'lastFindingArn',
  'foundInLastRun',
);
export const AffectedHostList = list(AffectedHost);

export const VerdictCounts = structure(
  { passed: Count, finding: Count, notApplicable: Count, notAssessed: Count },
  'passed',
  'finding',
  'notApplicable',
  'notAssessed',
);
export const RulesPackageProgress = structure(
  { rulesPackageArn: Arn, packageName: Text, evaluatedHosts: Count },
  'rulesPackageArn',
  'packageName',
  'evaluatedHosts',
);
export const NotAssessedReason = structure(
  { packageName: Text, reason: Text, count: Count },
  'packageName',
  'reason',
  'count',
);
/** What a rules package says of a host in a run. `notAssessedBecause`: the package as a whole says nothing. */
export const HostCoverage = structure(
  { agentId: AgentId, hostname: Hostname, packageName: Text, verdicts: VerdictCounts, notAssessedBecause: Text },
  'agentId',
  'packageName',
  'verdicts',
);
export const HostCoverageList = list(HostCoverage);
/** A run that a host took part in, or that did without it. */
export const HostRun = structure(
  {
    assessmentRunArn: Arn,
    name: Text,
    state: Text,
    createdAt: Timestamp,
    completedAt: Timestamp,
    rulesPackageArns: list(Arn),
    /** COMPLETE: it sent everything; PARTIAL: collection ended before that; NONE: it has sent nothing, or the run did without it. */
    delivery: enumeration('COMPLETE', 'PARTIAL', 'NONE'),
    deliveredAt: Timestamp,
    /** Why the run did without the host. */
    excludedBecause: Text,
    /** The agent as it was when it delivered. */
    agentVersion: AgentVersion,
    privileged: Bool,
  },
  'assessmentRunArn',
  'name',
  'state',
  'createdAt',
  'rulesPackageArns',
  'delivery',
);
export const HostRunList = list(HostRun);
/** What a rules package says of a host in the newest run that it took part in by that package and that has ended. */
export const PackageCoverage = structure(
  {
    rulesPackageArn: Arn,
    packageName: Text,
    assessmentRunArn: Arn,
    assessmentRunName: Text,
    completedAt: Timestamp,
    verdicts: VerdictCounts,
    /** The package as a whole says nothing of the host. */
    notAssessedBecause: Text,
    /** Why rules were not assessed, the most frequent first. */
    reasons: list(NotAssessedReason),
  },
  'rulesPackageArn',
  'packageName',
  'assessmentRunArn',
  'assessmentRunName',
  'verdicts',
  'reasons',
);
/** A document of evidence of a host: when its agent read it, and when it arrived. */
export const EvidenceDate = structure(
  { kind: Text, assessmentRunArn: Arn, collectedAt: Timestamp, receivedAt: Timestamp, digest: Digest },
  'kind',
  'assessmentRunArn',
  'collectedAt',
  'receivedAt',
  'digest',
);
export const VerdictOutcome = enumeration('PASSED', 'FINDING', 'NOT_APPLICABLE', 'NOT_ASSESSED');
/** What one rule says of one host. `reason`: why it does not apply or was not assessed; `unseen`: what the verdict leaves out. */
export const RunVerdict = structure(
  {
    agentId: AgentId,
    hostname: Hostname,
    rulesPackageArn: Arn,
    packageName: Text,
    ruleName: Text,
    title: Text,
    outcome: VerdictOutcome,
    reason: Text,
    unseen: list(Text),
  },
  'agentId',
  'rulesPackageArn',
  'packageName',
  'ruleName',
  'outcome',
);
export const RunVerdictList = list(RunVerdict);
export const RunVerdictFilter = structure({
  agentIds: list(AgentId, { max: 100 }),
  rulesPackageArns: list(Arn, { max: 50 }),
  ruleNames: list(RuleName, { max: 100 }),
  outcomes: list(VerdictOutcome, { max: 4 }),
});
export const ChangeKind = enumeration('CAME', 'WENT');
export const ChangeCause = structure({ kind: Text, detail: Text }, 'kind', 'detail');
/** A finding that one of two runs has and the other has not, and why. */
export const FindingChange = structure(
  {
    change: ChangeKind,
    agentId: Text,
    hostname: Text,
    rulesPackageArn: Arn,
    ruleName: RuleName,
    severity: Severity,
    cause: ChangeCause,
  },
  'change',
  'agentId',
  'hostname',
  'rulesPackageArn',
  'ruleName',
  'severity',
  'cause',
);
/** How a run ended, where that leaves a comparison open. */
export const RunNote = structure({ assessmentRunArn: Arn, caveat: Text }, 'assessmentRunArn', 'caveat');
export const FindingChangeList = list(FindingChange);
export const ExplainedOutcome = enumeration(
  'AFFECTED',
  'NOT_AFFECTED',
  'FINDING',
  'PASSED',
  'NOT_APPLICABLE',
  'NOT_ASSESSED',
);
export const ExplanationSection = structure({ heading: Text, lines: list(Text) }, 'heading', 'lines');
export const FeedReference = structure(
  { name: Text, updatedAt: Timestamp, newestAt: Timestamp, digest: Digest },
  'name',
  'updatedAt',
  'digest',
);
export const UsedAdvisories = structure(
  { generation: Text, digest: Digest, feeds: list(FeedReference) },
  'generation',
  'digest',
  'feeds',
);
/** What was judged by: that of the run where it is kept, else that of now. */
export const UsedKnowledge = structure(
  { kind: Text, of: enumeration('run', 'now'), feeds: list(FeedReference) },
  'kind',
  'of',
  'feeds',
);

export const AuditEventFilter = structure({
  /** From then on, to the second; before then. */
  since: Timestamp,
  until: Timestamp,
  operation: string({ min: 1, max: 128 }),
  accessKeyId: AccessKeyId,
  errorsOnly: Bool,
});
export const AuditEvent = structure(
  {
    eventTime: Timestamp,
    operation: Text,
    accessKeyId: Text,
    sourceIpAddress: Text,
    errorCode: Text,
    errorMessage: Text,
    similarCallsNotRecorded: Count,
    record: string(),
  },
  'eventTime',
  'operation',
  'similarCallsNotRecorded',
  'record',
);
export const AuditEventList = list(AuditEvent);
/** `whsec_` and Base64. */
export const SigningSecret = string({ sensitive: true });
export const TopicArn = string({ min: 1, max: 300 });
/**
 * How a topic's events are written: as Amazon SNS POSTs them, as Standard Webhooks, as Slack and its like take them, as mail
 * to a mailto: address, or published to Amazon SNS itself, whose endpoint the address is.
 */
export const TopicFormat = enumeration('SNS', 'STANDARD_WEBHOOKS', 'SLACK', 'MAIL', 'AMAZON_SNS');
/** What happens beside the five events of Inspector. */
export const AssayEvent = enumeration('RUN_NOT_STARTED', 'HOST_SILENT', 'FEED_OLD', 'CONTENT_OLD');
export const AssayEventList = list(AssayEvent, { max: 4 });
/** That a mapped topic is told of an event of Assay's own. */
export const EventSubscription = structure({ topicArn: TopicArn, event: AssayEvent }, 'topicArn', 'event');
export const EventSubscriptionList = list(EventSubscription);
export const Topic = structure(
  {
    topicArn: TopicArn,
    /** Without the password of a mail server. */
    url: Text,
    format: TopicFormat,
    allowPrivate: Bool,
    signatureVersion: integer({ min: 1, max: 2 }),
    events: AssayEventList,
    /** Names of the headers that are sent with each POST; their values are secret. */
    headers: list(Text),
    mappedAt: Timestamp,
    /** When the receiver opened SubscribeURL. */
    confirmedAt: Timestamp,
    /** Events that it has yet to be told. */
    waiting: Count,
    lastTriedAt: Timestamp,
    lastDeliveredAt: Timestamp,
    /** Of the last attempt, where that failed. */
    lastError: Text,
  },
  'topicArn',
  'url',
  'format',
  'allowPrivate',
  'signatureVersion',
  'events',
  'headers',
  'mappedAt',
  'waiting',
);
export const TopicList = list(Topic);
/** Headers that are sent with each POST. */
export const SecretHeaderList = list(
  structure(
    { name: string({ min: 1, max: 128, pattern: /^[A-Za-z0-9-]+$/ }), value: string({ max: 4096, sensitive: true }) },
    'name',
    'value',
  ),
  { max: 20 },
);

/** A schedule starts runs of a template: every so many days, or by a cron expression of five fields in a time zone. */
export const EveryDays = integer({ min: 1, max: 365 });
export const CronExpression = string({ min: 1, max: 100 });
export const TimeZoneName = string({ min: 1, max: 64 });
/** How long after its time a run may still begin: a minute to a week. */
export const WindowInSeconds = integer({ min: 60, max: 604_800 });
export const Schedule = structure(
  {
    scheduleArn: Arn,
    scheduleId: Text,
    assessmentTemplateArn: Arn,
    everyDays: EveryDays,
    cron: CronExpression,
    timeZone: TimeZoneName,
    /** In words. */
    description: Text,
    windowInSeconds: WindowInSeconds,
    paused: Bool,
    createdAt: Timestamp,
    /** Absent while it is paused. */
    nextAt: Timestamp,
    lastAt: Timestamp,
    lastAssessmentRunArn: Arn,
    /** What there is to say of the last: that it was made up, or why it waits or did not start. */
    lastNote: Text,
  },
  'scheduleArn',
  'scheduleId',
  'assessmentTemplateArn',
  'description',
  'windowInSeconds',
  'paused',
  'createdAt',
);
export const ScheduleList = list(Schedule);
export const WeekDay = enumeration('SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT');
/** `HH:MM`, by a clock of 24 hours. */
export const TimeOfDay = string({ min: 5, max: 5, pattern: /^([01][0-9]|2[0-3]):[0-5][0-9]$/ });
/** When scheduled runs of a target may begin. It closes on the next day where `to` is not later than `from`. */
export const TargetWindow = structure(
  {
    assessmentTargetArn: Arn,
    /** Those on which it opens. */
    days: list(WeekDay, { min: 1, max: 7 }),
    from: TimeOfDay,
    to: TimeOfDay,
    timeZone: TimeZoneName,
  },
  'assessmentTargetArn',
  'days',
  'from',
  'to',
  'timeZone',
);
export const TargetWindowList = list(TargetWindow);
export const ZoneName = string({ min: 1, max: 60 });
export const ZoneRouteType = enumeration('Internet', 'PeeredVPC', 'VGW');
/** An address, or a network such as `10.0.0.0/8`. */
export const Network = string({ min: 1, max: 64 });
/** A name; a star at its end stands for any rest. */
export const InterfacePattern = string({ min: 1, max: 64 });
export const NetworkList = list(Network, { min: 1, max: 200 });
export const InterfacePatternList = list(InterfacePattern, { min: 1, max: 50 });
/** From where hosts are looked at. Without networks or interfaces: those that the route type stands for. */
export const Zone = structure(
  { name: ZoneName, routeType: ZoneRouteType, networks: NetworkList, interfaces: InterfacePatternList },
  'name',
  'routeType',
);
export const ZoneList = list(Zone, { min: 1, max: 20 });

export const PortList = list(integer({ min: 1, max: 65_535 }), { max: 4096 });
export const AddressList = list(string({ min: 1, max: 64 }), { max: 16 });
/** Where a probe looked from: a name that the operator gives it. */
export const VantageName = string({ min: 1, max: 60 });
/** What of a host may be probed: addresses of IPv4 and IPv6, and TCP ports. */
export const ProbeTarget = structure(
  { hostArn: Arn, addresses: AddressList, ports: PortList },
  'hostArn',
  'addresses',
  'ports',
);
export const ProbeTargetList = list(ProbeTarget);
export const ProbeTargetArnList = list(Arn, { min: 1, max: 50 });
/** Which TCP ports of one host took a connection, refused it, or gave no answer. */
export const PortProbe = structure(
  {
    hostArn: Arn,
    address: string({ min: 1, max: 64 }),
    /** The zone that the probe stands in. */
    zone: ZoneName,
    connected: PortList,
    refused: PortList,
    silent: PortList,
  },
  'hostArn',
  'address',
  'zone',
  'connected',
  'refused',
  'silent',
);
export const PortProbeList = list(PortProbe, { min: 1, max: 50 });
export const RecordedProbe = structure(
  {
    hostArn: Arn,
    address: string({ min: 1, max: 64 }),
    zone: ZoneName,
    vantage: VantageName,
    at: Timestamp,
    connected: PortList,
    refused: PortList,
    silent: PortList,
  },
  'hostArn',
  'address',
  'zone',
  'vantage',
  'at',
  'connected',
  'refused',
  'silent',
);
export const RecordedProbeList = list(RecordedProbe);

/** How many findings there are of each severity. */
export const SeverityCounts = structure(
  { high: Count, medium: Count, low: Count, informational: Count, undefined: Count },
  'high',
  'medium',
  'low',
  'informational',
  'undefined',
);
export const FindingGrouping = enumeration('RULE', 'PACKAGE', 'HOST', 'RULES_PACKAGE');
/** Current findings that have a rule, package, host or rules package in common. */
export const FindingGroup = structure(
  {
    /** The rule, the package, the host's id or the rules package's ARN. */
    name: Text,
    /** Of a rule, where people call it something else than its name: section and title of a CIS rule. */
    title: Text,
    /** Of a host: its name when it was assessed last. */
    hostname: Hostname,
    hostArn: Arn,
    findings: Count,
    hosts: Count,
    rules: Count,
    counts: SeverityCounts,
    /** The most urgent severity. */
    severity: Severity,
    /** Findings whose vulnerability is known to be exploited, and those with a fixed version. */
    knownExploited: Count,
    fixable: Count,
    /** The highest EPSS. */
    epss: double({ min: 0, max: 1 }),
    /** The first packages that the findings name. */
    packages: list(Text),
    rulesPackageArns: list(Arn),
    assessedAt: Timestamp,
  },
  'name',
  'findings',
  'hosts',
  'rules',
  'counts',
  'severity',
  'knownExploited',
  'fixable',
  'packages',
  'rulesPackageArns',
);
export const FindingGroupList = list(FindingGroup);
/** Findings about ports that can be reached and that no process listens on: a host without a firewall has a hundred of them. */
export const ClosedPorts = structure(
  { findings: Count, hosts: Count, rules: Count, counts: SeverityCounts },
  'findings',
  'hosts',
  'rules',
  'counts',
);
export const FindingGroupFilter = structure({
  /** Any part of the group's name or title, in any case, with `*` for any characters. */
  namePattern: NamePattern,
  severities: list(Severity, { min: 1, max: 5 }),
  knownExploitedOnly: Bool,
  fixableOnly: Bool,
  hostArns: list(Arn, { min: 1, max: 50 }),
  ruleNames: list(RuleName, { min: 1, max: 50 }),
  packageName: Text,
  rulesPackageArns: list(Arn, { min: 1, max: 50 }),
});

/** Hosts by how long ago they were assessed last. */
export const HostsByAge = structure(
  { day: Count, week: Count, month: Count, older: Count, never: Count },
  'day',
  'week',
  'month',
  'older',
  'never',
);
/** A run that ended, as a point of a trend. */
export const RunPoint = structure(
  { assessmentRunArn: Arn, name: Text, state: Text, completedAt: Timestamp, counts: SeverityCounts },
  'assessmentRunArn',
  'name',
  'state',
  'completedAt',
  'counts',
);
export const RunInProgress = structure(
  {
    assessmentRunArn: Arn,
    name: Text,
    state: Text,
    startedAt: Timestamp,
    durationInSeconds: Count,
    hosts: Count,
    delivered: Count,
  },
  'assessmentRunArn',
  'name',
  'state',
  'durationInSeconds',
  'hosts',
  'delivered',
);
/** Something that the newest runs did not assess: how many hosts it is about, and a run that has it. */
export const NotAssessedItem = structure(
  { title: Text, recommendation: Text, hosts: Count, exclusions: Count, assessmentRunArn: Arn },
  'title',
  'hosts',
  'exclusions',
  'assessmentRunArn',
);
export const FeedAge = structure(
  {
    name: Text,
    /** As ListFeeds says it: `kev` and `epss` are those of known exploited vulnerabilities and of EPSS. */
    kind: Text,
    records: Count,
    updatedAt: Timestamp,
    newestAt: Timestamp,
    old: Bool,
    error: Text,
  },
  'name',
  'records',
  'old',
);
/** `service:Operation`. */
export const ActionName = string({ min: 1, max: 128, pattern: /^[a-z]+:[A-Za-z]+$/ });
export const SimulatedAction = structure({ action: ActionName, allowed: Bool, reason: Text }, 'action', 'allowed');
