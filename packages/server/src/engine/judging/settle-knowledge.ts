import type { PackageName } from '../../domain/rules-package-arns.ts';
import type { RunKnowledge } from '../../domain/run-knowledge.ts';
import type { Store, Tables } from '../../store/store.ts';
import type { Run } from '../../store/tables/runs.ts';
import { type AdvisorySource, type Generation, referenceOf } from './advisory-source.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { CatalogEntry } from './rules-package-catalog.ts';

export interface SettledKnowledge {
  /** As it is recorded with the run. */
  readonly under: RunKnowledge & { readonly at: number };
  /** The caller releases it. */
  readonly generation: Generation | undefined;
}

interface Deps {
  readonly store: Pick<Store, 'transaction'>;
  readonly now: () => number;
  readonly advisories: AdvisorySource;
  /** Where it is absent, nobody else is waited for. */
  readonly elsewhere?: Elsewhere;
  /** Takes a line for whoever runs the server. */
  readonly log?: (line: string) => void;
}

/** The package that is about advisories. */
export const ADVISED: PackageName = 'Common Vulnerabilities and Exposures';

/**
 * Decides what a run in evaluation is judged by, and records it before the first verdict: all its hosts are judged by the
 * same. Taken up again after a kill, the run goes on under what it began with; where that is gone, or the rules are of
 * another version now, what was written is deleted and the run is judged anew. Undefined when another worker was first;
 * ELSEWHERE when another server may have the advisories that are not here. Throws when those that a reassessment asked
 * for are gone.
 */
export async function settleKnowledge(
  { store, now, advisories: source, elsewhere, log }: Deps,
  scope: number,
  run: Run,
  packages: readonly CatalogEntry[],
): Promise<SettledKnowledge | 'ELSEWHERE' | undefined> {
  const before = run.knowledge;
  const versions = Object.fromEntries(packages.map(({ arn, version }) => [arn, version]));
  const begun = before !== undefined && before.at !== null;
  const wanted = before?.advisories;
  const named = wanted && take(source, wanted.generation, wanted.digest);
  if (begun && sameVersions(before.versions, versions) && (named || !wanted)) {
    return { under: { ...before, at: before.at }, generation: named };
  }
  const advised = packages.some(({ name }) => name === ADVISED);
  const lacking = wanted ? !named : advised && !has(source);
  if (lacking && (await elsewhere?.(run.id))) return 'ELSEWHERE';
  if (wanted && !named && !begun) throw new Error(`The advisories ${wanted.generation} that were asked for are gone`);
  const generation = named ?? source.current();
  const { advisories: _, ...rest } = before ?? {};
  const under = { ...rest, at: now(), versions, ...(generation ? { advisories: referenceOf(generation) } : {}) };
  const settled = await store.transaction(async (tables) => {
    const [current] = await tables.runs.findMany(scope, [run.id]);
    if (current?.state !== 'EVALUATING_RULES' || !sameKnowledge(current.knowledge, before)) return false;
    if (begun) await forget(tables, scope, run.id);
    await tables.runs.setKnowledge(scope, run.id, under);
    return true;
  });
  if (settled) {
    if (begun && wanted && !named)
      log?.(`The run ${run.id} is judged anew: the advisories that it began with are gone`);
    return { under, generation };
  }
  generation?.release();
  return undefined;
}

/** Whether verdicts under both can stand side by side. */
export const sameKnowledge = (a: RunKnowledge | undefined, b: RunKnowledge | undefined): boolean =>
  a?.at === b?.at && a?.advisories?.digest === b?.advisories?.digest;

/** By its name or, since another server may have named the same otherwise, the current one. */
function take(source: AdvisorySource, name: string, digest: string): Generation | undefined {
  for (const look of [() => source.named(name), () => source.current()]) {
    const generation = look();
    if (generation?.advisories.digest === digest) return generation;
    generation?.release();
  }
  return undefined;
}

function has(source: AdvisorySource): boolean {
  const generation = source.current();
  generation?.release();
  return generation !== undefined;
}

/** Nothing of a run in evaluation has been shown to anybody yet. */
async function forget(tables: Tables, scope: number, run: string): Promise<void> {
  await tables.evaluations.delete(scope, { run });
  await tables.findings.delete(scope, { run });
  await tables.exclusions.delete(scope, { run });
}

const sameVersions = (a: RunKnowledge['versions'], b: RunKnowledge['versions']): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(b).every(([arn, version]) => a[arn] === version);
