import { parseArn } from '@assay/model/arn.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Client } from './client.ts';

/** An id as runs are listed by, or the end of an ARN as `start` and `scan` print it. */
const NAMED = /^(?:target\/[^/]+\/template\/[^/]+\/)?(?:run\/)?([0-9]-[0-9A-Za-z]{8})$/;

/** Runs of a page: as many as the API gives at once. */
const PAGE = 500;

/**
 * The ARN of a run that a person named: by its ARN or the end of it, its id, or `latest` for the newest that has ended. Throws
 * {@link CliError} where there is none.
 */
export async function nameRun(client: Client, text: string): Promise<string> {
  if (parseArn(text)?.kind === 'run') return text;
  if (text === 'latest') return newestEnded(client);
  const [, id] = NAMED.exec(text) ?? [];
  if (id === undefined) {
    throw new CliError(`${oneLine(text)} is neither the ARN of an assessment run nor the id of one, nor latest.`);
  }
  let nextToken: string | undefined;
  do {
    const page = await client.inspector('ListAssessmentRuns', { maxResults: PAGE, nextToken });
    const found = page.assessmentRunArns.find((arn) => arn.endsWith(`/run/${id}`));
    if (found !== undefined) return found;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  const { account, region } = await client.scope();
  throw new CliError(`There is no run ${id} in account ${account}, ${region}. assay runs lists those there are.`);
}

async function newestEnded(client: Client): Promise<string> {
  const states = ['COMPLETED', 'COMPLETED_WITH_ERRORS'] as ('COMPLETED' | 'COMPLETED_WITH_ERRORS')[];
  const { assessmentRunArns } = await client.inspector('ListAssessmentRuns', { filter: { states }, maxResults: 1 });
  const [arn] = assessmentRunArns;
  if (arn === undefined) throw new CliError('No run has completed yet. assay runs lists all of them.');
  return arn;
}
