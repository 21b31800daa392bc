import type { Severity as SeverityShape } from '@assay/model/api/values.ts';
import type { EvidenceData, EvidenceKind, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Advisories } from './advisories.ts';

export type Severity = Static<typeof SeverityShape>;

/** One thing that was looked at: where, what was there, and what would have passed. */
export interface Observation {
  /** A path with its line where there is one (`/etc/ssh/sshd_config:34`), or what was asked (`/proc/cmdline`). */
  readonly source: string;
  readonly observed: string;
  readonly expected?: string;
}

export interface Attribute {
  readonly key: string;
  readonly value: string;
}

/**
 * How things stand with a vulnerability on a host, from what asks most for an action to what asks least. Where the
 * distribution says nothing of an unfixed one, `NO_FIX`. `NEEDS_PRO`: the fix is for subscribers of Ubuntu Pro.
 * `INSTALLED_NOT_RUNNING`: in a kernel that is installed and does not run.
 */
export const vulnerabilityStates = [
  'REBOOT_NEEDED',
  'FIX_AVAILABLE',
  'NEEDS_PRO',
  'NO_FIX',
  'DEFERRED',
  'WILL_NOT_FIX',
  'END_OF_LIFE',
  'UNDETERMINED',
  'INSTALLED_NOT_RUNNING',
] as const;
export type VulnerabilityState = (typeof vulnerabilityStates)[number];

/** A package that a finding is about. `fixedVersion` is of what the advisories name: the source package on dpkg and apk. */
export interface VulnerablePackage {
  readonly name: string;
  readonly sourceName: string;
  readonly installedVersion: string;
  readonly fixedVersion: string | null;
  readonly state: VulnerabilityState;
}

/** What a finding says beyond its rule. Texts name what was seen and where, and what to do about it. */
export interface FindingDetails {
  readonly title: string;
  readonly description: string;
  readonly recommendation: string;
  readonly severity: Severity;
  /** Beside those that every finding gets (INSTANCE_ID). */
  readonly attributes: readonly Attribute[];
  /** Of a finding about vulnerable packages: how it stands as a whole, and each package. */
  readonly state?: VulnerabilityState;
  readonly packages?: readonly VulnerablePackage[];
}

/** What is known beside the evidence. The same evidence and the same knowledge give the same verdicts. */
export interface Knowledge {
  /** Absent while none have been loaded. */
  readonly advisories?: Advisories;
  /** The time of the evaluation, milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What one rule concluded for one host. `NOT_APPLICABLE` is for what the host does not have (no SSH server);
 * `NOT_ASSESSED` is for what could not be judged, and becomes an exclusion.
 */
export type Verdict = { readonly ruleId: string; readonly observations: readonly Observation[] } & (
  | { readonly outcome: 'PASSED' }
  | { readonly outcome: 'FINDING'; readonly finding: FindingDetails }
  | { readonly outcome: 'NOT_APPLICABLE'; readonly reason: string }
  | { readonly outcome: 'NOT_ASSESSED'; readonly reason: string }
);

export interface Rule {
  /** The finding's `id` on the wire, at most 128 characters. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
}

export type Support = { readonly supported: true } | { readonly supported: false; readonly reason: string };

/**
 * A rules package: what it needs to see, where it applies, and a pure judgement. `evaluate` gives at least one verdict
 * for every rule, and may give verdicts under other ids (a CVE's); a rule that cannot be judged says so instead of throwing.
 */
export interface RulesPackage {
  /** The published name (see rules-package-arns.ts). */
  readonly name: string;
  readonly version: string;
  readonly provider: string;
  readonly description: string;
  readonly needs: readonly EvidenceKind[];
  readonly supports: (os: EvidenceData<'osRelease'>) => Support;
  readonly rules: readonly Rule[];
  readonly evaluate: (evidence: HostEvidence, knowledge: Knowledge) => readonly Verdict[];
}
