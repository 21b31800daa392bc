import type { Advisories } from './advisories.ts';
import type { Content } from './benchmarks.ts';
import type { Probe } from './probes.ts';
import type { Zone } from './zones.ts';

/**
 * What a rules package can judge by beside a host's evidence. Another kind is a line here, its words in
 * {@link knowledgeWords}, a source where the server is composed, and an opener for threads.
 */
export interface KnowledgeKinds {
  readonly advisories: Advisories;
  /** SCAP data streams. */
  readonly content: Content;
  /** From where hosts are looked at. */
  readonly zones: readonly Zone[];
  /** What connections from outside reached. */
  readonly probes: readonly Probe[];
}
export type KnowledgeKind = keyof KnowledgeKinds;

/** That a rules package judges by a kind of knowledge. */
export interface KnowledgeNeed {
  readonly kind: KnowledgeKind;
  /** The age from which a run says that a source of it is out of date, milliseconds; absent where it does not age. */
  readonly maximumAge?: number;
  /** The same for the newest of what a source holds, which may be quiet for a while. */
  readonly maximumContentAge?: number;
  /** The package can be evaluated without it: that it is absent is no exclusion. */
  readonly optional?: boolean;
  /** `why` takes it as it is now, whatever the run had: it is about what was seen since as well. */
  readonly asOfNow?: true;
  /** Where nobody asks for the package by name, it is left out while there is none of this. */
  readonly onlyWhereThere?: boolean;
}

interface KnowledgeWords {
  /** What it is. */
  readonly plural: string;
  /** Why nothing can be judged where there is none. */
  readonly absent: string;
  /** The command that gets it. */
  readonly obtain: string;
  /** Title of the exclusion that says it is out of date. */
  readonly agedTitle: string;
  /** What was judged by, out of date. */
  readonly aged: string;
  /** What was not looked for because of its age. */
  readonly missed: string;
}

/** How each kind is spoken of where it is absent or out of date. */
export const knowledgeWords: Readonly<Record<KnowledgeKind, KnowledgeWords>> = {
  advisories: {
    plural: 'advisories',
    absent: 'there are no advisories to compare installed packages with',
    obtain: 'assay feeds update',
    agedTitle: 'Advisories are older than a week',
    aged: 'advisories that are out of date',
    missed: 'Vulnerabilities that were published since were not looked for.',
  },
  content: {
    plural: 'SCAP data streams',
    absent: 'there are no SCAP data streams to judge hosts by',
    obtain: 'assay content add FILE',
    agedTitle: 'Benchmarks are older than two years',
    aged: 'benchmarks that were released more than two years ago',
    missed: 'What newer versions recommend was not checked.',
  },
  zones: {
    plural: 'zones',
    absent: 'there are no zones to look at hosts from',
    obtain: 'assay zones set FILE',
    agedTitle: 'Zones are old',
    aged: 'zones that were declared long ago',
    missed: 'Networks that were added since were not looked at.',
  },
  probes: {
    plural: 'probes',
    absent: 'no host was probed from outside',
    obtain: 'npx assay probe',
    agedTitle: 'Probes are old',
    aged: 'probes that were made long ago',
    missed: 'What changed outside of the hosts since was not seen.',
  },
};

export const knowledgeKinds = Object.keys(knowledgeWords) as readonly KnowledgeKind[];
