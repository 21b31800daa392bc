/**
 * What is known of vulnerabilities: advisories of distributions, in OSV's terms (https://ossf.github.io/osv-schema/).
 * Feeds make it, rules read it, and neither knows the other.
 */

import type { SourcedSupport } from './release-support.ts';

/** One step of a range, in the order of versions: from here on affected, or not any more. */
export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly lastAffected: string }
  | { readonly limit: string };

/**
 * How a distribution means to deal with what it has not fixed. Where it says nothing, absent. `UNDETERMINED`: it does not
 * know whether it is affected, and is not said to look into it; `UNDER_INVESTIGATION`: it looks into it.
 */
export type Disposition =
  | 'DEFERRED'
  | 'WILL_NOT_FIX'
  | 'END_OF_LIFE'
  | 'NOT_AFFECTED'
  | 'UNDETERMINED'
  | 'UNDER_INVESTIGATION';

/** One package of one ecosystem as one record has it. */
export interface AffectedPackage {
  /** {@link AdvisoryRecord} id. */
  readonly record: string;
  /**
   * Source or binary package, as the ecosystem's records have it. A source package beside binary ones is named as rpm
   * names its file: `bash.src`.
   */
  readonly package: string;
  /** Each a list of events; a version is affected when any range says so. */
  readonly ranges: readonly (readonly RangeEvent[])[];
  /** Affected versions one by one, but for those that a range covers. */
  readonly versions?: readonly string[];
  /** The distribution's own rating of this package in this release: `unimportant`, `low`, `high`, `Important` … */
  readonly urgency?: string;
  readonly disposition?: Disposition;
  /** The module stream that it speaks of (`nodejs:18`), where the record names it; it speaks of no other then. */
  readonly module?: string;
  /** What the record says beside: the announcement of the fix, or why there is none, in few words. */
  readonly remark?: string;
  /** The extras repository of Amazon Linux 2 (`docker`) that the record is of; absent for others. */
  readonly repository?: string;
  /** Binary packages and their fixed versions, where the record names them (Ubuntu, SUSE). */
  readonly binaries?: Readonly<Record<string, string>>;
  /** Why what the record says of the package could not be read, where it could not: nothing else is known then. */
  readonly unreadable?: string;
}

export interface CvssVector {
  readonly type: 'CVSS_V2' | 'CVSS_V3' | 'CVSS_V4';
  /** The vector string, checked against its grammar. */
  readonly vector: string;
  /** Base score, 0.0 to 10.0, computed from the vector. */
  readonly score: number;
}

export interface AdvisoryRecord {
  /** As in the feed: `DEBIAN-CVE-2024-3094`, `DSA-5649-1`, `ALSA-2023:7465`. */
  readonly id: string;
  /**
   * `CVE`: the distribution's own record of a CVE, which decides for the packages that it names. `ADVISORY`: an
   * announcement of fixes, which decides for a CVE in a package that no such record speaks of, and is a link otherwise.
   */
  readonly kind: 'CVE' | 'ADVISORY';
  /** The CVEs that it is about, sorted; one of its own id where it names none. */
  readonly cves: readonly string[];
  readonly summary: string;
  /** At most 2,000 characters. */
  readonly details: string;
  readonly cvss: readonly CvssVector[];
  /** The distribution's own word for the record as a whole (Ubuntu priority, `Important:` of a RHEL summary), lower case. */
  readonly rating?: string;
  /** Where a person reads it. */
  readonly link?: string;
  /** ISO 8601. */
  readonly published?: string;
  readonly modified: string;
}

/** What the feeds hold of one ecosystem, such as `Debian:12`. */
export interface Coverage {
  readonly ecosystem: string;
  /** The feed that it came from, when it was taken (milliseconds since the epoch), and the SHA-256 of what was read. */
  readonly feed: string;
  readonly updatedAt: number;
  readonly digest: string;
  readonly cveRecords: number;
  readonly advisories: number;
  /** The parts of the distribution that the records are of (`main`), where the feeds say; sorted. */
  readonly repositories: readonly string[];
  /** Records of its feeds that could not be read and name no package that could be. */
  readonly unreadable: UnreadableRecords;
}

/** What could not be read in a feed: how many records, and the first few with the reason (`line 3: it is no JSON`). */
export interface UnreadableRecords {
  readonly count: number;
  readonly examples: readonly string[];
}

/** What is known of a CVE whatever the distribution. */
export interface CveFacts {
  /** In CISA's catalogue of known exploited vulnerabilities: the date it was added. */
  readonly knownExploited?: string;
  /** FIRST's EPSS: probability of exploitation in 30 days, and percentile, both 0 to 1. */
  readonly epss?: { readonly score: number; readonly percentile: number };
}

/**
 * What a distribution's feed seems to have forgotten: a CVE that it has no record of for a package, though others that
 * know the same package, or the feed itself earlier, have one.
 */
export interface Gap {
  readonly ecosystem: string;
  readonly cve: string;
  /** The source package. */
  readonly package: string;
  /** Further names of it: its binary packages, where they are known. */
  readonly names: readonly string[];
  /** Who knows of it. */
  readonly sibling: string;
  /** The version that the sibling fixed it in; null where it has no fix or does not say. */
  readonly siblingFixed: string | null;
  readonly why: string;
  /** Whether the feed itself shows that the distribution has the package; else a host that has it does. */
  readonly shipped: boolean;
  /** CISA knows the CVE to be exploited. */
  readonly exploited?: true;
  /** The record that is gone, where the feed had one earlier. */
  readonly record?: string;
}

/** The advisories that a run is judged by. Every answer is the same for the life of the object. */
export interface Advisories {
  /** SHA-256 over all that it holds: the same digest gives the same findings. */
  readonly digest: string;
  readonly coverage: (ecosystem: string) => Coverage | undefined;
  /** Every ecosystem that there is anything of. */
  readonly ecosystems: () => readonly string[];
  /** All that is known of one package in one ecosystem, ordered by record id. */
  readonly affected: (ecosystem: string, packageName: string) => readonly AffectedPackage[];
  readonly record: (id: string) => AdvisoryRecord | undefined;
  /** The announcements of fixes for a CVE in an ecosystem, ordered by id. */
  readonly advisoriesFor: (ecosystem: string, cve: string) => readonly AdvisoryRecord[];
  /** Every record about a CVE, of any distribution, ordered by id. */
  readonly recordsOf: (cve: string) => readonly AdvisoryRecord[];
  readonly facts: (cve: string) => CveFacts | undefined;
  /** What sources say of how long a release (`debian:12`) gets fixes, each with its date. */
  readonly support: (release: string) => readonly SourcedSupport[];
  /** What the feeds of some ecosystems seem to have forgotten, ordered by CVE and package. */
  readonly gaps: (holds: (ecosystem: string) => boolean) => readonly Gap[];
}
