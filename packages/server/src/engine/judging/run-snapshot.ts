import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { runCaveat } from '@assay/model/run-caveat.ts';
import type { Finding } from '../../domain/finding.ts';
import { knowledgeKinds } from '../../domain/knowledge.ts';
import type { Run } from '../../domain/run.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import type { Store } from '../../store/store.ts';
import type { ExclusionRecord } from '../../store/tables/exclusions.ts';
import type { RunAgent } from '../../store/tables/run-agents.ts';
import { findSnapshot, type KnowledgeSources, type Snapshot, type Snapshots } from './knowledge-source.ts';
import { loadEvidence } from './load-evidence.ts';

/** All of a run that explains its findings. */
export interface RunSnapshot {
  readonly run: Run;
  readonly knowledge: RunKnowledge | undefined;
  readonly findings: readonly Finding[];
  readonly exclusions: readonly ExclusionRecord[];
  /** Its hosts: whether each delivered, and why the run did without it. */
  readonly hosts: ReadonlyMap<string, Pick<RunAgent, 'status' | 'excluded'>>;
  /** Hosts and packages that were evaluated, as far as verdicts are kept: see {@link evaluationKey}. */
  readonly evaluated: ReadonlySet<string>;
  /** ARNs of its rules packages. */
  readonly packages: readonly string[];
  /** What it was judged by, as far as that is kept. The caller of {@link snapshotOfRun} releases them. */
  readonly snapshots: Snapshots;
  /** A host's evidence; undefined where a part of it is no longer kept. */
  readonly evidence: (agent: string) => Promise<HostEvidence | undefined>;
}

export async function snapshotOfRun(
  store: Store,
  sources: KnowledgeSources,
  scope: number,
  run: Run,
): Promise<RunSnapshot> {
  const arns = (await store.rulesPackageSets.arnsOf([run.rulesPackages])).get(run.rulesPackages) ?? [];
  const agents = await store.runAgents.ofRun(scope, run.id);
  const loaded = new Map<string, Promise<HostEvidence | undefined>>();
  const load = async (agent: string): Promise<HostEvidence | undefined> => {
    const { length } = await store.evidence.list(scope, run.id, [agent]);
    const evidence = await loadEvidence(store.evidence, scope, run.id, agent);
    return length > 0 && Object.keys(evidence).length === length ? evidence : undefined;
  };
  return {
    run,
    knowledge: run.knowledge,
    findings: await store.findings.ofRun(scope, run.id),
    exclusions: await store.exclusions.ofRun(scope, run.id),
    hosts: new Map(agents.map((member) => [member.agent, member])),
    evaluated: new Set((await store.evaluations.done(scope, run.id)).map(evaluationKey)),
    packages: arns,
    snapshots: await snapshotsOf(sources, scope, run.knowledge),
    evidence: (agent) => {
      const known = loaded.get(agent) ?? load(agent);
      loaded.set(agent, known);
      return known;
    },
  };
}

export const evaluationKey = ({ agent, rulesPackage }: { readonly agent: string; readonly rulesPackage: string }) =>
  `${agent}\n${rulesPackage}`;

/** The sentence above everything that is said of a run; undefined for one that completed over hosts. */
export const caveatOfSnapshot = ({ run, hosts, evaluated, findings }: RunSnapshot): string | undefined =>
  runCaveat({
    state: run.state,
    imported: run.imported,
    hosts: hosts.size,
    evaluated: evaluated.size > 0 || findings.length > 0 || typeof run.knowledge?.at === 'number' ? undefined : false,
  });

/** What a run was judged by, as far as it is kept. The caller releases it. */
export async function snapshotsOf(
  sources: KnowledgeSources,
  scope: number,
  knowledge: RunKnowledge | undefined,
): Promise<Snapshots> {
  const found: [string, Snapshot][] = [];
  for (const kind of knowledgeKinds) {
    const wanted = knowledge?.[kind];
    const snapshot = wanted && (await findSnapshot(sources[kind], scope, wanted));
    if (snapshot) found.push([kind, snapshot]);
  }
  return Object.fromEntries(found);
}
