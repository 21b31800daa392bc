import { isIP } from 'node:net';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import type { Client } from './client/client.ts';
import { nameHosts } from './client/name-host.ts';
import { nameRun } from './client/name-run.ts';
import { OperationError } from './client/operation-error.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { inMilliseconds } from './runs/feed-in-milliseconds.ts';
import { printExplanation } from './runs/print-explanation.ts';

type ExplainedVerdict = AssayOutput<'ExplainVerdict'>;

interface WhyOptions extends ClientOptions {
  readonly from?: string;
  readonly run?: string;
  readonly json?: boolean;
}

export const whyCommand = (): Command =>
  withClientOptions(new Command('why'))
    .description(
      'Explain whether a CVE affects a host, whether a port can be reached, or what a rule found there, and why',
    )
    .argument('<host>', 'agent id or host name')
    .argument('<cve, port or rule>', 'CVE-YYYY-NNNN, tcp/22 or udp/53, or the id of a rule')
    .option(
      '--from <address>',
      'of a port: the address that a packet comes from (default: the best way in from each zone)',
    )
    .option('--run <run>', 'ARN or id of the run whose evidence is asked (default: the newest)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 not affected or passed, 1 affected or a finding, 2 not assessed.')
    .action((host: string, subject: string, options: WhyOptions) =>
      withClient(options, async (client) => {
        if (options.from !== undefined && isIP(options.from) === 0) {
          throw new CliError(`--from takes an address, not ${options.from.slice(0, 64)}.`);
        }
        const asked = options.from === undefined ? subject : `${subject} from ${options.from}`;
        const run = options.run === undefined ? {} : { assessmentRunArn: await nameRun(client, options.run) };
        const why = await explain(client, await nameHosts(client, host), { subject: asked, ...run });
        if (options.json) process.stdout.write(`${JSON.stringify(forPrograms(why), undefined, 2)}\n`);
        else printExplanation(why, process.stdout);
        process.exitCode = statuses[why.outcome];
      }),
    );

/** Of hosts of one name, the one heard last of those that there is something to say of. */
async function explain(
  client: Client,
  hostArns: readonly string[],
  question: { readonly subject: string; readonly assessmentRunArn?: string },
): Promise<ExplainedVerdict> {
  let refusal: unknown;
  for (const hostArn of hostArns) {
    try {
      return await client.assay('ExplainVerdict', { hostArn, ...question });
    } catch (error) {
      if (!(error instanceof OperationError) || error.errorCode !== 'VERDICT_DOES_NOT_EXIST') throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

const statuses: Readonly<Record<ExplainedVerdict['outcome'], number>> = {
  NOT_AFFECTED: 0,
  PASSED: 0,
  NOT_APPLICABLE: 0,
  AFFECTED: 1,
  FINDING: 1,
  NOT_ASSESSED: 2,
};

function forPrograms({ outcome, reason, details, agentId, hostname, assessmentRunArn, knowledge }: ExplainedVerdict) {
  const advisories = knowledge.find(({ kind }) => kind === 'advisories');
  return {
    outcome,
    reason,
    ...(JSON.parse(details) as object),
    host: { agentId, hostname },
    runArn: assessmentRunArn,
    advisories: advisories
      ? {
          of: advisories.of,
          feeds: advisories.feeds.map(inMilliseconds),
        }
      : null,
  };
}
