import { parseArn, runArn, type Scope } from '@assay/model/arn.ts';
import type { Run } from '../../domain/run.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Store } from '../../store/store.ts';

/** A run that a person named, and where it is. */
export interface FoundRun {
  readonly run: Run;
  readonly arn: string;
  /** scopes.id */
  readonly scope: number;
  readonly scopeName: Scope;
}

/** The run of an ARN, or of an id in the account and region that were given. Throws {@link CliError} where there is none. */
export async function findRun(store: Store, given: Scope, text: string): Promise<FoundRun> {
  const arn = parseArn(text);
  const scopeName = arn ? { account: arn.account, region: arn.region } : given;
  const id = arn ? (arn.kind === 'run' ? arn.ids[2] : undefined) : /^[0-9]-[0-9A-Za-z]{8}$/.exec(text)?.[0];
  if (id === undefined) throw new CliError(`${text} is neither the ARN of an assessment run nor the id of one.`);
  const scope = await store.scopes.idOf(scopeName);
  const [run] = await store.runs.findMany(scope, [id]);
  if (!run) {
    const where = `account ${scopeName.account}, ${scopeName.region}`;
    throw new CliError(`There is no run ${id} in ${where}.${arn ? '' : ' Give its ARN, or --region and --account.'}`);
  }
  return { run, arn: runArn(scopeName, run.target, run.template, run.id), scope, scopeName };
}
