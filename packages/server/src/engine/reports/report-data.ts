import type { Attribute, Observation, Severity, Verdict } from '../../domain/rules-package.ts';
import type { FeedReference } from '../../domain/run-knowledge.ts';
import type { RunState } from '../../domain/run-machine.ts';
import type { Tag } from '../../domain/tag.ts';
import type { UserAttribute } from '../../domain/template.ts';

/**
 * All that a report says, in the order in which it is said: the renderers look nothing up. Times are milliseconds since
 * the epoch. Hosts and packages are shared: what is the same host is the same object.
 */
export interface ReportData {
  readonly type: ReportType;
  /** When the report was asked for. */
  readonly createdAt: number;
  /** Who asked for it: id of an access key, or `operator` for a command on the server; undefined where it is not known. */
  readonly askedBy: string | undefined;
  /** Version of the program that made it. */
  readonly assay: string;
  /** The public key that it is signed with; undefined where it is not signed. */
  readonly signedWith: string | undefined;
  readonly account: string;
  readonly region: string;
  readonly run: ReportRun;
  /** Findings by severity. */
  readonly counts: SeverityCounts;
  readonly packages: readonly ReportPackage[];
  readonly hosts: readonly ReportHost[];
  /** What the run was judged by beside its evidence, by kind. */
  readonly knowledge: readonly ReportKnowledge[];
  /** What to do first, and how many steps are not shown. */
  readonly priorities: { readonly shown: readonly Priority[]; readonly left: number };
  /** Against the run of the same template before; undefined where there is none. */
  readonly changes: ReportChanges | undefined;
  /** By rules package, then the most urgent first: by severity, known exploited, EPSS. */
  readonly findings: readonly FindingGroup[];
  readonly exclusions: readonly ReportExclusion[];
  /** Every rule that was judged, passed ones included; only in a FULL report. */
  readonly rules: readonly RuleResults[] | undefined;
  /** Observations that are not shown because the report would have grown beyond its limit. */
  readonly observationsLeftOut: number;
}

export type ReportType = 'FINDING' | 'FULL';
export type ReportFormat = 'HTML' | 'PDF';
export type SeverityCounts = Readonly<Record<Severity, number>>;

export interface ReportRun {
  readonly name: string;
  readonly arn: string;
  readonly state: RunState;
  /** Who started it: as {@link ReportData.askedBy}; `assay` where the server did by itself. */
  readonly startedBy: string | undefined;
  /** Tags of the target when the run was started; null for every host, undefined where it is not known. */
  readonly tags: readonly Tag[] | null | undefined;
  /** When and by which version of the program it was evaluated; undefined where it was not, or that is not known. */
  readonly evaluatedAt: number | undefined;
  readonly evaluatedBy: string | undefined;
  /** The run whose evidence it is evaluated by, where none was collected for it. */
  readonly evidenceOf: string | undefined;
  readonly target: Named;
  readonly template: Named;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** The longest that collection could take, in seconds. */
  readonly duration: number;
  readonly stateChanges: readonly { readonly at: number; readonly state: RunState }[];
  readonly userAttributes: readonly UserAttribute[];
  /** True for history that was assessed elsewhere and imported: there are no verdicts of it. */
  readonly imported: boolean;
  /** Whether any rule was evaluated on any host; absent where it is not known. */
  readonly evaluated?: boolean;
  /** Present when what was said of each rule is no longer kept. */
  readonly verdictsExpired?: true;
}

/** `name` is undefined where only the ARN is known, as of an imported run's template. */
export interface Named {
  readonly name: string | undefined;
  readonly arn: string;
}

export interface ReportPackage {
  readonly arn: string;
  readonly name: string;
  /** The version that evaluated the run; undefined where none did, or where it is not known. */
  readonly version: string | undefined;
  readonly provider: string | undefined;
  readonly description: string;
  /** False where this server listed the package without being able to evaluate it. */
  readonly evaluated: boolean;
  readonly counts: SeverityCounts;
}

