import { parseArn, runArn, type Scope } from '@assay/model/arn.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import type { Run } from '../../domain/run.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Store } from '../../store/store.ts';

/** A run, and where it is. */
export interface FoundRun {
  readonly run: Run;
  readonly arn: string;
  /** scopes.id */
  readonly scope: number;
  readonly scopeName: Scope;
}

/** The run of an ARN. Throws {@link CliError} where there is none. */
export async function findRun(store: Store, text: string): Promise<FoundRun> {
  const arn = parseArn(text);
  if (arn?.kind !== 'run') throw new CliError(`${oneLine(text)} is not the ARN of an assessment run.`);
  const scopeName = { account: arn.account, region: arn.region };
  const scope = await store.scopes.find(scopeName);
  const [run] = await store.runs.findMany(scope, [arn.ids[2] ?? '']);
  if (!run) throw new CliError(`There is no run ${oneLine(text)}.`);
  return { run, arn: runArn(scopeName, run.target, run.template, run.id), scope, scopeName };
}
