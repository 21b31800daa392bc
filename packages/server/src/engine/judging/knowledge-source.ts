import { feedReference } from '../../domain/feed-reference.ts';
import type { KnowledgeKind, KnowledgeKinds } from '../../domain/knowledge.ts';
import type { FeedReference, KnowledgeReference, KnowledgeReferences } from '../../domain/run-knowledge.ts';

/** One state of a kind of knowledge, open until it is released. */
export interface Snapshot<Kind extends KnowledgeKind = KnowledgeKind> {
  /** Its name where it is kept. */
  readonly name: string;
  readonly digest: string;
  /** What it was made from, and of when each is. */
  readonly feeds: readonly FeedReference[];
  readonly value: KnowledgeKinds[Kind];
  /** What another thread opens the same from: a file's path. It may be gone while the snapshot is held here. */
  readonly file: string;
  /** Whoever took it calls this once. */
  readonly release: () => void;
}

type Answer<Kind extends KnowledgeKind> = Snapshot<Kind> | undefined;

/**
 * Where a server finds a kind of knowledge. None of these throws: knowledge that is absent or broken fails no run. `scope`
 * is that of the run, for kinds that each account has its own of.
 */
export interface KnowledgeSource<Kind extends KnowledgeKind> {
  /** The newest snapshot; undefined where there is none that can be read. */
  readonly current: (scope: number) => Answer<Kind> | Promise<Answer<Kind>>;
  /** A snapshot by its name; undefined when it is gone. */
  readonly named: (name: string, scope: number) => Answer<Kind> | Promise<Answer<Kind>>;
  /**
   * Brings what is here up to what the servers of the store share. Resolves to why it is older all the same; rejects while
   * the store is unavailable. Absent where every server finds the same by itself.
   */
  readonly catchUp?: CatchUp;
}

/** See {@link KnowledgeSource}. */
export type CatchUp = () => Promise<string | undefined>;

export type KnowledgeSources = { readonly [Kind in KnowledgeKind]?: KnowledgeSource<Kind> };

/** What a run is judged by, by kind. */
export type Snapshots = { readonly [Kind in KnowledgeKind]?: Snapshot<Kind> };

export const referenceOf = ({ name, digest, feeds }: Snapshot): KnowledgeReference => ({
  generation: name,
  digest,
  feeds: feeds.map(feedReference),
});

/** As a run records them; `behind` says why some are older than what other servers have. */
export const referencesOf = (snapshots: Snapshots, behind: ReadonlyMap<string, string>): KnowledgeReferences =>
  mapKinds(snapshots, (snapshot, kind) => {
    const reason = behind.get(kind);
    return { ...referenceOf(snapshot), ...(reason === undefined ? {} : { behind: reason }) };
  });

export const valuesOf = (snapshots: Snapshots): Partial<KnowledgeKinds> =>
  mapKinds(snapshots, ({ value }) => value) as Partial<KnowledgeKinds>;

export function releaseAll(snapshots: Snapshots): void {
  for (const snapshot of Object.values(snapshots)) snapshot.release();
}

const mapKinds = <Value>(
  snapshots: Snapshots,
  each: (snapshot: Snapshot, kind: string) => Value,
): { [K in KnowledgeKind]?: Value } =>
  Object.fromEntries(Object.entries(snapshots).map(([kind, snapshot]) => [kind, each(snapshot, kind)]));

/** The newest of some kinds, as far as there is any. The caller releases them. */
export async function takeCurrent(
  sources: KnowledgeSources,
  scope: number,
  kinds: readonly KnowledgeKind[],
): Promise<Snapshots> {
  const taken: [KnowledgeKind, Snapshot][] = [];
  for (const kind of kinds) {
    const found = await sources[kind]?.current(scope);
    if (found) taken.push([kind, found]);
  }
  return Object.fromEntries(taken);
}

/**
 * The snapshot that a run names, by its name or, since another server may have named the same otherwise, the current one.
 * Undefined where neither has its digest.
 */
export async function findSnapshot<Kind extends KnowledgeKind>(
  source: KnowledgeSource<Kind> | undefined,
  scope: number,
  { generation, digest }: Pick<KnowledgeReference, 'generation' | 'digest'>,
): Promise<Snapshot<Kind> | undefined> {
  for (const look of [() => source?.named(generation, scope), () => source?.current(scope)]) {
    const snapshot = await look();
    if (snapshot?.digest === digest) return snapshot;
    snapshot?.release();
  }
  return undefined;
}
