import { newResourceId, type RandomBytes } from '../domain/ids.ts';
import type { RunKnowledge } from '../domain/run-knowledge.ts';
import type { Run } from '../store/runs.ts';
import type { Tables } from '../store/store.ts';
import type { HostJudgement } from './judge-host.ts';
import { sameKnowledge } from './settle-knowledge.ts';
import { writeExclusions } from './write-exclusions.ts';

export interface Judged {
  /** The host's agent. */
  readonly agent: { readonly id: string };
  /** ARN. */
  readonly rulesPackage: string;
  readonly judgement: HostJudgement;
  readonly under: RunKnowledge;
}

/**
 * Writes what one rules package says of one host: verdicts, findings and exclusions, once, while the run is being judged
 * by that knowledge. Call it in a transaction.
 */
export async function writeJudgement(
  tables: Pick<Tables, 'runs' | 'evaluations' | 'findings' | 'exclusions' | 'jobs'>,
  scope: number,
  run: Run,
  { agent, rulesPackage, judgement, under }: Judged,
  now: number,
  random: RandomBytes,
): Promise<void> {
  const [current] = await tables.runs.findMany(scope, [run.id]);
  if (current?.state !== 'EVALUATING_RULES' || !sameKnowledge(current.knowledge, under)) return;
  const fresh = await tables.evaluations.insert(scope, run.id, {
    agent: agent.id,
    rulesPackage,
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
      rulesPackage,
      document: { ...finding.document, userAttributes: run.userAttributes },
      createdAt: now,
      updatedAt: now,
    })),
  );
  await writeExclusions(tables, scope, run, judgement.exclusions, now, random);
  await tables.jobs.noteProgress(scope, run.id, 'evaluate');
}
