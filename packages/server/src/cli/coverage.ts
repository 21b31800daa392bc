import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import type { Client } from './client/client.ts';
import { listAll } from './client/list-all.ts';
import { nameRun } from './client/name-run.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { printCoverage, type RunVerdict } from './runs/print-coverage.ts';

interface CoverageOptions extends ClientOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

type RunCoverage = AssayOutput<'GetRunCoverage'>;

export const coverageCommand = (): Command =>
  withClientOptions(new Command('coverage'))
    .description('Show what a run looked at: one verdict for every host and rule, and why rules were not assessed')
    .argument('<run>', 'ARN or id of a run, or latest')
    .option('--all', 'every verdict')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 every package was evaluated on every host, 2 something was not assessed.')
    .action(async (text: string, options: CoverageOptions) =>
      withClient(options, async (client) => {
        const arn = await nameRun(client, text);
        const coverage = await readCoverage(client, arn);
        const all = options.all ? verdictsOf(client, arn) : undefined;
        if (options.json) await writeJson(coverage, all);
        else await printCoverage({ arn, coverage, all }, process.stdout);
        if (!coverage.whole) process.exitCode = 2;
      }),
    );

/** Page by page: a large run has millions. */
async function* verdictsOf(client: Client, assessmentRunArn: string): AsyncGenerator<RunVerdict> {
  let nextToken: string | undefined;
  do {
    const page = await client.assay('ListRunVerdicts', { assessmentRunArn, nextToken, maxResults: 500 });
    yield* page.verdicts;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

/** The coverage of a run with all of its hosts. */
async function readCoverage(client: Client, assessmentRunArn: string): Promise<RunCoverage> {
  let last: RunCoverage | undefined;
  const byHost = await listAll(async (nextToken) => {
    last = await client.assay('GetRunCoverage', { assessmentRunArn, nextToken, maxResults: 500 });
    return { items: last.byHost, nextToken: last.nextToken };
  });
  return { ...(last as RunCoverage), byHost };
}

async function writeJson(
  { hosts, rules, verdicts, reasons }: RunCoverage,
  all: AsyncIterable<RunVerdict> | undefined,
): Promise<void> {
  const shown = reasons.map(({ packageName, reason, count }) => ({ package: packageName, reason, count }));
  const text = JSON.stringify({ hosts, rules, verdicts, reasons: shown }, undefined, 2);
  if (!all) {
    process.stdout.write(`${text}\n`);
    return;
  }
  // Written one by one.
  process.stdout.write(`${text.slice(0, -2)},\n  "all": [`);
  let separator = '';
  for await (const { agentId, hostname, packageName, ruleName: rule, title, outcome, reason, unseen } of all) {
    const about = { agentId, hostname: hostname ?? null, package: packageName, rule };
    const verdict = { ...about, ...(title !== undefined && { title }), outcome, reason, unseen };
    process.stdout.write(`${separator}\n    ${JSON.stringify(verdict)}`);
    separator = ',';
  }
  process.stdout.write('\n  ]\n}\n');
}
