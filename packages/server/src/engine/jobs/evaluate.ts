import type { Advisories } from '../../domain/advisories.ts';
import {
  agentUnhealthy,
  type Exclusion,
  noInstances,
  notDelivered,
  packageNotAvailable,
} from '../../domain/exclusions.ts';
import { newResourceId, type RandomBytes } from '../../domain/ids.ts';
import type { Knowledge } from '../../domain/rules-package.ts';
import type { Agent } from '../../store/agents.ts';
import type { Run } from '../../store/runs.ts';
import type { Store, Tables } from '../../store/store.ts';
import { advanceRun } from '../advance-run.ts';
import { agentHealth } from '../agent-health.ts';
import type { JobOutcome, JobTarget } from '../job.ts';
import { type HostJudgement, judgeHost } from '../judge-host.ts';
import { loadEvidence } from '../load-evidence.ts';
import { type CatalogEntry, catalogOf } from '../rules-package-catalog.ts';

export interface EvaluateDeps {
  readonly store: Pick<
    Store,
    'transaction' | 'scopes' | 'runs' | 'agents' | 'evidence' | 'evaluations' | 'rulesPackageSets'
  >;
  readonly now: () => number;
  readonly random: RandomBytes;
  /** The advisories of this moment: a run takes them once, so that all its hosts are judged by the same. */
  readonly advisories?: () => Advisories | undefined;
}

/**
 * Judges every host of a run and ends it. One host's verdicts, findings and exclusions under one rules package are
 * written in one transaction, and only once: taken up again after a kill, the job goes on with the next. When `stop`
 * aborts it gives the job back between two hosts.
 */
export const evaluate =
  (deps: EvaluateDeps) =>
  async ({ scope, run: id }: JobTarget, stop: AbortSignal): Promise<JobOutcome> => {
    const { store, now } = deps;
    await store.transaction(async (tables) => {
      const [run] = await tables.runs.findMany(scope, [id]);
      if (run) await advanceRun(tables, scope, run, 'EVALUATE', now());
    });
    const [run] = await store.runs.findMany(scope, [id]);
    if (run?.state !== 'EVALUATING_RULES') return { done: true };

    const { region } = await store.scopes.get(scope);
    const arns = (await store.rulesPackageSets.arnsOf([run.rulesPackages])).get(run.rulesPackages) ?? [];
    const catalog = catalogOf(region);
    // One that the catalog does not know can come with imported templates: it is reported as not available.
    const asked = arns.map((arn) => catalog.find((entry) => entry.arn === arn) ?? { arn, name: arn });
    const packages = catalog.filter(({ arn, implementation }) => implementation && arns.includes(arn));
    const judged = await store.evaluations.done(scope, id);
    const advisories = deps.advisories?.();
    const knowledge: Knowledge = { at: now(), ...(advisories ? { advisories } : {}) };
    for (const agent of await store.agents.ofRun(scope, id, 'DELIVERED')) {
      if (stop.aborted) return { done: false, notBefore: now() };
      const done = new Set(judged.filter((each) => each.agent === agent.id).map(({ rulesPackage }) => rulesPackage));
      const left = packages.filter(({ arn }) => !done.has(arn));
      if (left.length > 0) await judge(deps, scope, run, { agent, packages: left, knowledge });
    }
    await end(deps, scope, run, asked);
    return { done: true };
  };

interface ToJudge {
  readonly agent: Agent;
  readonly packages: readonly CatalogEntry[];
  readonly knowledge: Knowledge;
}

async function judge(
  { store, now, random }: EvaluateDeps,
  scope: number,
  run: Run,
  { agent, packages, knowledge }: ToJudge,
): Promise<void> {
  const evidence = await loadEvidence(store.evidence, scope, run.id, agent.id);
  for (const entry of packages) {
    const judgement = judgeHost(entry, agent, evidence, knowledge);
    await store.transaction((tables) => write(tables, scope, run, { agent, entry, judgement }, now(), random));
  }
}

interface Judged {
  readonly agent: Agent;
  readonly entry: CatalogEntry;
  readonly judgement: HostJudgement;
}

async function write(
  tables: Tables,
  scope: number,
  run: Run,
  { agent, entry, judgement }: Judged,
  now: number,
  random: RandomBytes,
): Promise<void> {
  const [current] = await tables.runs.findMany(scope, [run.id]);
  if (current?.state !== 'EVALUATING_RULES') return;
  const fresh = await tables.evaluations.insert(scope, run.id, {
    agent: agent.id,
    rulesPackage: entry.arn,
    verdicts: judgement.verdicts,
    evaluatedAt: now,
  });
  if (!fresh) return;
  await tables.findings.insertMany(
    scope,
    judgement.findings.map((finding) => ({
      ...finding,
      id: newResourceId(random),
      target: run.target,
      template: run.template,
      run: run.id,
      agent: agent.id,
      autoScalingGroup: null,
      rulesPackage: entry.arn,
      document: { ...finding.document, userAttributes: run.userAttributes },
      createdAt: now,
      updatedAt: now,
    })),
  );
  await writeExclusions(tables, scope, run, judgement.exclusions, now, random);
  await tables.jobs.noteProgress(scope, run.id, 'evaluate');
}

async function end(
  { store, now, random }: EvaluateDeps,
  scope: number,
  run: Run,
  asked: readonly (CatalogEntry | { readonly arn: string; readonly name: string })[],
): Promise<void> {
  await store.transaction(async (tables) => {
    const [current] = await tables.runs.findMany(scope, [run.id]);
    if (current?.state !== 'EVALUATING_RULES') return;
    const at = now();
    const hosts = await tables.runAgents.ofRun(scope, run.id);
    const incomplete = await undelivered(tables, scope, run.id, at);
    const unavailable = asked.filter((entry) => !('implementation' in entry)).map(packageNotAvailable);
    await writeExclusions(tables, scope, run, [...incomplete, ...unavailable], at, random);
    // A run over no host has nothing that could go wrong: its exclusions say that nothing was assessed.
    const errors = hosts.length === 0 ? 0 : await tables.exclusions.count(scope, run.id);
    if (hosts.length === 0) {
      const [target] = await tables.targets.findMany(scope, [run.target]);
      await writeExclusions(tables, scope, run, [noInstances(target?.name ?? run.target, asked)], at, random);
    }
    await advanceRun(tables, scope, current, errors > 0 ? 'SUCCEED_WITH_ERRORS' : 'SUCCEED', at);
  });
}

/** The exclusions of hosts that took no part: their agent was away, or did not deliver in time. */
async function undelivered(tables: Tables, scope: number, run: string, now: number): Promise<Exclusion[]> {
  const agents = await tables.agents.ofRun(scope, run, 'PENDING');
  return agents.map((agent) => {
    const { health, detail } = agentHealth(agent, now);
    return health === 'HEALTHY'
      ? notDelivered(agent.id, agent.hostname, detail)
      : agentUnhealthy(agent.id, agent.hostname, detail);
  });
}

async function writeExclusions(
  tables: Tables,
  scope: number,
  run: Run,
  exclusions: readonly Exclusion[],
  now: number,
  random: RandomBytes,
): Promise<void> {
  await tables.exclusions.insertMany(
    scope,
    exclusions.map(({ subject, document }) => ({
      id: newResourceId(random),
      target: run.target,
      template: run.template,
      run: run.id,
      subject,
      document,
      createdAt: now,
    })),
  );
}
