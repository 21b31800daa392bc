import type { Output } from '@assay/model/api/operations.ts';
import type { AssayInput, AssayOutput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { severities } from '../domain/severity.ts';
import { describeNew } from '../engine/judging/what-is-new.ts';
import { CliError } from '../runtime/cli-error.ts';
import type { Client } from './client/client.ts';
import { nameRun } from './client/name-run.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { dayOfFeed, inMilliseconds } from './runs/feed-in-milliseconds.ts';
import { eraseLine } from './terminal/guarded-output.ts';
import { nextSteps } from './terminal/next-step.ts';

interface ReassessOptions extends ClientOptions {
  readonly feeds: string;
  readonly name?: string;
  readonly json?: boolean;
}

type Comparison = AssayOutput<'CompareRuns'>;
type Advisories = AssayOutput<'ReassessRun'>['advisories'];
type WireRun = Output<'DescribeAssessmentRuns'>['assessmentRuns'][number];

export const reassessCommand = (): Command =>
  withClientOptions(new Command('reassess'))
    .description("Re-evaluate a run's stored evidence against other advisories; no host is contacted")
    .argument('<run>', 'ARN or id of a run that has ended')
    .option('--feeds <which>', 'current, same (as that run), or the newest of a date or before', 'current')
    .option('--name <name>', 'name of the new run')
    .option('--json', 'print JSON')
    .action((text: string, { feeds, name, json, ...options }: ReassessOptions) =>
      withClient(options, async (client) => {
        const before = await nameRun(client, text);
        const { assessmentRunArn: after, advisories } = await client.assay('ReassessRun', {
          assessmentRunArn: before,
          ...(name === undefined ? {} : { assessmentRunName: name }),
          ...advisoriesOf(feeds),
        });
        const tty = process.stderr.isTTY;
        if (tty) process.stderr.write('Re-evaluating the evidence …');
        await client.finish(after).finally(() => {
          if (tty) process.stderr.write(eraseLine(process.stderr));
        });
        const run = await describeRun(client, after);
        const changes = await client.assay('CompareRuns', {
          beforeAssessmentRunArn: before,
          afterAssessmentRunArn: after,
        });
        process.stdout.write(
          json ? forPrograms(run, changes, advisories) : describe(run, before.slice(-10), changes, advisories),
        );
        if (run.state === 'ERROR') process.exitCode = 2;
      }),
    );

/** What `--feeds` asks for. Throws {@link CliError}. */
function advisoriesOf(text: string): Pick<AssayInput<'ReassessRun'>, 'advisories' | 'advisoriesOfOrBefore'> {
  if (text === 'current') return { advisories: 'CURRENT' };
  if (text === 'same') return { advisories: 'SAME' };
  // The last millisecond of a day, or a moment.
  const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text);
  if (!/^\d{4}-/.test(text) || Number.isNaN(time)) {
    throw new CliError(
      `--feeds takes current, same, a date (2026-11-22) or a moment (2026-11-22T10:00:00Z), not ${text}.`,
    );
  }
  return { advisoriesOfOrBefore: time / 1000 };
}

async function describeRun(client: Client, arn: string): Promise<WireRun> {
  const { assessmentRuns } = await client.inspector('DescribeAssessmentRuns', { assessmentRunArns: [arn] });
  const [run] = assessmentRuns;
  if (!run) throw new CliError(`The run ${arn} is gone: somebody deleted it.`);
  return run;
}

/** Which findings came, or went: rules on hosts. */
const changed = ({ changes }: Comparison, which: 'CAME' | 'WENT') =>
  changes.flatMap(({ change, agentId, ruleName }) => (change === which ? [{ agent: agentId, rule: ruleName }] : []));

function forPrograms(run: WireRun, comparison: Comparison, { feeds, ...advisories }: Advisories): string {
  const { arn, state, findingCounts } = run;
  const answer = {
    runArn: arn,
    state,
    findingCounts,
    advisories: {
      ...advisories,
      feeds: feeds.map(inMilliseconds),
    },
    new: changed(comparison, 'CAME'),
    gone: changed(comparison, 'WENT'),
  };
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}

function describe(
  { arn, state, findingCounts }: WireRun,
  before: string,
  comparison: Comparison,
  { feeds }: Advisories,
): string {
  const counts = severities.toReversed().map((severity) => `${severity} ${findingCounts[severity] ?? 0}`);
  const { went } = comparison;
  const lines = [
    arn,
    `${state}  ${counts.join(' · ')}`,
    `Advisories: ${feeds.map((feed) => `${feed.name} of ${dayOfFeed(feed)}`).join(', ')}`,
    `Against ${before}: ${describeNew(changed(comparison, 'CAME'))}; ${went === 0 ? 'none is' : `${went} are`} gone.`,
    nextSteps(`Why each came or went: assay diff ${before} ${arn.slice(-10)}`),
  ];
  return `${lines.join('\n')}\n`;
}
