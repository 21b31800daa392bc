import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../../support/run-program.ts';
import { temporaryDirectory } from '../agent-server.ts';

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
