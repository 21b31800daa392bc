import type { AdvisoryRecord, AffectedPackage, Disposition } from '../domain/advisories.ts';
import type { ReleaseSupport } from '../domain/release-support.ts';

/** One package of a record with the ecosystem that it is of. */
export interface EcosystemEntry {
  readonly ecosystem: string;
  readonly affected: AffectedPackage;
  /** The part of the distribution that the entry is of: `main`, `core`. */
  readonly repository?: string;
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
  | { readonly kind: 'support'; readonly support: ReleaseSupport }
  /** A record that its publisher took back. */
  | { readonly kind: 'withdrawn'; readonly id: string }
  /** What the distribution's tracker says of a CVE in a package, beside its records. */
  | ({
      readonly kind: 'disposition';
      readonly ecosystem: string;
      readonly package: string;
      readonly cve: string;
      readonly urgency?: string;
    } & TrackerStatement);

/** Fixed in a version (`0`: never affected), or open, with what the distribution means to do about it where it says. */
export type TrackerStatement = { readonly fixed: string } | { readonly disposition?: Disposition };

/** What is not taken, and what is said of it. */
export type Refusal = 'withdrawn' | 'names no CVE' | 'unreadable';

/** What a feed's reader yields: something, or why it is nothing. */
export type FeedOutcome =
  | {
      readonly item: FeedItem;
      readonly notes?: readonly string[];
      /** What of it could not be read, so that what it says is not known in full. */
      readonly unreadable?: readonly string[];
      /** Of those, what names no package that is known. */
      readonly unplaced?: readonly string[];
      /** The instant (ISO 8601) that it is of, where it says so beside a record's `modified`. */
      readonly asOf?: string;
    }
  /** `what` names the record, as far as it can be named. */
  | {
      readonly refusal: Refusal;
      readonly what: string;
      readonly reason: string;
      /** When the record was changed (ISO 8601), where it says. */
      readonly modified?: string;
      /** It is of no release that is known. */
      readonly elsewhere?: true;
    };
