import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { accountOfRun, type RunAccount } from '../engine/account/account-of-run.ts';
import { CliError } from '../runtime/cli-error.ts';
import type { Client } from './client/client.ts';
import { listAll } from './client/list-all.ts';
import { nameRun } from './client/name-run.ts';
import { type ClientOptions, DEFAULT_REGION, withClient, withClientOptions } from './client/with-client.ts';
import { findRun } from './runs/find-run.ts';
import { printCoverage } from './runs/print-coverage.ts';
import { withStore } from './runs/scoped-store.ts';

interface CoverageOptions extends ClientOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

type RunCoverage = AssayOutput<'GetRunCoverage'>;

export const coverageCommand = (): Command =>
  withClientOptions(new Command('coverage'))
    .description('Show what a run looked at: one verdict for every host and rule, and why rules were not assessed')
    .argument('<run>', 'ARN or id of a run, or latest')
    .option('--all', "every verdict; on the server's own store only")
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 every package was evaluated on every host, 2 something was not assessed.')
    .action(async (text: string, options: CoverageOptions) => {
      const endpoint = options.endpoint ?? (options.dataDir ? undefined : process.env.ASSAY_ENDPOINT);
      if (options.all && endpoint !== undefined) {
        throw new CliError('--all works on the server’s own store: run it there with --data-dir or --database-url.');
      }
      const { arn, coverage } = await withClient(options, async (client) => {
        const named = await nameRun(client, text);
        return { arn: named, coverage: await readCoverage(client, named) };
      });
      const show = async (all: RunAccount | undefined): Promise<void> => {
        if (options.json) await writeJson(coverage, all);
        else await printCoverage({ arn, coverage, all }, process.stdout);
      };
      if (options.all) {
        await withStore({ ...options, region: options.region ?? DEFAULT_REGION }, async (store) => {
          const { run, scope, scopeName } = await findRun(store, arn);
          await show(await accountOfRun(store, scopeName, scope, run));
        });
      } else await show(undefined);
      if (!coverage.whole) process.exitCode = 2;
    });

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
  { hosts, rules, verdicts, reasons, byHost }: RunCoverage,
  all: RunAccount | undefined,
): Promise<void> {
  const shown = reasons.map(({ packageName, reason, count }) => ({ package: packageName, reason, count }));
  const text = JSON.stringify({ hosts, rules, verdicts, reasons: shown }, undefined, 2);
  if (!all) {
    process.stdout.write(`${text}\n`);
    return;
  }
  const names = namesOf(byHost);
  // Written one by one: a large run has millions.
  process.stdout.write(`${text.slice(0, -2)},\n  "all": [`);
  let separator = '';
  for await (const { agent, package: of, verdicts: given } of all.entries()) {
    for (const { rule, title, outcome, reason, unseen } of given) {
      const about = { agentId: agent, hostname: names.get(agent) ?? null, package: of.name, rule };
      const verdict = { ...about, ...(title !== undefined && { title }), outcome, reason, unseen };
      process.stdout.write(`${separator}\n    ${JSON.stringify(verdict)}`);
      separator = ',';
    }
  }
  process.stdout.write('\n  ]\n}\n');
}

const namesOf = (byHost: RunCoverage['byHost']): ReadonlyMap<string, string> =>
  new Map(byHost.flatMap(({ agentId, hostname }) => (hostname === undefined ? [] : [[agentId, hostname]])));
