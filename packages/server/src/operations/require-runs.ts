import type { Run } from '../domain/run.ts';
import type { Store } from '../store/store.ts';
import { doesNotExist, requireOwn, sameParents } from './arns.ts';
import type { Caller } from './operation.ts';

/**
 * The runs of a list of ARNs, in its order, each once. The ARNs' form is judged by the first call, before the second
 * looks anything up. Throws ASSESSMENT_RUN_DOES_NOT_EXIST.
 */
export function requireRuns(caller: Caller, arns: readonly string[]) {
  const parsed = requireOwn(caller, 'run', arns);
  return async (store: Pick<Store, 'runs'>): Promise<Run[]> => {
    const ids = [...new Set(parsed.map((arn) => arn.ids[2] ?? ''))];
    const byId = new Map((await store.runs.findMany(caller.scope, ids)).map((run) => [run.id, run]));
    for (const [index, arn] of parsed.entries()) {
      const run = byId.get(arn.ids[2] ?? '');
      if (!run || !sameParents(arn, run.target, run.template, run.id)) throw doesNotExist('run', arns[index] ?? '');
    }
    return [...byId.values()];
  };
}
