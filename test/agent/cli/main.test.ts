import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../support/run-program.ts';
import { eventually, newToken, scope, serverForTest, temporaryDirectory } from '../agent-server.ts';

const MAIN = join(import.meta.dirname, '../../../packages/agent/src/cli/main.ts');
const agent = (...args: string[]) =>
  runProgram(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH ?? '' } });

test('doctor says of each kind of evidence whether it can be seen, and what is missing besides', async () => {
  const { status, stdout } = await agent('doctor', '--state-dir', temporaryDirectory());
  expect(stdout).toMatch(/^Enrolled +not yet/m);
  expect(stdout).toMatch(/^Server +/m);
  expect(stdout).toMatch(/^ {2}osRelease +(all of it|PARTLY|NOTHING) +\d+ sources?$/m);
  expect(status).toBe(1);
});

test('show prints the evidence as it would be sent', async () => {
  const { status, stdout } = await agent('show', 'osRelease');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'osRelease', schemaVersion: 1 });
});

test.each([
  [['nonsense'], /There is no command nonsense\. Run assay-agent help/],
  [['constructor'], /There is no command constructor/],
  [['show', 'nonsense'], /There is no evidence nonsense\. There is: osRelease/],
  [['run', '--server', 'http://assay.example.com'], /not sent to assay\.example\.com over plain HTTP/],
  [['run', '--token', 'x'], /Unknown option '--token'/],
])('%j fails with status 2 and says what to do', async (args, complaint) => {
  const { status, stderr } = await agent(...args);
  expect(stderr).toMatch(complaint);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(status).toBe(2);
});

test('a reader that stops reading is no fault, a full disk is one, and neither ends an agent that runs', async () => {
  const shell = (command: string, env: Readonly<Record<string, string>> = {}) =>
    runProgram('sh', ['-c', command, MAIN, process.execPath], { env: { PATH: process.env.PATH ?? '', ...env } });
  expect(await shell('"$1" "$0" show packages | head -c 10')).toMatchObject({ stderr: '', status: 0 });
  const full = await shell('"$1" "$0" show osRelease >/dev/full');
  expect(full).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^assay-agent: The output could not .*ENOSPC/),
  });

  const server = await serverForTest();
  const stateDir = temporaryDirectory();
  const running = spawn(
    'sh',
    ['-c', `exec "$1" "$0" run --server ${server.endpoint} --state-dir ${stateDir} >/dev/full`, MAIN, process.execPath],
    {
      env: { PATH: process.env.PATH ?? '', ASSAY_ENROLLMENT_TOKEN: await newToken(server) },
      stdio: 'ignore',
    },
  );
  onTestFinished(() => void running.kill('SIGKILL'));
  const { store } = server.service;
  await eventually('a heartbeat', async () =>
    (await store.agents.listMatching(await store.scopes.idOf(scope), null, undefined, 1)).find(
      ({ process }) => process,
    ),
  );
  expect(running.exitCode).toBeNull();
  running.kill('SIGTERM');
  expect(await once(running, 'exit')).toEqual([0, null]);
});
