import { runArn } from '@assay/model/arn.ts';
import type { RandomBytes } from '../../domain/ids.ts';
import type { Run } from '../../domain/run.ts';
import type { KnowledgeReference } from '../../domain/run-knowledge.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import type { Store, Tables } from '../../store/store.ts';
import type { AdvisorySource } from './advisory-source.ts';
import { referenceOf } from './knowledge-source.ts';
import { NotReassessable, reassess } from './reassess.ts';
import { packagesThatJudgeBy } from './rules-package-catalog.ts';

/** A template with this tag, `true`, has its last run reassessed whenever there are new advisories. */
const CONTINUOUS = { key: 'assay:continuous', value: 'true' } as const;

/** Reassessments of the same evidence that are looked through: two servers do not undo each other's for ever. */
const LOOK_BACK = 20;

export interface FollowDeps {
  readonly store: Store;
  readonly advisories: AdvisorySource;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** What was started, and of which run. */
export interface Followed {
  readonly scope: number;
  readonly run: string;
  readonly arn: string;
  readonly before: string;
}

/**
 * Starts a reassessment for every template that asks for it, where its newest run was judged by other advisories than
 * the current ones, and not by newer ones: servers that share a store may have theirs from different days. Doing it
 * again starts nothing more.
 */
export async function followAdvisories({ store, advisories, now, random }: FollowDeps): Promise<Followed[]> {
  const generation = advisories.current();
  if (!generation) return [];
  const reference = referenceOf(generation);
  generation.release();
  const started: Followed[] = [];
  for (const { scope, id } of await store.templates.tagged(CONTINUOUS)) {
    const scopeName = await store.scopes.get(scope);
    const concerned = packagesThatJudgeBy(scopeName.region, 'advisories');
    const run = await store.transaction(async (tables) => {
      const last = await lastJudged(tables, scope, id, reference);
      if (!last || !(await includesAny(tables, last, concerned))) return undefined;
      try {
        const options = { advisories: reference, continuous: true, createdAt: now() } as const;
        return { before: last.id, ...(await reassess(tables, scopeName, scope, last, options, random)) };
      } catch (error) {
        // Its evidence is gone: the next run over the hosts brings new.
        if (error instanceof NotReassessable) return undefined;
        throw error;
      }
    });
    if (!run) continue;
    started.push({ scope, run: run.id, arn: runArn(scopeName, run.target, run.template, run.id), before: run.before });
  }
  return started;
}

/**
 * The template's newest run, if it completed and neither it nor what it reassessed was judged by these or by newer ones.
 * One that goes on, or broke, is left alone.
 */
async function lastJudged(
  tables: Tables,
  scope: number,
  template: string,
  reference: KnowledgeReference,
): Promise<Run | undefined> {
  const newest = await tables.runs.newestOfTemplate(scope, template);
  const [run] = newest ? await tables.runs.findMany(scope, [newest.id]) : [];
  if (!run || !hasEnded(run.state) || isOlder(reference, run)) return undefined;
  if (run.state !== 'COMPLETED' && run.state !== 'COMPLETED_WITH_ERRORS') return undefined;
  let judged: Run | undefined = run;
  for (let back = 0; judged && back < LOOK_BACK; back++) {
    if (judged.knowledge?.advisories?.digest === reference.digest) return undefined;
    const evidenceOf: string | undefined = judged.knowledge?.evidenceOf;
    judged = evidenceOf === undefined ? undefined : (await tables.runs.findMany(scope, [evidenceOf]))[0];
  }
  return run;
}

/** Whether a feed was read at an earlier date than the run had it of. */
function isOlder({ feeds }: KnowledgeReference, { knowledge }: Run): boolean {
  const had = new Map(knowledge?.advisories?.feeds.map(({ name, updatedAt }) => [name, updatedAt]));
  return feeds.some(({ name, updatedAt }) => updatedAt < (had.get(name) ?? updatedAt));
}

async function includesAny(tables: Tables, { rulesPackages }: Run, wanted: readonly string[]): Promise<boolean> {
  const arns = (await tables.rulesPackageSets.arnsOf([rulesPackages])).get(rulesPackages) ?? [];
  return arns.some((arn) => wanted.includes(arn));
}
