import type { Advisories } from '../../domain/advisories.ts';
import { noAdvisories } from '../../domain/exclusions.ts';
import type { Knowledge } from '../../domain/rules-package.ts';
import type { EvidenceRecord } from '../../store/tables/evidence.ts';
import type { UserAttribute } from '../../store/tables/templates.ts';
import type { Generation } from './advisory-source.ts';
import { type HostJudgement, type JudgedAgent, judgeHost } from './judge-host.ts';
import { unpackEvidence } from './load-evidence.ts';
import { type PackedJudgement, packJudgement } from './pack-judgement.ts';
import { type CatalogEntry, catalogOf } from './rules-package-catalog.ts';
import { ADVISED } from './settle-knowledge.ts';

/** One host to judge, with all that its judgement is made of but the advisories: another thread can be handed it. */
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

/** Judges a host wherever it is done: the generation, where there is one, is held until this has settled. */
export type Judge = (order: JudgeOrder, generation: Generation | undefined) => Promise<readonly JudgedPackage[]>;

/** Judges in the thread that asks. */
export const judgeHere: Judge = (order, generation) => judgeOrder(order, generation?.advisories);

/** What every package that was asked for says of the host, in the catalog's order. */
export async function judgeOrder(
  { region, agent, documents, rulesPackages, at, userAttributes }: JudgeOrder,
  advisories: Advisories | undefined,
): Promise<JudgedPackage[]> {
  const evidence = await unpackEvidence(documents);
  const knowledge: Knowledge = { at, ...(advisories ? { advisories } : {}) };
  const judged: JudgedPackage[] = [];
  for (const entry of catalogOf(region).filter(({ arn }) => rulesPackages.includes(arn))) {
    // Whatever else this thread has to do comes in between.
    await new Promise((resolve) => setImmediate(resolve));
    const judgement = withoutRepeats(judgeHost(entry, agent, evidence, knowledge), entry, knowledge);
    judged.push({ rulesPackage: entry.arn, judgement: packJudgement(judgement, userAttributes) });
  }
  return judged;
}

/** That there are no advisories is the same of every host: it is said once. */
function withoutRepeats(judgement: HostJudgement, entry: CatalogEntry, { advisories }: Knowledge): HostJudgement {
  if (advisories || entry.name !== ADVISED) return judgement;
  const others = judgement.exclusions.filter(({ subject }) => !subject.startsWith('evaluation-error/'));
  return { ...judgement, exclusions: others.length > 0 ? others : [noAdvisories(entry)] };
}
