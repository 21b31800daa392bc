import { type KnowledgeKind, knowledgeKinds } from '../../domain/knowledge.ts';
import type { Run } from '../../domain/run.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import { VERSION } from '../../domain/version.ts';
import type { Store, Tables } from '../../store/store.ts';
import {
  findSnapshot,
  type KnowledgeSources,
  referencesOf,
  releaseAll,
  type Snapshot,
  type Snapshots,
  takeCurrent,
} from './knowledge-source.ts';
import type { CatalogEntry } from './rules-package-catalog.ts';
import type { WaitForPeer } from './wait-for-peer.ts';

export interface PinnedKnowledge {
  /** As it is recorded with the run. */
  readonly under: RunKnowledge & { readonly at: number };
  /** The caller releases them. */
  readonly snapshots: Snapshots;
}

interface Deps {
  readonly store: Pick<Store, 'transaction'>;
  readonly now: () => number;
  readonly knowledge: KnowledgeSources;
  /** Where it is absent, nobody else is waited for. */
  readonly waitForPeer?: WaitForPeer;
  /** Takes a line for whoever runs the server. */
  readonly log?: (line: string) => void;
}

/**
 * Decides what a run in evaluation is judged by, and records it before the first verdict: all its hosts are judged by the
 * same. Each kind of knowledge that a package of the run judges by is taken as it is now, or as a reassessment asked for.
 * Taken up again after a kill, the run goes on under what it began with; where that is gone, or the rules are of
 * another version now, what was written is deleted and the run is judged anew. Undefined when another worker was first;
 * AT_PEER when another server may have the knowledge that is not here. Throws when what a reassessment asked
 * for is gone.
 */
export async function pinKnowledge(
  { store, now, knowledge: sources, waitForPeer, log }: Deps,
  scope: number,
  run: Run,
  packages: readonly CatalogEntry[],
): Promise<PinnedKnowledge | 'AT_PEER' | undefined> {
  const before = run.knowledge;
  const versions = Object.fromEntries(packages.map(({ arn, version }) => [arn, version]));
  const begun = before !== undefined && before.at !== null;
  const asked = knowledgeKinds.filter((kind) => before?.[kind]);
  let { taken, gone } = await takeNamed(sources, scope, before);
  if (begun && gone.length === 0 && sameVersions(before.versions, versions)) {
    return { under: { ...before, at: before.at }, snapshots: taken };
  }
  const needs = packages.flatMap(({ implementation }) => implementation?.knowledge ?? []);
  const needed = knowledgeKinds.filter((kind) => asked.includes(kind) || needs.some((need) => need.kind === kind));
  const behind = await catchUp(
    sources,
    needed.filter((kind) => !taken[kind]),
  );
  if (gone.length > 0) {
    releaseAll(taken);
    // Another server may have shared it just now.
    ({ taken, gone } = await takeNamed(sources, scope, before));
  }
  const current = await takeCurrent(
    sources,
    scope,
    needed.filter((kind) => !taken[kind]),
  );
  const lacking =
    behind.size > 0 ||
    gone.length > 0 ||
    needs.some(({ kind, optional }) => !optional && !asked.includes(kind) && !current[kind]);
  const snapshots: Snapshots = { ...current, ...taken };
  if (lacking && (await waitForPeer?.(run.id))) {
    releaseAll(snapshots);
    return 'AT_PEER';
  }
  const [missing] = gone;
  if (missing && !begun) {
    releaseAll(snapshots);
    throw new Error(`The ${missing} ${before?.[missing]?.generation} that were asked for are gone`);
  }
  const { evidenceOf, continuous } = before ?? {};
  const under = {
    ...(evidenceOf !== undefined && { evidenceOf }),
    ...(continuous && { continuous }),
    at: now(),
    versions,
    assay: VERSION,
    ...referencesOf(snapshots, behind),
  };
  const settled = await store.transaction(async (tables) => {
    const [row] = await tables.runs.findMany(scope, [run.id]);
    if (row?.state !== 'EVALUATING_RULES' || !sameKnowledge(row.knowledge, before)) return false;
    if (begun) await forget(tables, scope, run.id);
    await tables.runs.setKnowledge(scope, run.id, under);
    return true;
  });
  if (settled) {
    if (begun && missing) log?.(`The run ${run.id} is judged anew: the ${missing} that it began with are gone`);
    return { under, snapshots };
  }
  releaseAll(snapshots);
  return undefined;
}

/** What the run names, and the kinds of which that is gone. */
async function takeNamed(
  sources: KnowledgeSources,
  scope: number,
  before: RunKnowledge | undefined,
): Promise<{ taken: Snapshots; gone: KnowledgeKind[] }> {
  const taken: [KnowledgeKind, Snapshot][] = [];
  const gone: KnowledgeKind[] = [];
  for (const kind of knowledgeKinds) {
    const wanted = before?.[kind];
    const found = wanted && (await findSnapshot(sources[kind], scope, wanted));
    if (found) taken.push([kind, found]);
    else if (wanted) gone.push(kind);
  }
  return { taken: Object.fromEntries(taken), gone };
}

/** Why kinds are older here than what other servers have, after an attempt to get it. */
async function catchUp(
  sources: KnowledgeSources,
  kinds: readonly KnowledgeKind[],
): Promise<ReadonlyMap<KnowledgeKind, string>> {
  const behind = new Map<KnowledgeKind, string>();
  for (const kind of kinds) {
    const reason = await sources[kind]?.catchUp?.();
    if (reason !== undefined) behind.set(kind, reason);
  }
  return behind;
}

/** Whether verdicts under both can stand side by side. */
export const sameKnowledge = (a: RunKnowledge | undefined, b: RunKnowledge | undefined): boolean =>
  a?.at === b?.at && knowledgeKinds.every((kind) => a?.[kind]?.digest === b?.[kind]?.digest);

/** Nothing of a run in evaluation has been shown to anybody yet. */
async function forget(tables: Tables, scope: number, run: string): Promise<void> {
  await tables.evaluations.delete(scope, { run });
  await tables.findings.delete(scope, { run });
  await tables.exclusions.delete(scope, { run });
}

const sameVersions = (a: RunKnowledge['versions'], b: RunKnowledge['versions']): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(b).every(([arn, version]) => a[arn] === version);
