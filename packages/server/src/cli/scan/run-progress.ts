import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from '../../domain/run-machine.ts';
import type { Coverage } from '../../engine/account/coverage.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { ApiClient } from '../client/api-client.ts';
import { eraseLine, style } from '../terminal/guarded-output.ts';
import type { WireRun } from './assessment.ts';

/** How often the run is looked at, in milliseconds: at first often, since one host is done within a second or two. */
const LOOK_EVERY = { atFirst: 30, later: 150 };
const AT_FIRST = 2000;

/** The lines of a run's progress. On a terminal the line of the present state is rewritten; elsewhere each is written once. */
export interface StateLines {
  /** A run has come into a state: just now, or at a time in milliseconds since the epoch. */
  readonly state: (name: string, at?: number) => void;
  /** How far it is in its state. */
  readonly now: (text: string) => void;
  /** It has ended, and this is what it had. */
  readonly end: (text: string) => void;
}

/** `began` is in milliseconds since the epoch. */
export function stateLines(stream: NodeJS.WriteStream, began: number): StateLines {
  let open = '';
  return {
    state: (name, at = Date.now()) => {
      if (stream.isTTY && open) stream.write('\n');
      const elapsed = `${Math.max(0, (at - began) / 1000).toFixed(1)}s`.padStart(7);
      open = `  ${style('dim', elapsed, stream)}  ${name}`;
      stream.write(stream.isTTY ? open : `${open}\n`);
    },
    now: (text) => {
      if (stream.isTTY) stream.write(`${eraseLine(stream)}${open}  ${text}`);
    },
    end: (text) => {
      if (stream.isTTY) stream.write(`${eraseLine(stream)}${open}\n`);
      stream.write(`  ${' '.repeat(7)}  ${text}\n`);
    },
  };
}

/** What is said of the rules when a run has ended. */
export const coverageLines = ({ rules, verdicts }: Pick<Coverage, 'rules' | 'verdicts'>): string =>
  `  ${' '.repeat(7)}  rules: ${rules} in all, ${verdicts.passed} passed, ${verdicts.finding} findings,\n` +
  `  ${' '.repeat(7)}         ${verdicts.notApplicable} not applicable, ${verdicts.notAssessed} not assessed\n`;

/** Follows a run to its end and writes each state as it comes, with the evidence that has arrived. */
export async function followRun(client: ApiClient, arn: string, stream: NodeJS.WriteStream): Promise<WireRun> {
  const begin = Date.now();
  let written = 0;
  let lines: StateLines | undefined;
  for (;;) {
    const run = await describeRun(client, arn);
    const received = await receivedSoFar(client, arn);
    lines ??= stateLines(stream, run.createdAt * 1000);
    for (const change of run.stateChanges.slice(written)) lines.state(change.state, change.stateChangedAt * 1000);
    written = run.stateChanges.length;
    if (hasEnded(run.state)) {
      lines.end(received);
      return run;
    }
    lines.now(received);
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

/** `evidence: 894 messages, 152 KB from 1 of 1 host`, and how far a scanner on one of them is. */
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
  return `${receivedText({ count, size, sent, hosts: hosts.length })}${evaluated}`;
}

interface Received {
  readonly count: number;
  /** Bytes. */
  readonly size: number;
  /** Hosts that sent something, of all. */
  readonly sent: number;
  readonly hosts: number;
}

export const receivedText = ({ count, size, sent, hosts }: Received): string =>
  `evidence: ${count} messages, ${Math.ceil(size / 1024)} KB from ${sent} of ${hosts} host${hosts === 1 ? '' : 's'}`;
