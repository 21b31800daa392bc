import { runArn, type Scope } from '@assay/model/arn.ts';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../domain/agent.ts';
import type { Explanation } from '../../domain/explanation.ts';
import type { KeptVerdict } from '../../domain/kept-verdict.ts';
import type { KnowledgeKind, KnowledgeNeed } from '../../domain/knowledge.ts';
import type { Run } from '../../domain/run.ts';
import type { KnowledgeReference } from '../../domain/run-knowledge.ts';
import { rulesPackages } from '../../rules/index.ts';
import type { Store } from '../../store/store.ts';
import { type KnowledgeSources, referenceOf, releaseAll, type Snapshots, valuesOf } from './knowledge-source.ts';
import { loadEvidence } from './load-evidence.ts';
import { snapshotsOf } from './run-snapshot.ts';

/** What cannot be answered at all; the message says it to whoever asked. */
export class UnknownSubject extends Error {}

export interface Question {
  /** Agent id or host name. */
  readonly host: string;
  /** The id of a rule, or what a package explains beside its rules (a CVE). */
  readonly subject: string;
  readonly scopeName: Scope;
  readonly scope: number;
  /** The run whose evidence is asked; the newest with evidence of the host where absent. */
  readonly run: Run | undefined;
}

export interface ExplainedVerdict extends Explanation {
  readonly subject: string;
  readonly host: { readonly agentId: string; readonly hostname: string };
  readonly runArn: string;
  /** What was judged by: that of the run, else that of now. Empty for a subject that is judged by evidence alone. */
  readonly knowledge: readonly ({ readonly kind: KnowledgeKind; readonly of: 'run' | 'now' } & Pick<
    KnowledgeReference,
    'feeds'
  >)[];
}

interface Deps {
  readonly store: Pick<Store, 'agents' | 'evidence' | 'runs' | 'evaluations'>;
  readonly knowledge: KnowledgeSources;
  readonly now: () => number;
}

/** Answers `why` for a host. Throws {@link UnknownSubject}. */
export async function explainVerdict(deps: Deps, question: Question): Promise<ExplainedVerdict> {
  const { scopeName, scope, subject } = question;
  const explained = rulesPackages.find(({ explaining }) => explaining?.subjectOf(subject) !== undefined)?.explaining;
  if (!explained && !question.run) {
    const kept = await newestVerdict(deps.store, scope, question.host, subject);
    if (kept) {
      const { agent, run, verdict } = kept;
      const host = { agentId: agent.id, hostname: agent.hostname };
      const arn = runArn(scopeName, run.target, run.template, run.id);
      return { ...repeated(verdict), subject: verdict.ruleId, host, runArn: arn, knowledge: [] };
    }
  }
  const by = explained?.by ?? 'osRelease';
  const { agent, run } = await evidenceOf(deps.store, scope, question.host, question.run, by);
  const host = { agentId: agent.id, hostname: agent.hostname };
  const arn = runArn(scopeName, run.target, run.template, run.id);
  for (const { explaining, knowledge: needs } of rulesPackages) {
    const own = explaining?.subjectOf(subject);
    if (!explaining || own === undefined) continue;
    const evidence = await loadEvidence(deps.store.evidence, scope, run.id, agent.id);
    const { snapshots, of } = await settle(deps.knowledge, scope, run, needs);
    try {
      // The time of the run's judgement goes with what it was judged by: a release may have reached its end since.
      const at = of === 'run' ? (run.knowledge?.at ?? deps.now()) : deps.now();
      const explanation = explaining.explain(own, evidence, { at, host: agent.id, ...valuesOf(snapshots) });
      const knowledge = Object.entries(snapshots).map(([kind, snapshot]) => ({
        kind: kind as KnowledgeKind,
        of,
        feeds: referenceOf(snapshot).feeds,
      }));
      return { ...explanation, subject: own, host, runArn: arn, knowledge };
    } finally {
      releaseAll(snapshots);
    }
  }
  const verdict = await verdictOf(deps.store, scope, run, agent, subject);
  return { ...repeated(verdict), subject: verdict.ruleId, host, runArn: arn, knowledge: [] };
}

/** What the run was judged by where all of it is kept, else what there is now. */
async function settle(
  sources: KnowledgeSources,
  scope: number,
  run: Run,
  needs: readonly KnowledgeNeed[],
): Promise<{ snapshots: Snapshots; of: 'run' | 'now' }> {
  const kinds = needs.map(({ kind }) => kind);
  const recorded = needs.flatMap(({ kind, asOfNow }) => (asOfNow || !run.knowledge?.[kind] ? [] : [kind]));
  const snapshots = await snapshotsOf(sources, scope, run.knowledge);
  const ofRun = recorded.length > 0 && recorded.every((kind) => snapshots[kind]);
  const found: [KnowledgeKind, Snapshots[KnowledgeKind]][] = [];
  for (const { kind, asOfNow } of needs) {
    if (ofRun && !asOfNow) continue;
    const current = await sources[kind]?.current(scope);
    if (current) found.push([kind, current]);
  }
  const taken = ofRun ? kinds.filter((kind) => !found.some(([other]) => other === kind)) : [];
  const kept = taken.flatMap((kind) => (snapshots[kind] ? [[kind, snapshots[kind]] as const] : []));
  for (const [kind, snapshot] of Object.entries(snapshots))
    if (!kept.some(([other]) => other === kind)) snapshot.release();
  return { snapshots: Object.fromEntries([...kept, ...found]), of: ofRun ? 'run' : 'now' };
}

