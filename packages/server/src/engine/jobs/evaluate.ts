import type { Agent } from '../../domain/agent.ts';
import {
  agentUnhealthy,
  type Exclusion,
  type ExclusionKind,
  errorKinds,
  exclusionKindOf,
  hostForgotten,
  hostRemoved,
  identityContested,
  noInstances,
  notDelivered,
} from '../../domain/exclusions.ts';
import type { RandomBytes } from '../../domain/ids.ts';
import type { Run } from '../../domain/run.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import type { Store, Tables } from '../../store/store.ts';
import { type AskedPackage, agedKnowledge, unavailablePackages } from '../judging/exclusions-of-run.ts';
import { type Judge, type JudgedPackage, judgeHere } from '../judging/judge-order.ts';
import { type KnowledgeSources, releaseAll, type Snapshots } from '../judging/knowledge-source.ts';
import { type PinnedKnowledge, pinKnowledge, sameKnowledge } from '../judging/pin-knowledge.ts';
import { type CatalogEntry, catalogOf } from '../judging/rules-package-catalog.ts';
import type { WaitForPeer } from '../judging/wait-for-peer.ts';
import { describeNew, newFindings } from '../judging/what-is-new.ts';
import { writeExclusions } from '../judging/write-exclusions.ts';
import { writeJudgement } from '../judging/write-judgement.ts';
import { advanceRun } from '../runs/advance-run.ts';
import { type Ago, agentHealth, healthTime } from '../runs/agent-health.ts';
import { failRun } from './give-up.ts';
import type { JobKind } from './job.ts';
import { EVALUATION } from './lanes.ts';

export interface EvaluateDeps {
  readonly store: Pick<
    Store,
    'transaction' | 'scopes' | 'runs' | 'agents' | 'evidence' | 'evaluations' | 'rulesPackageSets'
  >;
  readonly now: () => number;
  readonly ago: Ago;
  readonly random: RandomBytes;
  readonly knowledge: KnowledgeSources;
  /** Where it is absent, hosts are judged in this thread. */
  readonly judge?: Judge;
  /** Where it is absent, nobody else is waited for. */
  readonly waitForPeer?: WaitForPeer;
  /** Takes a line for whoever runs the server. */
  readonly log?: (line: string) => void;
}

/** How soon a run is looked at again that was left to another server, in milliseconds. */
const LOOK_AGAIN = 500;

/**
 * Judges every host of a run and ends it. One host's verdicts, findings and exclusions are written in one transaction, and
 * under each rules package only once: taken up again after a kill, the job goes on with the next. When `stop`
 * aborts it begins no other host, writes what is judged, and gives the job back.
 */
export const evaluate = (deps: EvaluateDeps): JobKind => ({
  kind: 'evaluate',
  lane: EVALUATION,
  giveUp: failRun,
  run: async ({ scope, subject: id }, stop) => {
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
    const settled = await pinKnowledge(deps, scope, run, packages);
    if (!settled) return { done: true };
    if (settled === 'AT_PEER') return { done: false, notBefore: now() + LOOK_AGAIN };
    const { under, snapshots } = settled;
    // What a host's judgement says is written while the next host is judged.
    let writing: Promise<void> = Promise.resolve();
    try {
      const before = Map.groupBy(await store.evaluations.done(scope, id), (each) => each.agent);
      for (const { agent, asked } of await toJudge(deps, scope, id, packages, snapshots)) {
        if (stop.aborted) break;
        const done = new Set(before.get(agent.id)?.map(({ rulesPackage }) => rulesPackage));
        const left = asked.flatMap(({ arn }) => (done.has(arn) ? [] : [arn]));
        if (left.length === 0) continue;
        const judging = judgeAgent(deps, scope, run, { region, agent, rulesPackages: left, under, snapshots });
        const [judged] = await Promise.all([judging, writing]);
        writing = writeJudgements(deps, scope, run, { agent, under, judged });
      }
      await writing;
      if (stop.aborted) return { done: false, notBefore: now() };
    } finally {
      // Nothing of this job goes on after it.
      await writing.catch(() => undefined);
      releaseAll(snapshots);
    }
    await end(deps, scope, run, { asked, under });
    return { done: true };
  },
});

/** Hosts that delivered, under every package; and those that did not but were seen from outside, under those that need no more. */
async function toJudge(
  { store }: EvaluateDeps,
  scope: number,
  run: string,
  packages: readonly CatalogEntry[],
  { probes }: Snapshots,
): Promise<readonly { readonly agent: Agent; readonly asked: readonly CatalogEntry[] }[]> {
  const delivered = (await store.agents.ofRun(scope, run, 'DELIVERED')).map((agent) => ({ agent, asked: packages }));
  const asked = packages.filter(({ implementation }) => implementation?.withoutEvidence);
  if (!probes || asked.length === 0) return delivered;
  const probed = new Set(probes.value.map(({ host }) => host));
  const silent = await store.agents.ofRun(scope, run, 'PENDING');
  return [
    ...delivered,
    ...silent.flatMap((agent) => (probed.has(agent.id) && !agent.removedAt ? [{ agent, asked }] : [])),
  ];
}

