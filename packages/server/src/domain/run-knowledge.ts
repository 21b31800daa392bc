/** One feed as a run had it. */
export interface FeedReference {
  readonly name: string;
  /** When its publisher last had it so, milliseconds since the epoch. */
  readonly updatedAt: number;
  /** SHA-256 of what was read, hexadecimal. */
  readonly digest: string;
}

/** The advisories that a run is judged by, so that they can be found again. */
export interface AdvisoriesReference {
  /** Name of the index's generation in the data directory. */
  readonly generation: string;
  /** {@link Advisories} digest: the same digest gives the same findings. */
  readonly digest: string;
  readonly feeds: readonly FeedReference[];
}

/** What a run was judged by beside its evidence. It is written when its evaluation begins, and never changes after it has ended. */
export interface RunKnowledge {
  /** The time that the judgement is of, milliseconds since the epoch; null until evaluation begins. */
  readonly at: number | null;
  /** Absent where there were none. */
  readonly advisories?: AdvisoriesReference;
  /** Version of each rules package, by ARN. */
  readonly versions: Readonly<Record<string, string>>;
  /** The run whose evidence it is judged by, where none was collected for it. */
  readonly evidenceOf?: string;
  /** Started by itself, because of new advisories: what is new against the other run is said when it has ended. */
  readonly continuous?: true;
}
