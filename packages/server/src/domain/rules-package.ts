import type { Severity as SeverityShape } from '@assay/model/api/values.ts';
import type { EvidenceData, EvidenceKind, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Advisories, Gap } from './advisories.ts';
import type { Explanation } from './explanation.ts';
import type { KnowledgeKinds, KnowledgeNeed } from './knowledge.ts';
import type { NotAssessed } from './not-assessed.ts';
import type { Zone } from './zones.ts';

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

/** In a finding's texts: stands for the host's id, which evidence does not have. */
export const INSTANCE = '{INSTANCE_ID}';

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
  /** Where it is not the package's. */
  readonly confidence?: number;
  readonly indicatorOfCompromise?: boolean;
}

/** What is known beside the evidence. The same evidence and the same knowledge give the same verdicts. */
export interface Knowledge extends Partial<KnowledgeKinds> {
  /** The time of the evaluation, milliseconds since the epoch. */
  readonly at: number;
  /** The agent's id of the host that is judged; absent where no run asks. */
  readonly host?: string;
  /** The run's user attributes, by which an operator chooses what a package judges. Absent where no run asks. */
  readonly attributes?: readonly { readonly key: string; readonly value?: string | undefined }[];
}

interface EveryVerdict {
  readonly ruleId: string;
  readonly observations: readonly Observation[];
  /** Of a rule that `rules` gives only for some hosts: what it is called. The engine fills it in. */
  readonly title?: string;
}

/** What could not be seen of what the rule is about, in words: the verdict holds for the rest only. */
interface OfWhatWasSeen {
  readonly unseen?: readonly string[];
}

/**
 * What one rule concluded for one host. `NOT_APPLICABLE` is for what the host does not have (no SSH server);
 * `NOT_ASSESSED` is for what could not be judged, and becomes an exclusion. Its `reason` is the text of `because`; a
 * verdict without `because` counts as {@link NotAssessed} OTHER.
 */
export type Verdict = EveryVerdict &
  (
    | ({ readonly outcome: 'PASSED' } & OfWhatWasSeen)
    | ({ readonly outcome: 'FINDING'; readonly finding: FindingDetails } & OfWhatWasSeen)
    | { readonly outcome: 'NOT_APPLICABLE'; readonly reason: string }
    | {
        readonly outcome: 'NOT_ASSESSED';
        readonly reason: string;
        readonly because?: NotAssessed;
        /** Because of this the package as a whole says nothing about the host, whatever else it gives verdicts on. */
        readonly whole?: true;
      }
  );

export interface Rule {
  /** The finding's `id` on the wire, at most 128 characters. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
}

export type Support = { readonly supported: true } | { readonly supported: false; readonly reason: string };

/** Why a finding is in one run and not in another: a word that `assay diff` counts by, and a sentence. */
export interface PackageCause {
  readonly kind: 'PACKAGE' | 'ADVISORY' | 'RULE' | 'CONFIGURATION';
  readonly detail: string;
}

/** A finding that came or went, for a package that says why. */
export interface ChangedFinding {
  readonly rule: string;
  readonly attributes: readonly { readonly key: string; readonly value?: string | undefined }[];
}

/** How a package says why a finding came or went. Each is asked with the earlier run's side first. */
export interface CausesOfChange {
  /** What differs in the evidence that this finding is about; undefined where nothing does. */
  readonly inEvidence: (finding: ChangedFinding, before: HostEvidence, after: HostEvidence) => PackageCause | undefined;
  /** What differs in the knowledge. A side's kind is absent where it is no longer kept. */
  readonly inKnowledge: (finding: ChangedFinding, before: Knowledge, after: Knowledge) => PackageCause;
  /** Rules whose failure leaves this finding's rule unassessed too. */
  readonly dependsOn: (finding: ChangedFinding) => readonly string[];
}

/** How a package answers `assay why` for what is not one of its rules (a CVE). */
export interface Explaining {
  /** The kind of evidence that an answer stands on: the newest run that has it is asked. */
  readonly by: EvidenceKind;
  /** The subject in its one spelling; undefined for a text that is none of this package's subjects. */
  readonly subjectOf: (text: string) => string | undefined;
  readonly explain: (subject: string, evidence: HostEvidence, knowledge: Knowledge) => Explanation;
}

/** What `assay probe` is told to try for a package that judges by what connections from outside reached. */
export interface Probing {
  /** The kinds of evidence that tell a host's addresses. */
  readonly needs: readonly EvidenceKind[];
  /** The host's addresses that packets from a zone may have as their destination. */
  readonly addresses: (evidence: HostEvidence, zone: Zone) => readonly string[];
  /** The TCP port that a verdict under this id is about, seen from a zone; undefined where it is about none. */
  readonly portOf: (ruleId: string, zone: Zone) => number | undefined;
}

/**
 * A rules package describes itself: what it needs to see and know, where it applies, and a pure judgement. The engine
 * knows no package by its name. `evaluate` gives one verdict for every rule of `rules`, and may give verdicts under other
 * ids (a CVE's); a rule that cannot be judged says so instead of throwing. docs/add-a-check.md has the steps.
 */
export interface RulesPackage {
  /** The published name (see rules/published-arns.ts). */
  readonly name: string;
  /** What `--rules` calls it. */
  readonly shortName: string;
  readonly version: string;
  readonly provider: string;
  readonly description: string;
  /** Evidence that its hosts are asked for. */
  readonly needs: readonly EvidenceKind[];
  /** What it judges by beside evidence. Each kind's digest is recorded in the run. */
  readonly knowledge: readonly KnowledgeNeed[];
  readonly supports: (os: EvidenceData<'osRelease'>) => Support;
  /**
   * The rules for a host of this system. For a host that nothing is known of (no evidence, no knowledge) those that every
   * host has, maybe none.
   */
  readonly rules: (evidence: HostEvidence, knowledge: Knowledge) => readonly Rule[];
  readonly evaluate: (evidence: HostEvidence, knowledge: Knowledge) => readonly Verdict[];
  /** Of its findings, 0 to 10: how sure a verdict is. A finding may say otherwise. */
  readonly confidence: number;
  /** Whether its findings are signs of a compromise. A finding may say otherwise. */
  readonly indicatorOfCompromise: boolean;
  /**
   * Rules that must have passed before the absence of a verdict under another id (a CVE's) means that the host was looked
   * at for it. None for a package whose verdicts are all of `rules`.
   */
  readonly absenceNeeds?: readonly string[];
  /**
   * The ecosystems of advisories that hosts of a system are evaluated by, and those that tell what these forgot; of a
   * system as agents report it (`Debian GNU/Linux 12 (bookworm)`). Absent for packages that need no advisories.
   */
  readonly advisoriesFor?: (operatingSystem: string) => { own: readonly string[]; siblings: readonly string[] };
  /** What the advisories seem to have forgotten of what a host has installed. */
  readonly gapsOn?: (evidence: HostEvidence, advisories: Advisories) => readonly Gap[];
  /** Findings of a host whose agent delivered nothing, by knowledge alone. Absent where there can be none. */
  readonly withoutEvidence?: (knowledge: Knowledge) => readonly Verdict[];
  /** Absent where it does not judge by connections from outside. */
  readonly probing?: Probing;
  /** Absent where `assay why` can only repeat the verdict. */
  readonly explaining?: Explaining;
  /** Absent where a change is one of the host's configuration, of knowledge or of the rules, and no more can be said. */
  readonly causes?: CausesOfChange;
}