interface ToJudge extends PinnedKnowledge {
  readonly region: string;
  readonly agent: Agent;
  /** ARNs. */
  readonly rulesPackages: readonly string[];
}

async function judgeAgent(
  { store, judge = judgeHere }: EvaluateDeps,
  scope: number,
  run: Run,
  { region, agent, rulesPackages, under, snapshots }: ToJudge,
): Promise<readonly JudgedPackage[]> {
  const documents = await store.evidence.load(scope, run.id, agent.id);
  const { userAttributes } = run;
  return judge({ region, agent, documents, rulesPackages, at: under.at, userAttributes }, snapshots);
}

const writeJudgements = (
  { store, now, random }: EvaluateDeps,
  scope: number,
  run: Run,
  { agent, under, judged }: Pick<ToJudge, 'agent' | 'under'> & { readonly judged: readonly JudgedPackage[] },
): Promise<void> =>
  store.transaction(async (tables) => {
    for (const each of judged) await writeJudgement(tables, scope, run, { ...each, agent, under }, now(), random);
  });

async function end(
  { store, now, ago, random, log }: EvaluateDeps,
  scope: number,
  run: Run,
  { asked, under }: { readonly asked: readonly AskedPackage[]; readonly under: RunKnowledge },
): Promise<void> {
  const line = await store.transaction(async (tables) => {
    const [current] = await tables.runs.findMany(scope, [run.id]);
    if (current?.state !== 'EVALUATING_RULES' || !sameKnowledge(current.knowledge, under)) return undefined;
    const at = now();
    const hosts = await tables.runAgents.ofRun(scope, run.id);
    const incomplete = under.evidenceOf
      ? await undeliveredThere(tables, scope, under.evidenceOf)
      : await undelivered(tables, scope, run.id, healthTime(ago));
    await writeExclusions(tables, scope, run, [...incomplete, ...unavailablePackages(asked)], at, random);
    if (hosts.length === 0) {
      const [target] = await tables.targets.findMany(scope, [run.target]);
      await writeExclusions(tables, scope, run, [noInstances(target?.name ?? run.target, asked)], at, random);
    } else {
      await writeExclusions(tables, scope, run, agedKnowledge(asked, under), at, random);
    }
    const errors = await tables.exclusions.countOfKinds(scope, run.id, errorKinds);
    const line = await tellNew(tables, scope, { ...current, knowledge: under }, at);
    await advanceRun(tables, scope, current, errors > 0 ? 'SUCCEED_WITH_ERRORS' : 'SUCCEED', at);
    return line;
  });
  if (line) log?.(line);
}

/** What a reassessment that started by itself has found: noted with the run, and told to whoever runs the server. */
async function tellNew(tables: Tables, scope: number, run: Run, at: number): Promise<string | undefined> {
  const { evidenceOf, continuous } = run.knowledge ?? {};
  if (!continuous || evidenceOf === undefined) return undefined;
  const found = await newFindings(tables, scope, run.id, evidenceOf);
  const message = `With new advisories, against the run ${evidenceOf}: ${describeNew(found)}.`;
  const line = `The run ${run.id} reassessed ${evidenceOf}: ${describeNew(found)}`;
  if (found.length > 0) {
    const notification = { date: at, event: 'FINDING_REPORTED', message, error: false };
    await tables.runs.addNotifications(scope, run.id, [notification]);
  }
  return line;
}

/** The exclusions of hosts that took no part: their agent was away, or did not deliver in time. */
async function undelivered(tables: Tables, scope: number, run: string, now: number): Promise<Exclusion[]> {
  const agents = await tables.agents.ofRun(scope, run, 'PENDING');
  const excluded = new Map((await tables.runAgents.ofRun(scope, run)).map((host) => [host.agent, host.excluded]));
  return agents.map((agent) => {
    switch (excluded.get(agent.id)) {
      case 'TWO_MACHINES':
        return identityContested(agent.id, agent.hostname, agent.contestedBy ?? null);
      case 'REMOVED':
        return hostRemoved(agent.id, agent.hostname);
      case 'FORGOTTEN':
        return hostForgotten(agent.id, agent.hostname, agent.seenAt);
    }
    const { health, detail } = agentHealth(agent, now);
    return health === 'HEALTHY'
      ? notDelivered(agent.id, agent.hostname, detail)
      : agentUnhealthy(agent.id, agent.hostname, detail);
  });
}

/** Why a whole host was left out. */
const hostLeftOut: ReadonlySet<string> = new Set<ExclusionKind>([
  'agent-unhealthy',
  'not-delivered',
  'identity-contested',
  'host-removed',
  'host-forgotten',
]);

/** The same of a run over another's evidence, as it was said there. */
async function undeliveredThere(tables: Tables, scope: number, run: string): Promise<Exclusion[]> {
  const there = await tables.exclusions.ofRun(scope, run);
  return there
    .filter(({ subject }) => hostLeftOut.has(exclusionKindOf(subject) ?? ''))
    .map(({ subject, document }) => ({ subject, document }) as Exclusion);
}
