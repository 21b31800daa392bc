/** Lists of runs, findings and hosts, and a run's report: over the wire as on the server's own store. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assayProgram } from '../support/assay-program.ts';
import { addFullRun, type FullRun } from '../support/full-run.ts';
import { runProgram } from '../support/run-program.ts';
import { createTarget, createTemplate } from '../support/scenario.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';
import { runAssay } from './run-assay.ts';

const server = useServer({ jobs: true });
const folder = mkdtempSync(join(tmpdir(), 'assay-listings-'));
let full: FullRun = { run: '', findings: [], exclusions: [] };
beforeAll(async () => {
  const client = server().client();
  full = await addFullRun(server(), await createTemplate(client, await createTarget(client)), 'full');
});
afterAll(() => rmSync(folder, { recursive: true }));

const near = (...args: string[]) => runAssay([...args, '--data-dir', server().directory]);
const far = (...args: string[]) =>
  runProgram(process.execPath, [assayProgram, ...args, '--endpoint', server().endpoint], {
    env: {
      PATH: process.env.PATH ?? '',
      AWS_ACCESS_KEY_ID: testKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey,
    },
  });
const rule = 'Disable root login over SSH';

describe.each([
  ['here', near],
  ['over the wire', far],
])('%s', (_name, assay) => {
  test('runs', async () => {
    const { status, stdout } = await assay('runs', '--json', '--state', 'completed');
    expect({ status, rows: JSON.parse(stdout) }).toEqual({
      status: 0,
      rows: [expect.objectContaining({ arn: full.run, id: full.run.slice(-10), state: 'COMPLETED', high: 0 })],
    });
    expect(await assay('runs', '--state', 'failed')).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'There are no runs.\n',
    });
  });

  test('findings', async () => {
    const { stdout } = await assay('findings', '--run', full.run.slice(-10), '--rule', rule, '--format', 'csv');
    const lines = stdout.split('\r\n');
    expect(lines[0]).toBe('severity,ruleName,hostname,packageName,installedVersion,fixedVersion,createdAt,title');
    expect(lines.filter((line) => line.startsWith(`Medium,${rule},i-`))).toHaveLength(3);
    const one = await assay('findings', '--limit', '1');
    expect(one.stdout.split('\n')).toHaveLength(3);
    expect(one.stderr).toBe('These are the newest 1; --all shows all of them.\n');
    expect(await assay('findings', '--host', 'nobody')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^assay: No host is called nobody here\. List them: npx assay hosts list --/),
    });
    expect(await assay('findings', '--filter', 'colour=red')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^assay: There is no column colour: severity, /),
    });
  });

  test.each(['sarif', 'ocsf', 'asff', 'cyclonedx'])(
    'findings as %s: all, and what was not assessed',
    async (format) => {
      const { status, stdout, stderr } = await assay('findings', '--format', format);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toBeTypeOf('object');
      // CycloneDX is about vulnerabilities only.
      for (const arn of format === 'cyclonedx' ? [] : full.findings) expect(stdout).toContain(arn);
      for (const at of [1, 2, 3]) expect(stdout).toContain(`Exclusion ${at}`);
    },
  );

  test('findings as what has no word for them', async () => {
    expect(await assay('findings', '--format', 'openvex')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('OpenVEX has no document without statements'),
    });
    expect(await assay('findings', '--format', 'sarif', '--sort', 'title')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('omit --json, --sort and --filter'),
    });
  });

  test('affected', async () => {
    const { stdout } = await assay('affected', rule, '--json');
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ severity: 'Medium', foundInLastRun: true })]);
  });

  test('report', async () => {
    const file = join(folder, `${_name}.html`);
    expect(await assay('report', 'latest', '-o', file)).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(await near('verify', file)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Unchanged since it was signed, by a key that you trust.'),
    });
    expect(await assay('report', 'latest', '-o', join(folder, 'none', 'x.pdf'), '-q')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/cannot be written/),
    });
    expect(await assay('report', '0-zzzzzzzz', '-o', file)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/There is no run 0-zzzzzzzz in account 123456789012, us-east-1\./),
    });
  });
});

test('a report is verified anywhere, by the key that the server prints', async () => {
  const file = join(folder, 'signed.pdf');
  await near('report', 'latest', '-o', file, '-q');
  const publicKey = (await near('report-key')).stdout.trim();
  const elsewhere = ['--data-dir', join(folder, 'none')];
  const there = (...args: string[]) => runAssay(['verify', ...args]);
  expect(await there(file, '--key', publicKey)).toMatchObject({ status: 0 });
  expect(await there(file)).toMatchObject({ status: 2, stdout: expect.stringContaining('assay report-key') });
  expect(await there(file, '--key', `ed25519:${'A'.repeat(43)}`)).toMatchObject({ status: 2 });
  expect(await there(file, '--key', 'no key')).toMatchObject({ status: 2, stderr: expect.stringContaining('--key') });
  expect(await there(file, ...elsewhere)).toMatchObject({ status: 2 });
  expect(await runAssay(['report-key', ...elsewhere])).toMatchObject({ status: 2, stdout: '' });
  const bytes = readFileSync(file);
  bytes[2000] = (bytes[2000] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const { status, stdout } = await there(file, '--key', publicKey, '--json');
  expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 1, outcome: 'CHANGED', type: 'FINDING' });
});

test('what a run looked at, what changed and why are the same from both sides', async () => {
  const run = full.run.slice(-10);
  for (const args of [
    ['coverage', run],
    ['coverage', 'latest', '--json'],
    ['coverage', run, '--all'],
    ['coverage', run, '--all', '--json'],
    ['diff', run, run, '--json'],
    ['why', 'HOST.example', 'CVE-2026-0001', '--json'],
    ['why', 'host.example', 'no such rule', '--run', run],
    ['reassess', run],
    ['reassess', run, '--feeds', '2020-01-01'],
  ]) {
    const [here, there] = [await near(...args), await far(...args)];
    const text = ({ stderr, ...rest }: typeof here) => ({
      ...rest,
      stderr: stderr
        .replace(/[A-Z][A-Za-z]+ was refused: [A-Za-z]+: /, '')
        .replaceAll(/ --(?:endpoint|data-dir) \S+/g, ''),
    });
    expect(text(there), args.join(' ')).toEqual(text(here));
    expect(here.stdout + here.stderr).not.toBe('');
  }
});
