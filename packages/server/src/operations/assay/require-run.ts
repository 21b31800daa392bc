import type { Run } from '../../domain/run.ts';
import type { Store } from '../../store/store.ts';
import { doesNotExist } from '../arns.ts';
import type { Caller } from '../operation.ts';
import { requireRuns } from '../require-runs.ts';

/** The run that an ARN names: one of the caller's. Throws ASSESSMENT_RUN_DOES_NOT_EXIST. */
export async function requireRun(store: Pick<Store, 'runs'>, caller: Caller, arn: string): Promise<Run> {
  const [run] = await requireRuns(caller, [arn])(store);
  if (!run) throw doesNotExist('run', arn);
  return run;
}
