import type { AdvisoryRecord, AffectedPackage, Disposition } from '../domain/advisories.ts';

/** One package of a record with the ecosystem that it is of. */
export interface EcosystemEntry {
  readonly ecosystem: string;
  readonly affected: AffectedPackage;
}

/** One advisory as a feed has it. */
export interface ImportedRecord {
  readonly record: AdvisoryRecord;
  readonly entries: readonly EcosystemEntry[];
}

/** What feeds give, one by one, whatever they are. */
export type FeedItem =
  | { readonly kind: 'advisory'; readonly advisory: ImportedRecord }
  | { readonly kind: 'knownExploited'; readonly cve: string; readonly added: string }
  | { readonly kind: 'epss'; readonly cve: string; readonly score: number; readonly percentile: number }
  /** What a distribution means to do about a CVE in a package, said beside its records. */
  | {
      readonly kind: 'disposition';
      readonly ecosystem: string;
      readonly package: string;
      readonly cve: string;
      readonly disposition: Disposition;
    };

/** What is not taken, and what is said of it. */
export type Refusal = 'withdrawn' | 'names no CVE' | 'unreadable';

/** What a feed's reader yields: something, or why it is nothing. */
export type FeedOutcome =
  | { readonly item: FeedItem; readonly notes?: readonly string[] }
  /** `what` names the record, as far as it can be named. */
  | { readonly refusal: Refusal; readonly what: string; readonly reason: string };
