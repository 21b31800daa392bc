import type { KnowledgeKind } from './knowledge.ts';

/** One source of knowledge (a feed, a benchmark) as a run had it. */
export interface FeedReference {
  readonly name: string;
  /** When its publisher last had it so, milliseconds since the epoch. */
  readonly updatedAt: number;
  /** The newest date of what it holds, milliseconds since the epoch; absent where that has no dates. */
  readonly newestAt?: number;
  /** SHA-256 of what was read, hexadecimal. */
  readonly digest: string;
}

/** A snapshot of one kind of knowledge that a run is judged by, so that it can be found again. */
export interface KnowledgeReference {
  /** Its name where it is kept. */
  readonly generation: string;
  /** The same digest gives the same findings. */
  readonly digest: string;
  readonly feeds: readonly FeedReference[];
  /** Why it is older than what other servers of the store have; absent where it is not. */
  readonly behind?: string;
}

/** By kind; absent where there was none, or where no package judges by it. */
export type KnowledgeReferences = { readonly [Kind in KnowledgeKind]?: KnowledgeReference };

/** What a run was judged by beside its evidence. It is written when its evaluation begins, and never changes after it has ended. */
export interface RunKnowledge extends KnowledgeReferences {
  /** The time that the judgement is of, milliseconds since the epoch; null until evaluation begins. */
  readonly at: number | null;
  /** Version of each rules package, by ARN. */
  readonly versions: Readonly<Record<string, string>>;
  /** Version of the program that evaluated it; absent of runs before this was kept. */
  readonly assay?: string;
  /** The run whose evidence it is judged by, where none was collected for it. */
  readonly evidenceOf?: string;
  /** Started by itself, because of new advisories: what is new against the other run is said when it has ended. */
  readonly continuous?: true;
}
