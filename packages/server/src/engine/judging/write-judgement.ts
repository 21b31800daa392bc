import { newResourceIds, type RandomBytes } from '../../domain/ids.ts';
import type { Run } from '../../domain/run.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import type { Tables } from '../../store/store.ts';
import type { PackedFinding } from '../../store/tables/packed-findings.ts';
import { notifyOfFindings } from '../notify/notify-run.ts';
import type { PackedJudgement } from './pack-judgement.ts';
import { sameKnowledge } from './pin-knowledge.ts';
import { writeExclusions } from './write-exclusions.ts';

export interface Judged {
  /** The host's agent. */
  readonly agent: { readonly id: string };
  /** ARN. */
  readonly rulesPackage: string;
  readonly judgement: PackedJudgement;
  readonly under: RunKnowledge;
}

/**
 * Writes what one rules package says of one host: verdicts, findings and exclusions, once, while the run is being judged
 * by that knowledge. Call it in a transaction.
 */
export async function writeJudgement(
  tables: Pick<
    Tables,
    'runs' | 'evaluations' | 'findings' | 'exclusions' | 'jobs' | 'eventSubscriptions' | 'outbox' | 'scopes'
  >,
  scope: number,
  run: Run,
  { agent, rulesPackage, judgement, under }: Judged,
  now: number,
  random: RandomBytes,
): Promise<void> {
  const [current] = await tables.runs.findMany(scope, [run.id]);
  if (current?.state !== 'EVALUATING_RULES' || !sameKnowledge(current.knowledge, under)) return;
  const fresh = await tables.evaluations.insertPacked(scope, run.id, {
    agent: agent.id,
    rulesPackage,
    verdicts: judgement.verdicts,
    evaluatedAt: now,
  });
  if (!fresh) return;
  const { findings, texts } = judgement;
  const { id, target, template } = run;
  const times = { createdAt: now, updatedAt: now };
  const common = { target, template, run: id, agent: agent.id, autoScalingGroup: null, rulesPackage, ...times };
  const ids = await writeFindings(tables, scope, findings, common, texts, random);
  await notifyOfFindings(tables, scope, run, ids, now);
  await writeExclusions(tables, scope, run, judgement.exclusions, now, random);
  await tables.jobs.noteProgress(scope, run.id, 'evaluate');
}

/** Each under an id that no other finding has. Returns the ids. */
async function writeFindings(
  { findings }: Pick<Tables, 'findings'>,
  scope: number,
  all: PackedJudgement['findings'],
  common: Omit<PackedFinding, keyof PackedJudgement['findings'][number] | 'id'>,
  texts: readonly Uint8Array[],
  random: RandomBytes,
): Promise<string[]> {
  const written: string[] = [];
  let left = all;
  for (let attempt = 0; left.length > 0; attempt++) {
    // There are so many ids that one which is taken hardly comes up, and so many findings that it can.
    if (attempt === ATTEMPTS) throw new Error('Findings could not be given ids that no others have');
    const ids = newResourceIds(random, left.length);
    const added = await findings.insertPacked(scope, {
      findings: left.map((finding, at) => ({ ...finding, ...common, id: ids[at] ?? '' })),
      texts,
    });
    written.push(...added);
    left = left.filter((_, at) => !added.has(ids[at] ?? ''));
  }
  return written;
}

const ATTEMPTS = 10;