/** Runs that are looked through for a rule. */
const RUNS = 20;

/** What the newest run that evaluated a rule on a host said of it: not every run has every rules package. */
async function newestVerdict(
  store: Deps['store'],
  scope: number,
  name: string,
  subject: string,
): Promise<{ agent: Agent; run: Run; verdict: KeptVerdict } | undefined> {
  for (const agent of await agentsOf(store, scope, name)) {
    for (const id of await store.evidence.runsOf(scope, agent.id, RUNS)) {
      const verdict = await keptVerdict(store, scope, id, agent.id, subject);
      const [run] = verdict ? await store.runs.findMany(scope, [id]) : [];
      if (verdict && run) return { agent, run, verdict };
    }
  }
  return undefined;
}

async function keptVerdict(
  { evaluations }: Pick<Store, 'evaluations'>,
  scope: number,
  run: string,
  agent: string,
  subject: string,
): Promise<KeptVerdict | undefined> {
  const verdicts = (await evaluations.list(scope, run, agent)).flatMap((each) => each.verdicts);
  const wanted = subject.toLowerCase();
  return verdicts.find(({ ruleId, title }) => [ruleId, title].some((name) => name?.toLowerCase() === wanted));
}

async function verdictOf(
  { evaluations }: Pick<Store, 'evaluations'>,
  scope: number,
  run: Run,
  agent: Agent,
  subject: string,
): Promise<KeptVerdict> {
  const found = await keptVerdict({ evaluations }, scope, run.id, agent.id, subject);
  if (found) return found;
  const none = `The run ${run.id} has no verdict on ${subject} for ${agent.hostname}: it is neither a CVE nor a rule`;
  throw new UnknownSubject(`${none} that was evaluated there. List its verdicts: assay coverage ${run.id} --all`);
}

function repeated(verdict: KeptVerdict): Explanation {
  const { ruleId, outcome, observations, title } = verdict;
  const reason = 'reason' in verdict ? verdict.reason : (title ?? ruleId);
  const sections = observations.map(({ source, observed, expected }) => ({
    heading: source,
    lines: [observed, ...(expected === undefined ? [] : [`expected: ${expected}`])],
  }));
  const unseen = 'unseen' in verdict ? (verdict.unseen ?? []) : [];
  return {
    outcome,
    reason,
    sections: [...sections, ...(unseen.length > 0 ? [{ heading: 'not seen', lines: unseen }] : [])],
    data: { rule: ruleId, observations, ...(unseen.length > 0 && { unseen }) },
  };
}

/** The host, and the run whose evidence of it is asked. A name that several agents had means the one seen last. */
async function evidenceOf(
  store: Pick<Store, 'agents' | 'evidence' | 'runs'>,
  scope: number,
  host: string,
  run: Run | undefined,
  by: EvidenceKind,
): Promise<{ agent: Agent; run: Run }> {
  const sorted = await agentsOf(store, scope, host);
  const ids = sorted.map(({ id }) => id);
  if (run) {
    const documents = await store.evidence.list(scope, run.id, ids);
    const agent = sorted.find(({ id }) => documents.some((document) => document.agent === id));
    if (!agent) throw new UnknownSubject(`The run ${run.id} has no evidence of ${host}.`);
    if ((await store.evidence.load(scope, run.id, agent.id)).length === 0) {
      throw new UnknownSubject(
        `The evidence of the run ${run.id} is no longer kept (see --evidence-days of assay serve).`,
      );
    }
    return { agent, run };
  }
  const newest = await store.evidence.newestRuns(scope, ids, by);
  for (const agent of sorted) {
    const [found] = await store.runs.findMany(scope, [newest.find((each) => each.agent === agent.id)?.run ?? '']);
    if (found) return { agent, run: found };
  }
  throw new UnknownSubject(`There is no evidence of ${host}: start a run over it.`);
}

/** Those of an id or a name, the one that was heard last first. */
async function agentsOf({ agents }: Pick<Store, 'agents'>, scope: number, host: string): Promise<Agent[]> {
  const byId = /^i-[0-9a-f]{17}$/.test(host) ? await agents.findMany(scope, [host]) : [];
  const found = byId.length > 0 ? byId : await agents.named(scope, host);
  if (found.length === 0) throw new UnknownSubject(`No host is called ${host} here. List them: assay agents list`);
  return found.toSorted((a, b) => b.seenAt - a.seenAt);
}
