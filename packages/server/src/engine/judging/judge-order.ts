import type { KnowledgeKinds } from '../../domain/knowledge.ts';
import type { EvidenceRecord } from '../../store/tables/evidence.ts';
import { type HostToJudge, judgePackages } from './judge-packages.ts';
import { type Snapshots, valuesOf } from './knowledge-source.ts';
import { unpackEvidence } from './load-evidence.ts';
import { type PackedJudgement, packJudgement } from './pack-judgement.ts';

/** One host to judge, with all that its judgement is made of but the knowledge: another thread can be handed it. */
export interface JudgeOrder extends HostToJudge {
  readonly documents: readonly (Pick<EvidenceRecord, 'kind'> & { readonly content: Uint8Array })[];
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

/** What every package that was asked for says of the host, as it is kept. */
export async function judgeOrder(
  { documents, ...host }: JudgeOrder,
  known: Partial<KnowledgeKinds>,
): Promise<JudgedPackage[]> {
  const judged: JudgedPackage[] = [];
  for await (const { rulesPackage, judgement } of judgePackages(host, await unpackEvidence(documents), known)) {
    judged.push({ rulesPackage, judgement: packJudgement(judgement, host.userAttributes) });
  }
  return judged;
}
