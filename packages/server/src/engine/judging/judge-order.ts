import type { KnowledgeKinds } from '../../domain/knowledge.ts';
import type { Knowledge } from '../../domain/rules-package.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { EvidenceRecord } from '../../store/tables/evidence.ts';
import { type JudgedAgent, judgeHost } from './judge-host.ts';
import { type Snapshots, valuesOf } from './knowledge-source.ts';
import { unpackEvidence } from './load-evidence.ts';
import { type PackedJudgement, packJudgement } from './pack-judgement.ts';
import { catalogOf } from './rules-package-catalog.ts';

/** One host to judge, with all that its judgement is made of but the knowledge: another thread can be handed it. */
export interface JudgeOrder {
  readonly region: string;
  readonly agent: JudgedAgent;
  readonly documents: readonly (Pick<EvidenceRecord, 'kind'> & { readonly content: Uint8Array })[];
  /** ARNs of packages that have an implementation. */
  readonly rulesPackages: readonly string[];
  /** The time that the judgement is of, milliseconds since the epoch. */
  readonly at: number;
  /** Of the run. */
  readonly userAttributes: readonly UserAttribute[];
}

export interface JudgedPackage {
  /** ARN. */
  readonly rulesPackage: string;
  readonly judgement: PackedJudgement;
}

/** Judges a host wherever it is done: the snapshots are held until this has settled. */
export type Judge = (order: JudgeOrder, snapshots: Snapshots) => Promise<readonly JudgedPackage[]>;

/** Judges in the thread that asks. */
export const judgeHere: Judge = (order, snapshots) => judgeOrder(order, valuesOf(snapshots));

/** What every package that was asked for says of the host, in the catalog's order. */
export async function judgeOrder(
  { region, agent, documents, rulesPackages, at, userAttributes }: JudgeOrder,
  known: Partial<KnowledgeKinds>,
): Promise<JudgedPackage[]> {
  const evidence = await unpackEvidence(documents);
  const knowledge: Knowledge = { at, host: agent.id, attributes: userAttributes, ...known };
  const judged: JudgedPackage[] = [];
  for (const entry of catalogOf(region).filter(({ arn }) => rulesPackages.includes(arn))) {
    // Whatever else this thread has to do comes in between.
    await yieldToEventLoop();
    const judgement = judgeHost(entry, agent, evidence, knowledge);
    judged.push({ rulesPackage: entry.arn, judgement: packJudgement(judgement, userAttributes) });
  }
  return judged;
}
