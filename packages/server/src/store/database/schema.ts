// Over 300 lines: every table of the store, one after another, and nothing else.
import type { Generated } from 'kysely';
import type { Severity } from '../../domain/rules-package.ts';
import type { RunState } from '../../domain/run-machine.ts';

/**
 * The tables as TypeScript sees them, alike on every dialect. Times are integer milliseconds since the epoch, booleans
 * are 0 or 1, JSON is text, `scope` is scopes.id: every row belongs to one account in one region.
 */
export interface Database {
  scopes: { id: number; account: string; region: string };
  access_keys: {
    id: string;
    account: string;
    /** AES-256-GCM under the store's master key: see secret-box.ts. */
    secret: Uint8Array;
    /** The name of a built-in policy, or a document; null for an administrator. */
    policy: string | null;
    created_at: number;
    revoked_at: number | null;
  };
  resource_groups: { scope: number; id: string; tags: string; created_at: number };
  targets: {
    scope: number;
    id: string;
    name: string;
    resource_group: string | null;
    created_at: number;
    updated_at: number;
  };
  templates: {
    scope: number;
    id: string;
    target: string;
    name: string;
    duration: number;
    rules_packages: number;
    user_attributes: string;
    run_count: number;
    last_run: string | null;
    /** JSON: Tag[]. */
    tags: string;
    created_at: number;
  };
  /** Each distinct list of rules packages once: runs and templates by the million share a handful. */
  rules_package_sets: { id: number; arns: string };
  rules_package_set_members: { rules_package_set: number; arn: string };
  runs: {
    scope: number;
    id: string;
    target: string;
    template: string;
    name: string;
    state: RunState;
    duration: number;
    rules_packages: number;
    user_attributes: string;
    created_at: number;
    started_at: number | null;
    completed_at: number | null;
    state_changed_at: number;
    data_collected: number;
    /** JSON: severity → count; every severity that was counted. */
    finding_counts: string;
    /** JSON: [{stateChangedAt, state}] in order, times in milliseconds. */
    state_changes: string;
    /** JSON: AssessmentRunNotification[] in the API's shape, times in milliseconds. */
    notifications: string;
    /** 1 for history that was imported: it does not count towards the limit of runs. */
    imported: number;
    /** JSON: RunKnowledge; null until evaluation begins, except for a run over another's evidence. */
    knowledge: string | null;
    /** JSON: RunOrigin; null where it is not known. */
    origin: string | null;
  };
  /** The hosts of a run, chosen when it was started. */
  run_agents: {
    scope: number;
    run: string;
    agent: string;
    /** 1 while the run has not ended: at most one such row an agent. */
    active: number;
    status: 'PENDING' | 'DELIVERED';
    delivered_at: number | null;
    /** 1 where collection ended before it had sent everything; it counts as delivered then. */
    partial: number | null;
    /** Why the run does without this host, which is PENDING then; null where it does not. */
    excluded: 'TWO_MACHINES' | 'REMOVED' | 'FORGOTTEN' | null;
    /** The machine and the boot of it that all its evidence in this run is from; null where the agent does not say. */
    machine: string | null;
    boot: string | null;
    /** The agent as it was when it delivered; null where that is not known. */
    agent_version: string | null;
    privileged: number | null;
  };
  agents: {
    scope: number;
    id: string;
    /** Ed25519, SPKI DER. */
    public_key: Uint8Array;
    hostname: string;
    operating_system: string;
    kernel_version: string | null;
    agent_version: string;
    ipv4_address: string | null;
    privileged: number;
    tags: string;
    status: 'IDLE' | 'RUNNING' | 'SHUTDOWN';
    enrolled_at: number;
    seen_at: number;
    /** JSON: the kinds of evidence that it says it collects; null where it does not say. */
    collects: string | null;
    /** The machine, the boot of it and the process of the agent that speak for this host; null where it does not say. */
    machine: string | null;
    boot: string | null;
    process: string | null;
    /** The process that this one took over from while it was there; and one that must not come back meanwhile. */
    former_process: string | null;
    refused_process: string | null;
    /** When a second machine was last seen under this identity, and its hostname. */
    contested_at: number | null;
    contested_by: string | null;
    /** Milliseconds that the host's clock is ahead of the server's, and when that was seen; null where it is right. */
    clock_skew: number | null;
    clock_skew_at: number | null;
    /** JSON: the tags that the host gave itself last. `tags` is what they make with those that an operator fixed. */
    said_tags: string | null;
    /** JSON: [{key, value}] that an operator fixed; a value of null hides the host's own. */
    fixed_tags: string | null;
    removed_at: number | null;
    /** When it left its targets by being silent; null again as soon as it is heard. */
    forgotten_at: number | null;
    /** enrollment_tokens.digest */
    enrolled_with: string | null;
    /** Milliseconds between two visits at most, of an agent that comes and goes; null where it stays. */
    visit_every: number | null;
    /** The boot before this one, while its process could still be there; and one that must not come back meanwhile. */
    former_boot: string | null;
    refused_boot: string | null;
    /** When the process took over from one that was there and stays; null where nobody was. */
    claimed_at: number | null;
  };
  agent_tags: { scope: number; agent: string; key: string; value: string };
  enrollment_tokens: {
    /** Hex SHA-256 of the token. */
    digest: string;
    scope: number;
    created_at: number;
    expires_at: number;
    /** The agent that the token made last; null while it is unused. */
    agent: string | null;
    /** How many hosts it can enrol, and how many it has. */
    uses: number;
    used: number;
    /** JSON: tags that it fixes on its hosts. */
    tags: string | null;
    revoked_at: number | null;
  };
  evidence: {
    scope: number;
    run: string;
    agent: string;
    kind: string;
    /** Hex SHA-256 of the document: the key of its bytes. */
    digest: string;
    /** Bytes of the document before compression. */
    size: number;
    /** JSON: the telemetry messages that it counts as: see domain/telemetry.ts. */
    telemetry: string;
    collected_at: number;
    received_at: number;
  };
  /** What the documents of a run count as, summed up in parts: see telemetry-shard.ts. */
  run_telemetry: {
    scope: number;
    run: string;
    shard: number;
    message_type: string;
    count: number;
    data_size: number;
  };
  /** Documents by their digest, gzip-compressed: a host that did not change is stored once. */
  evidence_blobs: { digest: string; content: Uint8Array };
  /** One rules package judged for one host of one run: written once, with its findings. */
  evaluations: {
    scope: number;
    run: string;
    agent: string;
    rules_package: string;
    /** JSON: KeptVerdict[], compressed: see packed-json.ts. */
    verdicts: Uint8Array;
    evaluated_at: number;
  };
  findings: {
    scope: number;
    id: string;
    target: string;
    template: string;
    run: string;
    /** Null only in imported history whose finding named no agent. */
    agent: string | null;
    auto_scaling_group: string | null;
    rules_package: string;
    rule: string;
    severity: Severity;
    numeric_severity: number;
    /** JSON: see packed-findings.ts. */
    attributes: string;
    user_attributes: string;
    /** What its attributes are found by: see finding-terms.ts. */
    terms: Uint8Array;
    /** finding_texts.id, and the place of the finding's texts there. */
    texts: number;
    place: number;
    /** The place of the verdict that it was made of in its host's evaluation; null in imported history. */
    verdict: number | null;
    created_at: number;
    updated_at: number;
  };
  /** What findings say beyond their columns, of several findings of one run a row: see finding-texts.ts. */
  finding_texts: { id: Generated<number>; scope: number; run: string; texts: Uint8Array };
  exclusions: {
    scope: number;
    id: string;
    target: string;
    template: string;
    run: string;
    /** What is excluded and why, unique in the run: the same work done twice writes one. */
    subject: string;
    /** JSON: the exclusion in DescribeExclusions' shape less its ARN. */
    document: string;
    created_at: number;
  };
  /** Which events of a template's runs go to which topics. */
  event_subscriptions: {
    scope: number;
    template: string;
    topic: string;
    event: string;
    subscribed_at: number;
    /** The topic's place in the list: when its first event was subscribed to, and a digest of template and topic. */
    group_at: number;
    group_id: string;
  };
  /** Where the events of a topic go. */
  topics: {
    scope: number;
    arn: string;
    format: 'SNS' | 'STANDARD_WEBHOOKS' | 'SLACK' | 'MAIL' | 'AMAZON_SNS';
    url: string;
    allow_private: number;
    /** 1 or 2: of what SNS signs. */
    signature_version: number;
    /** JSON: names of Assay's own events that the topic is told of as well. */
    events: string;
    /** JSON: TopicSecrets, sealed: see secret-box.ts. Null where there are none. */
    secrets: Uint8Array | null;
    /** What SubscribeURL and UnsubscribeURL prove themselves by. */
    token: string;
    mapped_at: number;
    /** When the receiver opened SubscribeURL. */
    confirmed_at: number | null;
    /** When it was unmapped: the row stays until the receiver was told, or could not be. */
    unmapped_at: number | null;
    last_tried_at: number | null;
    last_delivered_at: number | null;
    /** Of the last attempt; null where that succeeded. */
    last_error: string | null;
  };
  /** The outbox: an event and a topic each, until it is delivered or given up. Ids increase in the order of a queue. */
  event_deliveries: {
    id: Generated<number>;
    scope: number;
    topic: string;
    /** Empty for what is about no run. */
    run: string;
    event: string;
    /** UUID: the same for all topics that are told of one event. */
    message_id: string;
    message: string;
    happened_at: number;
  };
  /** Events that a topic is told one after another: those of a run. The row is there while one of them is undelivered. */
  event_queues: {
    scope: number;
    topic: string;
    run: string;
    /** When the first of them is tried next, and how often it was. */
    next_at: number;
    attempts: number;
  };
  /** Runs that start by themselves. */
  schedules: {
    scope: number;
    id: string;
    template: string;
    /** Either every so many days, or a cron expression and its time zone. */
    every_days: number | null;
    cron: string | null;
    time_zone: string | null;
    /** How long after its time a run may still begin, in milliseconds. */
    window_ms: number;
    created_at: number;
    /** The time of the next run, and when it is tried. */
    due_at: number;
    try_at: number;
    paused_at: number | null;
    last_at: number | null;
    last_run: string | null;
    last_note: string | null;
  };
  /** Conditions that topics were told of: a host that is silent, a feed that is old. `since` is when it began. */
  told_conditions: { scope: number; event: string; subject: string; since: number };
  /** When scheduled runs of a target may begin. */
  target_windows: {
    scope: number;
    target: string;
    /** `1,2,3`: 0 is Sunday. */
    days: string;
    /** Minutes after midnight. */
    from_minute: number;
    to_minute: number;
    time_zone: string;
  };
  /** What a run of a template would not assess, worked out before it is started. */
  exclusion_previews: {
    scope: number;
    /** UUID, and the `run` of its job. */
    token: string;
    template: string;
    /** JSON: ExclusionDocument[]; null while it is being worked out. */
    exclusions: string | null;
    created_at: number;
  };
  /** The role that an account registered last: kept and described, nothing depends on it. */
  cross_account_roles: { scope: number; role: string; registered_at: number };
  /** Reports that were asked for. */
  reports: {
    scope: number;
    id: string;
    run: string;
    type: 'FINDING' | 'FULL';
    format: 'HTML' | 'PDF';
    status: 'WORK_IN_PROGRESS' | 'COMPLETED' | 'FAILED';
    /** What went wrong last. */
    error: string | null;
    created_at: number;
    finished_at: number | null;
    /** Bytes that are kept of it; all of them once it is COMPLETED. */
    size: number;
    /** How often it was begun to be made: only who began last adds to it. */
    making: number;
    /** The access key that asked for it first, or `operator`; null where it is not known. */
    asked_by: string | null;
  };
  /** A report's bytes, in pieces that follow each other: `position` is where in the report its piece begins. */
  report_chunks: { scope: number; report: string; position: number; content: Uint8Array };
  jobs: {
    scope: number;
    /** What the kind works on: a run's id, a preview's token. Upkeep has none: its scope is 0, its subject empty. */
    subject: string;
    /** A kind of engine/jobs. */
    kind: string;
    not_before: number;
    /** Claims, and those of them that a worker gave back as failed, since it was asked for or last got on. */
    attempts: number;
    failures: number;
    /** Bumped whenever the job is asked for again: completing an older version leaves the job in place. */
    version: number;
    lease_owner: string | null;
    lease_expires_at: number | null;
  };
  /** Rows of lists that are not in their list's segments as they are now: see docs/decisions/2026-11-22-list-plans.md. */
  list_changes: { list: number; scope: number; created_at: number; id: string };
  /** Rows that follow each other in a list, kept column by column beside their table. */
  list_blocks: {
    id: number;
    /** Which list: see segments/layout.ts. */
    list: number;
    scope: number;
    /** The place of its last row, the oldest. */
    last_at: number;
    last_id: string;
    /** How many rows. */
    count: number;
  };
  /** What is true of the store as a whole: see settings.ts. */
  settings: { name: string; value: string };
  /** See shared-files.ts. */
  shared_files: { kind: string; file: string; position: number; size: number; content: Uint8Array };
  list_block_columns: {
    /** 32 times the segment and the kind of the column: one look finds it. */
    id: number;
    /** Of a column of numbers: the least and the greatest, null where there is none. */
    min_value: number | null;
    max_value: number | null;
    /** Of a column of texts that repeat: two columns without a common bit have no common text. */
    mask: number | null;
    data: Uint8Array;
  };
}
