import { parseArn, type Scope } from '@assay/model/arn.ts';
import { liveStates } from '../../domain/run-machine.ts';
import { accountOfRun } from '../../engine/account/account-of-run.ts';
import { coverageOf, type DetailedCoverage } from '../../engine/account/coverage.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Store } from '../../store/store.ts';
import type { ApiClient } from '../client/api-client.ts';
import { style } from '../terminal/guarded-output.ts';
import { type Attribute, firstTemplate } from './first-assessment.ts';
import { coverageLines, followRun } from './run-progress.ts';

export interface Assessed {
  readonly runArn: string;
  readonly coverage: DetailedCoverage;
}

/** Starts a run over this host through the API, shows its progress, and returns what it covered when it has ended. */
export async function assessThisHost(
  store: Store,
  client: ApiClient,
  scope: Scope,
  packages: readonly string[],
  stream: NodeJS.WriteStream,
  attributes: readonly Attribute[] = [],
): Promise<Assessed> {
  const assessmentTemplateArn = await firstTemplate(client, packages, attributes);
  const runArn =
    (await interruptedRun(client, assessmentTemplateArn)) ?? (await startRun(client, assessmentTemplateArn));
  return followAssessment(store, client, scope, runArn, stream);
}

/** Shows the progress of a run over this host, and returns what it covered when it has ended. */
export async function followAssessment(
  store: Store,
  client: ApiClient,
  scope: Scope,
  runArn: string,
  stream: NodeJS.WriteStream,
): Promise<Assessed> {
  stream.write(`\n${style('bold', 'Assessment', stream)}  ${runArn.slice(runArn.lastIndexOf(':') + 1)}\n`);
  const run = await followRun(client, runArn, stream);
  const coverage = await coverageOfArn(store, scope, runArn);
  stream.write(coverageLines(coverage));
  if (run.state === 'FAILED' || run.state === 'ERROR') {
    throw new CliError(`The run ended ${run.state}: the host could not be assessed. The cause is above.`);
  }
  return { runArn, coverage };
}

async function coverageOfArn(store: Store, scopeName: Scope, runArn: string): Promise<DetailedCoverage> {
  const [, , id = ''] = parseArn(runArn)?.ids ?? [];
  const scope = await store.scopes.idOf(scopeName);
  const [run] = await store.runs.findMany(scope, [id]);
  if (!run) throw new CliError(`The run ${runArn} is gone; somebody deleted it.`);
  return coverageOf(await accountOfRun(store, scopeName, scope, run));
}

const startRun = async ({ call }: ApiClient, assessmentTemplateArn: string): Promise<string> =>
  (await call('StartAssessmentRun', { assessmentTemplateArn })).assessmentRunArn;

/** A run that the server was stopped or killed in: it goes on by itself, and holds the host until it has ended. */
async function interruptedRun({ call }: ApiClient, template: string): Promise<string | undefined> {
  const { assessmentRunArns } = await call('ListAssessmentRuns', {
    assessmentTemplateArns: [template],
    filter: { states: [...liveStates] },
  });
  return assessmentRunArns[0];
}
