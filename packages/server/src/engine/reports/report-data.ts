import type { Attribute, Observation, Severity, Verdict } from '../../domain/rules-package.ts';
import type { RunState } from '../../domain/run-machine.ts';
import type { UserAttribute } from '../../domain/template.ts';

/**
 * All that a report says, in the order in which it is said: the renderers look nothing up. Times are milliseconds since
 * the epoch. Hosts and packages are shared: what is the same host is the same object.
 */
export interface ReportData {
  readonly type: ReportType;
  /** When the report was asked for. */
  readonly createdAt: number;
  readonly account: string;
  readonly region: string;
  readonly run: ReportRun;
  /** Findings by severity. */
  readonly counts: SeverityCounts;
  readonly packages: readonly ReportPackage[];
  readonly hosts: readonly ReportHost[];
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
  /** Present when what was said of each rule is not kept any more. */
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
  /** Undefined for a package that this server does not know. */
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
  readonly counts: SeverityCounts;
}

/** What one rule found, on all its hosts. */
export interface FindingGroup {
  /** Unique in the report, fit for an HTML id. */
  readonly anchor: string;
  readonly rulesPackage: ReportPackage;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
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
