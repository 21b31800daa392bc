import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import type { Store } from '../../store/store.ts';
import type { ExclusionRecord } from '../../store/tables/exclusions.ts';
import type { Finding } from '../../store/tables/finding.ts';
import type { Run } from '../../store/tables/runs.ts';
import type { AdvisorySource, Generation } from './advisory-source.ts';
import { loadEvidence } from './load-evidence.ts';

/** All of a run that explains its findings. */
export interface RunPicture {
  readonly run: Run;
  readonly knowledge: RunKnowledge | undefined;
  readonly findings: readonly Finding[];
  readonly exclusions: readonly ExclusionRecord[];
  /** Its hosts, and whether each delivered. */
  readonly hosts: ReadonlyMap<string, 'PENDING' | 'DELIVERED'>;
  /** ARNs of its rules packages. */
  readonly packages: readonly string[];
  /** Undefined when nothing of the run is open any more. The caller of {@link pictureOf} releases it. */
  readonly generation: Generation | undefined;
  /** A host's evidence; undefined where a part of it is not kept any more. */
  readonly evidence: (agent: string) => Promise<HostEvidence | undefined>;
}

export async function pictureOf(store: Store, source: AdvisorySource, scope: number, run: Run): Promise<RunPicture> {
  const arns = (await store.rulesPackageSets.arnsOf([run.rulesPackages])).get(run.rulesPackages) ?? [];
  const agents = await store.runAgents.ofRun(scope, run.id);
  const loaded = new Map<string, Promise<HostEvidence | undefined>>();
  const wanted = run.knowledge?.advisories;
  const found = wanted && source.named(wanted.generation);
  const same = found?.advisories.digest === wanted?.digest;
  if (found && !same) found.release();
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
    hosts: new Map(agents.map(({ agent, status }) => [agent, status])),
    packages: arns,
    generation: same ? found : undefined,
    evidence: (agent) => {
      const known = loaded.get(agent) ?? load(agent);
      loaded.set(agent, known);
      return known;
    },
  };
}
