import type { Store } from '../store/store.ts';
import { doesNotExist, requireOwn, sameParents } from './arns.ts';
import type { Caller } from './operation.ts';

interface ListedRun {
  readonly id: string;
  readonly target: string;
  readonly template: string;
}

/**
 * The runs of a list of ARNs whose findings or exclusions are asked for, each once. A run of imported history may be
 * known by those alone. The ARNs' form is judged by the first call, before the second looks anything up.
 * Throws ASSESSMENT_RUN_DOES_NOT_EXIST.
 */
export function requireListedRuns(caller: Caller, arns: readonly string[]) {
  const parsed = requireOwn(caller, 'run', arns);
  return async (store: Pick<Store, 'runs' | 'findings' | 'exclusions'>): Promise<ListedRun[]> => {
    const { scope } = caller;
    const ids = [...new Set(parsed.map((arn) => arn.ids[2] ?? ''))];
    const byId = new Map<string, ListedRun>((await store.runs.findMany(scope, ids)).map((run) => [run.id, run]));
    for (const table of [store.findings, store.exclusions]) {
      const unknown = ids.filter((id) => !byId.has(id));
      if (unknown.length === 0) break;
      for (const run of await table.runsAmong(scope, unknown)) byId.set(run.id, run);
    }
    for (const [index, arn] of parsed.entries()) {
      const run = byId.get(arn.ids[2] ?? '');
      if (!run || !sameParents(arn, run.target, run.template, run.id)) throw doesNotExist('run', arns[index] ?? '');
    }
    return [...byId.values()];
  };
}
