import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { StopAssessmentRunCommand } from '@aws-sdk/client-inspector';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultStateDirectory } from '../../packages/agent/src/cli/state-directory.ts';
import { tags } from '../../packages/server/src/cli/agent.ts';
import { duration } from '../../packages/server/src/cli/options/duration.ts';
import {
  ask,
  enrollment,
  eventually,
  exclusionsOf,
  serverForTest,
  startRun,
  temporaryDirectory,
  untilEnded,
  untilState,
} from '../agent/agent-server.ts';
import { assayProgram } from '../support/assay-program.ts';
import { runAssay } from './run-assay.ts';

const assay = async (...args: string[]): Promise<string> => {
  const { status, stdout, stderr } = await runAssay(args);
  expect(status, stderr).toBe(0);
  return stdout;
};

function startAgentProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [assayProgram, 'agent', ...args], {
    env: { ...process.env, ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return (await exited)[0];
  };
  onTestFinished(async () => {
    await end('SIGKILL');
  });
  const says = (text: RegExp) => eventually(`${text} in ${said}`, () => text.exec(said)?.[0]);
  return { end, says, said: () => said, exited };
}

test('an agent that is killed leaves a run that says so, and goes on by itself when it is started again', async () => {
  const server = await serverForTest();
  const stateDir = join(temporaryDirectory(), 'state');
  const args = ['--server', server.endpoint, '--state-dir', stateDir, '--tag', 'Name=web', '--tag', 'expression=a=b'];
  const token = (await assay('agents', 'token', '--data-dir', server.directory, '--ttl', '5m')).trim();
  expect(token).toMatch(/^[\w-]{43}$/);
  const killed = startAgentProcess(args, { ASSAY_ENROLLMENT_TOKEN: token });
  const id = (await killed.says(/Enrolled as i-[0-9a-f]{17}/)).slice(-19);
  await killed.says(/Waiting for runs/);
  expect(killed.said()).not.toContain(token);
  await killed.end('SIGKILL');
  expect(readdirSync(stateDir)).toEqual(['identity.json']);

  const missed = await startRun(server);
  await untilState(server, missed, 'COLLECTING_DATA');
  await server.client().send(new StopAssessmentRunCommand({ assessmentRunArn: missed }));
  expect((await untilEnded(server, missed)).state).toBe('COMPLETED_WITH_ERRORS');
  expect((await exclusionsOf(server, missed)).map(({ description }) => description).join()).toContain(id);

  const agent = startAgentProcess(args);
  await agent.says(new RegExp(`enrolled as ${id} already`));
  const run = await startRun(server);
  await agent.says(/collected [0-9]+ kinds/);
  expect((await untilEnded(server, run)).state).toMatch(/^COMPLETED/);

  const [listed] = JSON.parse(await assay('agents', 'list', '--json', '--data-dir', server.directory));
  expect(listed).toMatchObject({
    agentId: id,
    health: 'HEALTHY',
    tags: [
      { key: 'Name', value: 'web' },
      { key: 'expression', value: 'a=b' },
    ],
  });
  expect(await agent.end('SIGTERM')).toBe(0);
  expect(agent.said()).toMatch(/Stopped\.\n$/);
  const table = await assay('agents', 'list', '--data-dir', server.directory);
  expect(table).toMatch(new RegExp(`Id +Host[\\s\\S]*${id} .*UNHEALTHY .* ago +Name=web,\\s`));
  for (const line of table.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const elsewhere = await assay('agents', 'list', '--data-dir', server.directory, '--region', 'eu-west-1');
  expect(elsewhere).toContain('No agent is enrolled here');
});

test('a fleet gets a token for each host, and its hosts enrol at once', async () => {
  const server = await serverForTest({ jobs: false });
  const printed = await assay('agents', 'token', '--data-dir', server.directory, '--count', '300');
  const tokens = printed.trimEnd().split('\n');
  expect(new Set(tokens).size).toBe(300);
  const enroll = (token: string) => ask(server, 'POST', '/agent/v1/enroll', enrollment(token).body);
  const [known = ''] = tokens;
  const answers = await Promise.all([...tokens, 'unknown', known].map(enroll));
  // Another host with a token that is used is refused, whichever of the two came first, and costs nobody else theirs.
  const ids = answers.flatMap(({ status, text }) =>
    status === 200 ? [(JSON.parse(text) as { agentId: string }).agentId] : [],
  );
  expect(new Set(ids).size).toBe(300);
  expect(answers.flatMap(({ status, code }) => (status === 200 ? [] : [code]))).toEqual([
    'InvalidToken',
    'InvalidToken',
  ]);
  const listed = JSON.parse(await assay('agents', 'list', '--data-dir', server.directory, '--json')) as {
    agentId: string;
  }[];
  expect(listed.map(({ agentId }) => agentId).toSorted()).toEqual(ids.toSorted());
});

test.each(['0', '1.5', '10001', 'many'])('%s tokens are refused', async (count) => {
  const { status, stderr } = await runAssay(['agents', 'token', '--count', count]);
  expect(status).not.toBe(0);
  expect(stderr).toContain('1 to 10000');
});

test.each([
  [['--server', 'nowhere'], 'must be a URL'],
  [['--server', 'http://192.0.2.1:8020'], 'plain HTTP'],
  [['--server', 'http://localhost:1', '--tag', 'x'], 'must be Key=Value'],
  [['--server', 'http://localhost:1'], 'assay tokens create'],
  [['--server', 'https://localhost:1', '--ca', '/nonexistent'], 'The CA file cannot be read'],
])('%j is refused with what to do', async (args, why) => {
  const agent = startAgentProcess([...args, '--state-dir', temporaryDirectory()], { ASSAY_ENROLLMENT_TOKEN: '' });
  const [code] = await agent.exited;
  expect(code).not.toBe(0);
  expect(agent.said()).toContain(why);
  expect(agent.said()).not.toMatch(/\n {4}at /);
});

describe('tags', () => {
  test('are Key=Value, and the last one of a key wins', () => {
    const read = ['a=1', 'b=x=y', 'a=2'].reduce((before, text) => tags(text, before), tags('é=ü', []));
    expect(read).toEqual([
      { key: 'é', value: 'ü' },
      { key: 'b', value: 'x=y' },
      { key: 'a', value: '2' },
    ]);
  });

  test.each(['', 'x', '=x', 'x=', `${'k'.repeat(129)}=x`, `x=${'v'.repeat(257)}`, 'x=\ud800', 'x=\0'])(
    '%j is none',
    (text) => {
      expect(() => tags(text, [])).toThrow('must be Key=Value');
    },
  );

  test('are at most 50', () => {
    const most = Array.from({ length: 50 }, (_, index) => ({ key: `${index}`, value: 'x' }));
    expect(tags('1=y', most)).toHaveLength(50);
    expect(() => tags('50=y', most)).toThrow('at most 50 tags');
  });
});

test('durations are in milliseconds, at most a year', () => {
  expect(['90s', '30m', '1h', '7d', '366d'].map(duration)).toEqual([90e3, 1.8e6, 3.6e6, 6.048e8, 3.16224e10]);
  for (const text of ['', '0s', '5', 'h', '1.5h', '-1h', '1w', '367d', '999999999d', '1h30m']) {
    expect(() => duration(text)).toThrow('such as 90s');
  }
});

test('without root the state is kept where the XDG specification has it', () => {
  const own = join(homedir(), '.local/state/assay-agent');
  const root = process.geteuid?.() === 0;
  expect(defaultStateDirectory({})).toBe(root ? '/var/lib/assay-agent' : own);
  expect(defaultStateDirectory({ XDG_STATE_HOME: '/x' })).toBe(root ? '/var/lib/assay-agent' : '/x/assay-agent');
  expect(defaultStateDirectory({ XDG_STATE_HOME: 'x' })).toBe(root ? '/var/lib/assay-agent' : own);
});
