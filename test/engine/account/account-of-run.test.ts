import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { newResourceId } from '../../../packages/server/src/domain/ids.ts';
import type { RunEvent } from '../../../packages/server/src/domain/run-machine.ts';
import { accountOfRun } from '../../../packages/server/src/engine/account/account-of-run.ts';
import { caveatOf } from '../../../packages/server/src/engine/account/caveat-of-run.ts';
import { coverageOf, type DetailedCoverage } from '../../../packages/server/src/engine/account/coverage.ts';
import { advanceRun } from '../../../packages/server/src/engine/runs/advance-run.ts';
import { rulesPackages } from '../../../packages/server/src/rules/index.ts';
import type { PackageName } from '../../../packages/server/src/rules/published-arns.ts';
import { fixed, host, insecure } from '../../rules/security-best-practices/hosts.ts';
import { openTestFleet, type TestFleet } from '../../support/test-fleet.ts';

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await openTestFleet();
});
afterEach(() => fleet.close());

interface Counted extends DetailedCoverage {
  readonly caveat: string | undefined;
}

/** A run's coverage, after its sums were checked: whichever way a run ends they hold. */
async function counted(run: string): Promise<Counted> {
  const found = await fleet.find(run);
  const account = await accountOfRun(fleet.store, { region: 'eu-west-1' }, fleet.scope, found);
  const coverage = await coverageOf(account);
  const { passed, finding, notApplicable, notAssessed } = coverage.verdicts;
  expect(passed + finding + notApplicable + notAssessed).toBe(coverage.hosts * coverage.rules);
  expect(coverage.reasons.reduce((sum, { count }) => sum + count, 0)).toBe(notAssessed);
  const listed: string[] = [];
  for await (const { agent, package: of, verdicts } of account.entries()) {
    listed.push(...verdicts.map(({ rule }) => `${agent} ${of.arn} ${rule}`));
  }
  expect(listed).toHaveLength(coverage.hosts * coverage.rules);
  expect(new Set(listed).size).toBe(listed.length);
  return { ...coverage, caveat: caveatOf(found, coverage) };
}

const both = ['Security Best Practices', 'Common Vulnerabilities and Exposures'] as const;
/** Rules that every host has under both packages. */
const ofBoth = both.reduce(
  (sum, name) => sum + (rulesPackages.find((each) => each.name === name)?.rules({}, { at: 0 }).length ?? 0),
  0,
);

async function started(
  count: number,
  packages: readonly PackageName[] = both,
): Promise<{ run: string; hosts: Agent[] }> {
  const hosts = await fleet.addHosts(count);
  const run = await fleet.startRun({ packages });
  await fleet.collect(run);
  return { run, hosts };
}

const happen = (run: string, event: RunEvent) =>
  fleet.store.transaction(async (tables) => {
    const [current] = await tables.runs.findMany(fleet.scope, [run]);
    return current && advanceRun(tables, fleet.scope, current, event, fleet.now);
  });

async function completed(evidence: readonly (typeof insecure | undefined)[], packages?: readonly PackageName[]) {
  const { run, hosts } = await started(evidence.length, packages);
  for (const [index, agent] of hosts.entries()) {
    const given = evidence[index];
    if (given) await fleet.deliver(run, agent, given);
  }
  if (evidence.includes(undefined)) fleet.now += 180_001;
  await fleet.collect(run);
  await fleet.evaluate(run);
  return run;
}

