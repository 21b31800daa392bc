import { runArn } from '@assay/model/arn.ts';
import type { RandomBytes } from '../domain/ids.ts';
import { rulesPackageArns } from '../domain/rules-package-arns.ts';
import type { AdvisoriesReference } from '../domain/run-knowledge.ts';
import { hasEnded } from '../domain/run-machine.ts';
import type { Run } from '../store/runs.ts';
import type { Store, Tables } from '../store/store.ts';
import { type AdvisorySource, referenceOf } from './advisory-source.ts';
import { NotReassessable, reassess } from './reassess.ts';

/** A template with this tag, `true`, has its last run reassessed whenever there are new advisories. */
const CONTINUOUS = { key: 'assay:continuous', value: 'true' } as const;

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
 * the current ones. Doing it again starts nothing more.
 */
export async function followAdvisories({ store, advisories, now, random }: FollowDeps): Promise<Followed[]> {
  const generation = advisories.current();
  if (!generation) return [];
  const reference = referenceOf(generation);
  generation.release();
  const started: Followed[] = [];
  for (const { scope, id } of await store.templates.tagged(CONTINUOUS)) {
    const scopeName = await store.scopes.get(scope);
    const vulnerabilities = rulesPackageArns(scopeName.region).get('Common Vulnerabilities and Exposures');
    const run = await store.transaction(async (tables) => {
      const last = await lastJudged(tables, scope, id, reference);
      if (!last || !(await includes(tables, last, vulnerabilities))) return undefined;
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

/** The template's newest run, if it completed and was judged by others. One that goes on, or broke, is left alone. */
async function lastJudged(
  tables: Tables,
  scope: number,
  template: string,
  { digest }: AdvisoriesReference,
): Promise<Run | undefined> {
  const newest = await tables.runs.newestOfTemplate(scope, template);
  const [run] = newest ? await tables.runs.findMany(scope, [newest.id]) : [];
  if (!run || !hasEnded(run.state) || run.knowledge?.advisories?.digest === digest) return undefined;
  return run.state === 'COMPLETED' || run.state === 'COMPLETED_WITH_ERRORS' ? run : undefined;
}

async function includes(tables: Tables, { rulesPackages }: Run, arn: string | undefined): Promise<boolean> {
  const arns = (await tables.rulesPackageSets.arnsOf([rulesPackages])).get(rulesPackages) ?? [];
  return arn !== undefined && arns.includes(arn);
}
