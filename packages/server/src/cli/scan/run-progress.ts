import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from '../../domain/run-machine.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { ApiClient } from '../client/api-client.ts';
import { eraseLine, style } from '../terminal/guarded-output.ts';
import type { WireRun } from './assessment.ts';

/** How often the run is looked at, in milliseconds: at first often, since one host is done within a second or two. */
const LOOK_EVERY = { atFirst: 30, later: 150 };
const AT_FIRST = 2000;

/**
 * Follows a run to its end and writes each state as it comes, with the evidence that has arrived. On a terminal the line
 * of the present state is rewritten; elsewhere each line is written once.
 */
export async function followRun(client: ApiClient, arn: string, stream: NodeJS.WriteStream): Promise<WireRun> {
  const begin = Date.now();
  let written = 0;
  let open = '';
  for (;;) {
    const run = await describeRun(client, arn);
    const received = await receivedSoFar(client, arn);
    for (const change of run.stateChanges.slice(written)) {
      if (stream.isTTY && open) stream.write('\n');
      const elapsed = `${Math.max(0, change.stateChangedAt - run.createdAt).toFixed(1)}s`.padStart(7);
      open = `  ${style('dim', elapsed, stream)}  ${change.state}`;
      stream.write(stream.isTTY ? open : `${open}\n`);
    }
    written = run.stateChanges.length;
    if (stream.isTTY) stream.write(`${eraseLine(stream)}${open}${hasEnded(run.state) ? '' : `  ${received}`}`);
    if (hasEnded(run.state)) {
      stream.write(stream.isTTY ? '\n' : '');
      stream.write(`  ${' '.repeat(7)}  ${received}\n`);
      return run;
    }
    if (Date.now() - begin > (run.durationInSeconds + 300) * 1000) {
      throw new CliError(`The run ${arn} did not end in its time; see what the server wrote above.`);
    }
    await delay(Date.now() - begin < AT_FIRST ? LOOK_EVERY.atFirst : LOOK_EVERY.later);
  }
}

async function describeRun({ call }: ApiClient, arn: string): Promise<WireRun> {
  const { assessmentRuns } = await call('DescribeAssessmentRuns', { assessmentRunArns: [arn] });
  const [run] = assessmentRuns;
  if (!run) throw new CliError(`The run ${arn} is gone; somebody deleted it.`);
  return run;
}

/** `evidence: 894 messages, 152 KB from 1 of 1 host` */
async function receivedSoFar({ call }: ApiClient, arn: string): Promise<string> {
  const { assessmentRunAgents: hosts } = await call('ListAssessmentRunAgents', {
    assessmentRunArn: arn,
    maxResults: 500,
  });
  const totals = hosts.map(({ telemetryMetadata }) =>
    telemetryMetadata.find(({ messageType }) => messageType === 'Total'),
  );
  const count = totals.reduce((sum, total) => sum + (total?.count ?? 0), 0);
  const size = totals.reduce((sum, total) => sum + (total?.dataSize ?? 0), 0);
  const sent = totals.filter((total) => total !== undefined).length;
  // Of the host that says how far it is, which takes longer than all else.
  const [, rules] =
    /(\d+ of \d+ rules evaluated)$/.exec(
      hosts.map((host) => host.agentHealthDetails ?? '').find((text) => text.endsWith('rules evaluated')) ?? '',
    ) ?? [];
  const evaluated = rules === undefined ? '' : `, ${rules}`;
  return `evidence: ${count} messages, ${Math.ceil(size / 1024)} KB from ${sent} of ${hosts.length} host${hosts.length === 1 ? '' : 's'}${evaluated}`;
}
