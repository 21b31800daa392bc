import { parseArn, type Scope } from '@assay/model/arn.ts';
import { liveStates } from '../../domain/run-machine.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Store } from '../../store/store.ts';
import type { ApiClient } from '../client/api-client.ts';
import { style } from '../terminal/guarded-output.ts';
import { firstTemplate } from './first-assessment.ts';
import { followRun } from './run-progress.ts';

/** Starts a run over this host through the API, shows its progress, and returns its ARN when it has ended. */
export async function assessThisHost(
  store: Store,
  client: ApiClient,
  scope: Scope,
  stream: NodeJS.WriteStream,
): Promise<string> {
  const assessmentTemplateArn = await firstTemplate(client);
  const assessmentRunArn =
    (await interruptedRun(client, assessmentTemplateArn)) ?? (await startRun(client, assessmentTemplateArn));
  stream.write(
    `\n${style('bold', 'Assessment', stream)}  ${assessmentRunArn.slice(assessmentRunArn.lastIndexOf(':') + 1)}\n`,
  );
  const run = await followRun(client, assessmentRunArn, stream);
  const verdicts = await verdictsOf(store, scope, assessmentRunArn);
  const count = (outcome: string): number => verdicts.filter((verdict) => verdict.outcome === outcome).length;
  stream.write(
    `  ${' '.repeat(7)}  rules: ${verdicts.length} evaluated, ${count('PASSED')} passed, ${count('FINDING')} findings,\n` +
      `  ${' '.repeat(7)}         ${count('NOT_APPLICABLE')} not applicable, ${count('NOT_ASSESSED')} not assessed\n`,
  );
  if (run.state === 'FAILED' || run.state === 'ERROR') {
    throw new CliError(`The run ended ${run.state}: the host could not be assessed. What went wrong stands above.`);
  }
  return assessmentRunArn;
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

/** Every verdict of a run; the API shows findings and exclusions only. */
export async function verdictsOf(store: Store, scope: Scope, runArn: string) {
  const [, , run = ''] = parseArn(runArn)?.ids ?? [];
  const evaluations = await store.evaluations.list(await store.scopes.idOf(scope), run);
  return evaluations.flatMap(({ verdicts }) => verdicts);
}
