import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { everyCommand } from '../../packages/server/src/cli/every-command.ts';
import { commandTree } from '../../packages/server/src/cli/help/command-tree.ts';
import { runAssay } from './run-assay.ts';

const data = mkdtempSync(join(tmpdir(), 'assay-quiet-'));
afterAll(() => rmSync(data, { recursive: true }));

test('with --quiet standard error has what went wrong, and nothing else', async () => {
  const run = (...args: string[]) => runAssay([...args, '--data-dir', data]);
  expect((await run('runs')).stderr).toBe('There are no runs.\n');
  expect(await run('runs', '--quiet')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(await run('-q', 'runs')).toMatchObject({ status: 2 });
  expect(await run('coverage', 'latest', '-q')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^assay: No run has completed yet\. /),
  });
});

/** Those that keep running, and those whose result is a text that other programs read as it is. */
const PLAIN = ['start', 'serve', 'agent', 'export', 'report', 'report-key', 'api-model', 'completion', 'man'];

test('every command can be quiet, and prints JSON for programs', async () => {
  const leaves = commandTree(await everyCommand()).filter(({ children }) => children.length === 0);
  const lacking = (long: string): string[] =>
    leaves.filter(({ options }) => !options.some((option) => option.long === long)).map(({ path }) => path);
  expect(lacking('--quiet')).toEqual(['start', 'serve', 'agent']);
  expect(lacking('--json').filter((path) => !PLAIN.includes(path))).toEqual([]);
});
