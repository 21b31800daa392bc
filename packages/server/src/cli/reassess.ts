import { randomBytes } from 'node:crypto';
import { runArn } from '@assay/model/arn.ts';
import { Command } from 'commander';
import { dateOf } from '../domain/feed-reference.ts';
import { severities } from '../domain/severity.ts';
import { NotReassessable, reassess } from '../engine/judging/reassess.ts';
import { describeNew, newFindings } from '../engine/judging/what-is-new.ts';
import { feedsDirectory } from '../feeds/feeds-directory.ts';
import { openAdvisorySource } from '../runtime/advisory-source.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { report } from '../runtime/report.ts';
import type { Store } from '../store/store.ts';
import type { Run } from '../store/tables/runs.ts';
import { chooseGeneration } from './runs/choose-generation.ts';
import { findRun } from './runs/find-run.ts';
import { finishRun } from './runs/finish-run.ts';
import { type ScopeOptions, withScope, withStore } from './runs/scoped-store.ts';
import { eraseLine } from './terminal/guarded-output.ts';
import { nextSteps } from './terminal/next-step.ts';

interface ReassessOptions extends ScopeOptions {
  readonly feeds: string;
  readonly name?: string;
  readonly json?: boolean;
}

export const reassessCommand = (): Command =>
  withScope(new Command('reassess'))
    .description('Judge the evidence of a run again, by other advisories, without touching a host')
    .argument('<run>', 'ARN or id of a run that has ended')
    .option('--feeds <which>', 'current, same (as that run), or the newest of a date or before', 'current')
    .option('--name <name>', 'name of the new run')
    .option('--json', 'as JSON')
    .action((text: string, options: ReassessOptions) =>
      withStore(options, async (store, given) => {
        const directory = feedsDirectory(dataDirectoryPath(options.dataDir));
        const { run, scope, scopeName } = await findRun(store, given, text);
        const advisories = chooseGeneration(directory, options.feeds, run);
        const source = openAdvisorySource(directory, report);
        try {
          const { name } = options;
          const asked = { advisories, createdAt: Date.now(), ...(name === undefined ? {} : { name }) };
          const started = await store
            .transaction((tables) => reassess(tables, scopeName, scope, run, asked, randomBytes))
            .catch((error: unknown) => {
              throw error instanceof NotReassessable ? new CliError(`${error.message}.`) : error;
            });
          const arn = runArn(scopeName, started.target, started.template, started.id);
          const tty = process.stderr.isTTY;
          if (tty) process.stderr.write(`Judging the evidence of ${run.name} again …`);
          const ended = await finishRun(store, source, { scope, id: started.id }, () => undefined).finally(() => {
            if (tty) process.stderr.write(eraseLine(process.stderr));
          });
          await show(store, scope, { ended, arn, before: run, json: options.json === true });
          if (ended.state === 'ERROR') process.exitCode = 2;
        } finally {
          source.close();
        }
      }),
    );

interface Shown {
  readonly ended: Run;
  readonly arn: string;
  readonly before: Run;
  readonly json: boolean;
}

async function show(store: Store, scope: number, { ended, arn, before, json }: Shown): Promise<void> {
  const added = await newFindings(store, scope, ended.id, before.id);
  const gone = await newFindings(store, scope, before.id, ended.id);
  const feeds = ended.knowledge?.advisories?.feeds ?? [];
  if (json) {
    const { state, findingCounts } = ended;
    const advisories = ended.knowledge?.advisories ?? null;
    process.stdout.write(
      `${JSON.stringify({ runArn: arn, state, findingCounts, advisories, new: added, gone }, undefined, 2)}\n`,
    );
    return;
  }
  const counts = severities.toReversed().map((severity) => `${severity} ${ended.findingCounts[severity] ?? 0}`);
  const lines = [
    arn,
    `${ended.state}  ${counts.join(' · ')}`,
    `Advisories: ${feeds.map((feed) => `${feed.name} of ${new Date(dateOf(feed)).toISOString().slice(0, 10)}`).join(', ')}`,
    `Against ${before.id}: ${describeNew(added)}; ${gone.length === 0 ? 'none is' : `${gone.length} are`} gone.`,
    nextSteps(`Why each came or went: npx assay diff ${before.id} ${ended.id}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
