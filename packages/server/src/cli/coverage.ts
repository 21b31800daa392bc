import { Command } from 'commander';
import { accountOfRun, type RunAccount } from '../engine/account/account-of-run.ts';
import { coverageOf, type DetailedCoverage } from '../engine/account/coverage.ts';
import { standingOf } from '../engine/account/standing-of-run.ts';
import type { Store } from '../store/store.ts';
import { findRun } from './runs/find-run.ts';
import { printCoverage } from './runs/print-coverage.ts';
import { type ScopeOptions, withScope, withStore } from './runs/scoped-store.ts';

interface CoverageOptions extends ScopeOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

export const coverageCommand = (): Command =>
  withScope(new Command('coverage'))
    .description('Say what a run looked at: for every host and rule one verdict, and why rules were not assessed')
    .argument('<run>', 'ARN or id of a run')
    .option('--all', 'every verdict')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExit status: 0 every package was evaluated on every host, 2 something was not assessed.')
    .action((text: string, options: CoverageOptions) =>
      withStore(options, async (store, given) => {
        const { run, scope, scopeName, arn } = await findRun(store, given, text);
        const account = await accountOfRun(store, scopeName, scope, run);
        const coverage = await coverageOf(account);
        const names = await hostnames(store, scope, coverage);
        if (options.json) await writeJson(account, coverage, names, options.all ?? false);
        else {
          const all = options.all ? account : undefined;
          await printCoverage({ arn, standing: standingOf(run, coverage), coverage, names, all }, process.stdout);
        }
        const whole = coverage.hosts > 0 && coverage.byHost.every((each) => each.whole === undefined);
        if (!whole) process.exitCode = 2;
      }),
    );

/** Host names by agent id, as far as the store has them. */
async function hostnames(
  store: Pick<Store, 'agents'>,
  scope: number,
  { byHost }: DetailedCoverage,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(byHost.map(({ agent }) => agent))];
  const names = new Map<string, string>();
  for (let from = 0; from < ids.length; from += 500) {
    for (const { id, hostname } of await store.agents.findMany(scope, ids.slice(from, from + 500))) {
      names.set(id, hostname);
    }
  }
  return names;
}

async function writeJson(
  account: RunAccount,
  { byHost: _, ...coverage }: DetailedCoverage,
  names: ReadonlyMap<string, string>,
  all: boolean,
): Promise<void> {
  const text = JSON.stringify(coverage, undefined, 2);
  if (!all) {
    process.stdout.write(`${text}\n`);
    return;
  }
  // Written one by one: a large run has millions.
  process.stdout.write(`${text.slice(0, -2)},\n  "all": [`);
  let separator = '';
  for await (const { agent, package: of, verdicts } of account.entries()) {
    for (const { rule, title, outcome, reason, unseen } of verdicts) {
      const about = { agentId: agent, hostname: names.get(agent) ?? null, package: of.name, rule };
      const verdict = { ...about, ...(title !== undefined && { title }), outcome, reason, unseen };
      process.stdout.write(`${separator}\n    ${JSON.stringify(verdict)}`);
      separator = ',';
    }
  }
  process.stdout.write('\n  ]\n}\n');
}
