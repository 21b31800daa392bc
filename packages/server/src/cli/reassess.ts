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
        const unknown = await nothingKnown(client, run);
        const unknownBefore = await nothingKnown(client, await describeRun(client, before));
        const outcome = { before, run, changes, advisories, unknown, unknownBefore };
        process.stdout.write(json ? forPrograms(outcome) : describe(outcome));
        if (run.state === 'ERROR' || unknown !== undefined) process.exitCode = 2;
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

interface Outcome {
  readonly before: string;
  readonly run: WireRun;
  readonly changes: Comparison;
  readonly advisories: Advisories;
  /** Why nothing is known of the findings of the new run, and of the one before. */
  readonly unknown: string | undefined;
  readonly unknownBefore: string | undefined;
}

/** Why a run without findings says nothing; undefined where rules were evaluated. */
async function nothingKnown(client: Client, { arn, findingCounts }: WireRun): Promise<string | undefined> {
  if (Object.values(findingCounts).some((count) => (count ?? 0) > 0)) return undefined;
  return (await client.assay('GetRunCoverage', { assessmentRunArn: arn, maxResults: 1 })).caveat;
}

function forPrograms({ before, run, changes, advisories, unknown, unknownBefore }: Outcome): string {
  const { feeds, ...others } = advisories;
  const compared = unknown === undefined && unknownBefore === undefined;
  const notes = [
    ...(unknown === undefined ? [] : [{ runArn: run.arn, caveat: unknown }]),
    ...(unknownBefore === undefined ? [] : [{ runArn: before, caveat: unknownBefore }]),
  ];
  const answer = {
    runArn: run.arn,
    state: run.state,
    ...(notes.length > 0 && { notes }),
    // That nothing was evaluated is not the same as zero.
    findingCounts: unknown === undefined ? run.findingCounts : null,
    advisories: {
      ...others,
      feeds: feeds.map(inMilliseconds),
    },
    new: compared ? changed(changes, 'CAME') : null,
    gone: compared ? changed(changes, 'WENT') : null,
  };
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}

function describe({ before, run, changes, advisories: { feeds }, unknown, unknownBefore }: Outcome): string {
  const [idBefore, id] = [before.slice(-10), run.arn.slice(-10)];
  const counts = severities.toReversed().map((severity) => `${severity} ${run.findingCounts[severity] ?? 0}`);
  const { went } = changes;
  const lines = [
    run.arn,
    `${run.state}  ${unknown ?? counts.join(' · ')}`,
    `Advisories: ${feeds.map((feed) => `${feed.name} of ${dayOfFeed(feed)}`).join(', ') || 'none'}`,
    unknown === undefined && unknownBefore === undefined
      ? `Against ${idBefore}: ${describeNew(changed(changes, 'CAME'))}; ${went === 0 ? 'none is' : `${went} are`} gone.`
      : `Not compared with ${idBefore}.${unknownBefore === undefined ? '' : ` ${unknownBefore}`}`,
    nextSteps(
      unknown === undefined
        ? `Why each came or went: assay diff ${idBefore} ${id}`
        : `What was not assessed, and why: assay coverage ${id}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