export interface ReportHost {
  /** Undefined where an imported finding names no agent. */
  readonly agent: string | undefined;
  readonly hostname: string;
  readonly operatingSystem: string | undefined;
  readonly kernel: string | undefined;
  readonly addresses: readonly string[];
  /** Whether it delivered all that the run asked for; UNKNOWN of imported history. */
  readonly health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  readonly deliveredAt: number | undefined;
  /** Its agent in this run; undefined where it is not known. */
  readonly agentVersion: string | undefined;
  readonly root: boolean | undefined;
  /** Undefined where nothing was delivered, or is not known any more. */
  readonly evidence: HostEvidenceDigest | undefined;
  readonly counts: SeverityCounts;
}

/** What a host delivered, by which it can be shown later that it was this. */
export interface HostEvidenceDigest {
  readonly documents: number;
  /** SHA-256 of lines `kind sha256`, in the order of the kinds, hexadecimal. */
  readonly digest: string;
  /** Each document; only in a FULL report. */
  readonly listed?: readonly EvidenceDocument[];
}

export interface EvidenceDocument {
  readonly kind: string;
  /** SHA-256 of the document, hexadecimal. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly collectedAt: number;
}

/** A snapshot of one kind of knowledge, with the sources that it was made from. */
export interface ReportKnowledge {
  readonly kind: string;
  readonly name: string;
  readonly digest: string;
  readonly sources: readonly FeedReference[];
}

/** A step that a reader should take: about a software package, or about one rule. */
export interface Priority {
  readonly what: string;
  /** Of its first group of findings. */
  readonly anchor: string;
  readonly rules: number;
  readonly counts: SeverityCounts;
  readonly hosts: number;
  /** How many of its rules are known to be exploited. */
  readonly knownExploited: number;
  /** The highest of them, 0 to 1. */
  readonly epss: number | undefined;
  /** A version that fixes some of it is out, or it is no matter of versions. */
  readonly fixable: boolean;
  readonly action: string;
}

export interface ReportChanges {
  readonly before: { readonly id: string; readonly name: string; readonly createdAt: number };
  readonly came: ChangeTally;
  readonly gone: ChangeTally;
  /** Reported before, and not looked at this time: whether it is fixed is not known. */
  readonly notLookedAt: ChangeTally;
}

interface ChangeTally {
  readonly counts: SeverityCounts;
  /** How many rules. */
  readonly rules: number;
  /** The gravest of them. */
  readonly listed: readonly ReportChange[];
}

export interface ReportChange {
  readonly rulesPackage: string;
  readonly rule: string;
  readonly severity: Severity;
  /** Their names. */
  readonly hosts: readonly string[];
}

/** What one rule found, on all its hosts. */
export interface FindingGroup {
  /** Unique in the report, fit for an HTML id. */
  readonly anchor: string;
  readonly rulesPackage: ReportPackage;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  /** The software that it is about, where it names some: findings of the same are told together. */
  readonly component: string | undefined;
  readonly hosts: number;
  /** One for each text that the rule gave: hosts of which it says the same are together. */
  readonly variants: readonly FindingVariant[];
}

export interface FindingVariant {
  readonly description: string;
  readonly recommendation: string;
  readonly occurrences: readonly Occurrence[];
}

/** One finding of the API. */
export interface Occurrence {
  readonly id: string;
  readonly host: ReportHost;
  /** Less INSTANCE_ID, which is the host's agent. */
  readonly attributes: readonly Attribute[];
  readonly observations: readonly Observation[];
}

export interface ReportExclusion {
  readonly title: string;
  readonly description: string;
  readonly recommendation: string;
  readonly hosts: readonly ReportHost[];
  readonly packages: readonly ReportPackage[];
}

export type Outcome = Verdict['outcome'];

export interface RuleResults {
  readonly anchor: string;
  readonly rulesPackage: ReportPackage;
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity | undefined;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly results: readonly RuleResult[];
}

export interface RuleResult {
  readonly host: ReportHost;
  readonly outcome: Outcome;
  /** Why it does not apply or was not assessed; empty otherwise. */
  readonly reason: string;
  /** Those of a finding stand with the finding. */
  readonly observations: readonly Observation[];
  /** The anchor of the finding. */
  readonly finding: string | undefined;
}
