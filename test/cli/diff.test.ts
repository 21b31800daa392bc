import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import type { Change } from '../../packages/server/src/engine/judging/diff-runs.ts';
import { advanceRun } from '../../packages/server/src/engine/runs/advance-run.ts';
import { debianRecord } from '../support/debian-host.ts';
import { openVulnerableFleet, region, type VulnerableFleet } from '../support/vulnerable-fleet.ts';
import { runAssay } from './run-assay.ts';

let fleet: VulnerableFleet;
let hosts: readonly [Agent, Agent];
beforeEach(async () => {
  fleet = await openVulnerableFleet();
  const [one, two] = await fleet.addHosts(2);
  if (!one || !two) throw new Error('no hosts');
  hosts = [one, two];
});
afterEach(() => fleet.close());

const record = (fixed: string | null) => debianRecord('CVE-2023-5363', 'openssl', fixed);
const ssl = (version: string) => [{ name: 'libssl3', version, source: 'openssl' }];
const diff = (...args: string[]) => runAssay(['diff', ...args, '--data-dir', fleet.directory, '--region', region]);

async function changes(before: string, after: string): Promise<Pick<Change, 'change' | 'rule' | 'cause'>[]> {
  const { stdout, stderr } = await diff(before, after, '--json');
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { changes: Change[] }).changes.map(({ change, rule, cause }) => ({
    change,
    rule,
    cause,
  }));
}
const only = (change: Change['change'], kind: Change['cause']['kind'], detail: string) => [
  { change, rule: 'CVE-2023-5363', cause: { kind, detail: expect.stringContaining(detail) } },
];

test('a package was upgraded', async () => {
  await fleet.feed([record('3.0.11-1')]);
  const before = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  const after = await fleet.assess([[hosts[0], ssl('3.0.11-1')]]);
  expect(await changes(before, after)).toEqual(only('WENT', 'PACKAGE', 'libssl3 3.0.9-1 → 3.0.11-1'));
  const { status, stdout } = await diff(before, after);
  expect(status).toBe(1);
  expect(stdout).toContain('0 came, 1 went. Because of: package 1.');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(await diff(after, after)).toMatchObject({ status: 0, stdout: 'No finding came or went.\n' });
});

test('an advisory came, and one changed', async () => {
  await fleet.feed([debianRecord('CVE-2020-1000', 'bash', null)]);
  const before = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  await fleet.feed([record('3.0.11-1')]);
  const after = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  expect(await changes(before, after)).toEqual(only('CAME', 'ADVISORY', 'DEBIAN-CVE-2023-5363 is new'));
  await fleet.feed([{ ...record('3.0.8-1'), modified: '2026-02-02T00:00:00Z' }]);
  const mended = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  expect(await changes(after, mended)).toEqual(
    only('WENT', 'ADVISORY', 'DEBIAN-CVE-2023-5363 changed (2026-01-01 → 2026-02-02)'),
  );
});

test('both changed: the one that it takes is named', async () => {
  await fleet.feed([record('3.0.11-1')]);
  const before = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  await fleet.feed([record('3.0.11-1'), debianRecord('CVE-2020-1000', 'bash', null)]);
  const after = await fleet.assess([[hosts[0], ssl('3.0.11-1')]]);
  expect(await changes(before, after)).toEqual(only('WENT', 'PACKAGE', 'libssl3 3.0.9-1 → 3.0.11-1'));
});

test('a host came, and one was not assessed', async () => {
  await fleet.feed([record(null)]);
  const first = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  const both = await fleet.assess([
    [hosts[0], ssl('3.0.9-1')],
    [hosts[1], ssl('3.0.9-1')],
  ]);
  expect(await changes(first, both)).toEqual(only('CAME', 'COVERAGE', 'not assessed'));
});

test('what it would take is no longer kept: unknown, not guessed', async () => {
  await fleet.feed([record('3.0.11-1')]);
  const before = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  const after = await fleet.assess([[hosts[0], ssl('3.0.11-1')]]);
  await fleet.store.evidence.expire(Number.MAX_SAFE_INTEGER, '', 1000);
  expect(await changes(before, after)).toEqual(only('WENT', 'UNKNOWN', 'is no longer kept'));
});

test('a run that was stopped says so above everything, and its silence is no change', async () => {
  await fleet.feed([record('3.0.11-1')]);
  const before = await fleet.assess([[hosts[0], ssl('3.0.9-1')]]);
  await fleet.store.agents.touch(fleet.scope, hosts[0].id, 'IDLE', fleet.now);
  const after = await fleet.startRun({ packages: ['Common Vulnerabilities and Exposures'] });
  await fleet.collect(after);
  await fleet.store.transaction(async (tables) => {
    const [run] = await tables.runs.findMany(fleet.scope, [after]);
    if (run) await advanceRun(tables, fleet.scope, run, 'CANCEL', fleet.now);
  });
  expect(await changes(before, after)).toEqual(only('WENT', 'COVERAGE', 'the run was stopped before this host'));
  const { stdout } = await diff(before, after);
  expect(stdout).toMatch(new RegExp(`^${after}: This run was stopped before evaluation: nothing was assessed`));
  expect(await diff(after, after)).toMatchObject({ status: 2 });
});
