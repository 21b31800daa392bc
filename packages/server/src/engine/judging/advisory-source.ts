import type { Advisories } from '../../domain/advisories.ts';
import type { AdvisoriesReference, FeedReference } from '../../domain/run-knowledge.ts';

/** One generation of the advisories, open until it is let go. */
export interface Generation {
  /** Its name in the data directory. */
  readonly name: string;
  /** Its index, which other threads open for themselves; it may be gone while it is held here. */
  readonly file: string;
  readonly advisories: Advisories;
  readonly feeds: readonly FeedReference[];
  /** Whoever took it calls this once. */
  readonly release: () => void;
}

/** Where a server's advisories are. None of these throws: feeds that are absent or broken fail no run. */
export interface AdvisorySource {
  /** The newest generation; undefined where there is none that can be read. */
  readonly current: () => Generation | undefined;
  /** A generation by its name; undefined when it is gone. */
  readonly named: (name: string) => Generation | undefined;
}

/** For servers without feeds. */
export const noAdvisories: AdvisorySource = { current: () => undefined, named: () => undefined };

export const referenceOf = ({ name, advisories, feeds }: Generation): AdvisoriesReference => ({
  generation: name,
  digest: advisories.digest,
  feeds: feeds.map(({ name: feed, updatedAt, digest }) => ({ name: feed, updatedAt, digest })),
});
