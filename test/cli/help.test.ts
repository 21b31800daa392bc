/** Completion and manual pages are made of the commands that there are. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram, works } from '../support/run-program.ts';
import { runAssay } from './run-assay.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-help-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = process.env.PATH ?? '';

describe('bash completes', async () => {
  const script = join(folder, 'assay.bash');
  writeFileSync(script, (await runAssay(['completion', 'bash'])).stdout);
  test.each([
    [['ke'], 'keys'],
    [['keys', 'cr'], 'create'],
    [['keys', 'list', '--fo'], '--format'],
    [['keys', 'list', '--format', ''], 'table json csv'],
    [['report', 'latest', '--format', ''], 'html pdf'],
    [['findings', '--sev'], '--severity'],
    [['keys', 'list', '--pol'], ''],
  ])('%j with %s', async (words, offered) => {
    const program = `source ${script}; compopt() { :; }; COMP_WORDS=(assay "$@"); COMP_CWORD=$#; _assay; echo "\${COMPREPLY[@]}"`;
    const { status, stdout } = await runProgram('bash', ['-c', program, 'bash', ...words], { env: { PATH: path } });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${offered}\n` });
  });
});

test.each(['zsh', 'fish'] as const)('%s takes its script', async (shell) => {
  const { status, stdout } = await runAssay(['completion', shell]);
  expect(status).toBe(0);
  expect(stdout).toContain('coverage');
  if (!works(shell, ['--version'])) return console.warn(`${shell} is not there: its script is not tried`);
  expect(await runProgram(shell, ['-n'], { env: { PATH: path }, input: stdout })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test('every command has a manual page, in roff that groff takes', async () => {
  expect((await runAssay(['man', '-o', folder])).status).toBe(0);
  const pages = readdirSync(folder).filter((name) => name.endsWith('.1'));
  expect(pages).toEqual(expect.arrayContaining(['assay.1', 'assay-keys.1', 'assay-findings.1', 'assay-man.1']));
  expect(readFileSync(join(folder, 'assay-keys.1'), 'utf8')).toMatch(/^\.TH ASSAY-KEYS 1 .*\n\.SH NAME\n/);
  if (!works('groff', ['--version'])) return console.warn('groff is not there: the manual pages are not tried');
  const text = pages.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  const { status, stderr } = await runProgram('groff', ['-man', '-ww', '-Tutf8', '-z'], {
    env: { PATH: path },
    input: text,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
