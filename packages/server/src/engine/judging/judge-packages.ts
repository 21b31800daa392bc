import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { KnowledgeKinds } from '../../domain/knowledge.ts';
import type { Knowledge } from '../../domain/rules-package.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import { type HostJudgement, type JudgedAgent, judgeHost } from './judge-host.ts';
import { catalogOf } from './rules-package-catalog.ts';

/** One host to judge. */
export interface HostToJudge {
  readonly region: string;
  readonly agent: JudgedAgent;
  /** ARNs of packages that have an implementation. */
  readonly rulesPackages: readonly string[];
  /** The time that the judgement is of, milliseconds since the epoch. */
  readonly at: number;
  /** Of the run. */
  readonly userAttributes: readonly UserAttribute[];
}

/** What one package says of a host. */
export interface PackageJudgement {
  /** ARN. */
  readonly rulesPackage: string;
  readonly judgement: HostJudgement;
}

/**
 * What every package that was asked for says of the host, one after the other, in the catalog's order. A server's run and
 * `assay scan` both judge by this.
 */
export async function* judgePackages(
  { region, agent, rulesPackages, at, userAttributes }: HostToJudge,
  evidence: HostEvidence,
  known: Partial<KnowledgeKinds>,
): AsyncGenerator<PackageJudgement> {
  const knowledge: Knowledge = { at, host: agent.id, attributes: userAttributes, ...known };
  for (const entry of catalogOf(region).filter(({ arn }) => rulesPackages.includes(arn))) {
    // Whatever else this thread has to do comes in between.
    await yieldToEventLoop();
    yield { rulesPackage: entry.arn, judgement: judgeHost(entry, agent, evidence, knowledge) };
  }
}