describe('hosts × rules verdicts, whichever way a run ends', () => {
  test('completed', async () => {
    const { hosts, rules, verdicts, caveat, byHost } = await counted(
      await completed([insecure, fixed], ['Security Best Practices']),
    );
    expect({ hosts, rules, verdicts }).toEqual({
      hosts: 2,
      rules: 9,
      verdicts: { passed: 13, finding: 5, notApplicable: 0, notAssessed: 0 },
    });
    expect(caveat).toBeUndefined();
    expect(byHost.map(({ verdicts: { finding } }) => finding).sort()).toEqual([0, 5]);
  });

  test('completed without advisories: the package is not assessed as a whole', async () => {
    const { byHost, verdicts, rules } = await counted(await completed([fixed]));
    expect(rules).toBe(ofBoth);
    expect(verdicts.notAssessed).toBeGreaterThan(0);
    const cve = byHost.find((each) => each.package === both[1]);
    expect(cve?.whole).toContain('no advisories');
  });

  test('a host that went silent', async () => {
    const { reasons, hosts, verdicts } = await counted(
      await completed([fixed, undefined], ['Security Best Practices']),
    );
    expect(hosts).toBe(2);
    expect(verdicts).toEqual({ passed: 9, finding: 0, notApplicable: 0, notAssessed: 9 });
    expect(reasons).toEqual([
      {
        package: 'Security Best Practices',
        reason: 'the host did not deliver its evidence before collection ended',
        count: 9,
      },
    ]);
  });

  test('no hosts at all', async () => {
    const { hosts, caveat, reasons, verdicts } = await counted(await completed([]));
    expect(hosts).toBe(0);
    expect(verdicts).toEqual({ passed: 0, finding: 0, notApplicable: 0, notAssessed: 0 });
    expect(caveat).toContain('No host matched the target');
    expect(reasons.map((each) => [each.package, each.count])).toEqual([
      [both[0], 0],
      [both[1], 0],
    ]);
  });

  test('stopped to evaluate what is there', async () => {
    const { run, hosts } = await started(2);
    if (hosts[0]) await fleet.deliver(run, hosts[0], insecure);
    await happen(run, 'FINISH_COLLECTION');
    await fleet.collect(run);
    await fleet.evaluate(run);
    const { verdicts, reasons } = await counted(run);
    expect(verdicts.finding).toBe(5);
    expect(reasons.find(({ package: name }) => name === both[0])?.count).toBe(9);
  });

  test.each([
    ['CANCEL', 'stopped before evaluation: nothing was assessed', 'the run was stopped before this host was evaluated'],
    ['FAIL', 'failed before evaluation', 'the run failed before this host was evaluated'],
  ] as const)('%s while collecting', async (event, words, reason) => {
    const { run, hosts } = await started(2);
    if (hosts[0]) await fleet.deliver(run, hosts[0], insecure);
    await happen(run, event);
    const { verdicts, caveat, reasons, hosts: count, rules } = await counted(run);
    expect(verdicts).toEqual({ passed: 0, finding: 0, notApplicable: 0, notAssessed: count * rules });
    expect([count, rules]).toEqual([2, ofBoth]);
    expect(caveat).toContain(words);
    expect(new Set(reasons.map((each) => each.reason))).toEqual(new Set([reason]));
  });

  test('a run that goes on', async () => {
    const { run } = await started(1);
    const { caveat, reasons } = await counted(run);
    expect(caveat).toContain('has not ended (COLLECTING_DATA)');
    expect(reasons[0]?.reason).toBe('the run has not ended (COLLECTING_DATA)');
  });

  test('a package without its evidence, and a system that one has no rules for', async () => {
    const haiku = host({ osRelease: { id: 'haiku', idLike: [], hostname: 'h', architecture: 'x86_64' } });
    const run = await completed([haiku, fixed], ['Security Best Practices', 'Network Reachability']);
    const { rules, verdicts, byHost } = await counted(run);
    expect(rules).toBe(12);
    expect(verdicts).toEqual({ passed: 9, finding: 0, notApplicable: 0, notAssessed: 15 });
    const whole = byHost.map((each) => each.whole);
    expect(whole.filter((why) => why === 'the host delivered no evidence of interfaces')).toHaveLength(2);
    expect(whole.filter((why) => why?.includes('"haiku" is not one'))).toHaveLength(1);
    expect(whole.filter((why) => why === undefined)).toHaveLength(1);
  });

  test('verdicts that are no longer kept: findings stay, the rest is not known', async () => {
    const run = await completed([insecure], ['Security Best Practices']);
    await fleet.store.evaluations.expire(fleet.now + 1, 100);
    const { verdicts, reasons } = await counted(run);
    expect(verdicts).toEqual({ passed: 0, finding: 5, notApplicable: 0, notAssessed: 4 });
    expect(reasons[0]?.reason).toContain('no longer kept');
  });

  test('imported history', async () => {
    const here = await fleet.find(await completed([insecure], ['Security Best Practices']));
    const imported = { ...here, id: newResourceId(randomBytes), name: 'imported', imported: true };
    await fleet.store.runs.importMany(fleet.scope, [imported]);
    for (const finding of await fleet.findings(here.id)) {
      const id = newResourceId(randomBytes);
      await fleet.store.findings.insertMany(fleet.scope, [{ ...finding, id, run: imported.id }]);
    }
    const { hosts, verdicts, reasons, caveat } = await counted(imported.id);
    expect(hosts).toBe(1);
    expect(verdicts).toEqual({ passed: 0, finding: 5, notApplicable: 0, notAssessed: 4 });
    expect(reasons.map(({ reason }) => reason)).toEqual(['not known: imported']);
    expect(caveat).toContain('This run was imported');
  });
});
