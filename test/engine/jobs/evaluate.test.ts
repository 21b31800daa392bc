import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { advanceRun } from '../../../packages/server/src/engine/runs/advance-run.ts';
import type { PackageName } from '../../../packages/server/src/rules/published-arns.ts';
import { findings as findingsOf, fixed, host, insecure } from '../../rules/security-best-practices/hosts.ts';
import { nextDue } from '../../support/next-due.ts';
import { countStatements } from '../../support/statements.ts';
import { openTestFleet, type TestFleet } from '../../support/test-fleet.ts';

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await openTestFleet();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await fleet.close();
});

/** A run whose hosts have delivered, each its evidence, and which waits to be evaluated. */
async function collected(
  evidence: readonly (typeof insecure | undefined)[],
  packages?: readonly PackageName[],
): Promise<{ run: string; hosts: Agent[] }> {
  const hosts = await fleet.addHosts(evidence.length);
  const run = await fleet.startRun(packages ? { packages } : {});
  await fleet.collect(run);
  for (const [index, agent] of hosts.entries()) {
    const given = evidence[index];
    if (given) await fleet.deliver(run, agent, given);
  }
  if (evidence.includes(undefined)) fleet.now += 180_001;
  await fleet.collect(run);
  return { run, hosts };
}

const cancel = (run: string): Promise<unknown> =>
  fleet.store.transaction(async (tables) => {
    const [current] = await tables.runs.findMany(fleet.scope, [run]);
    return current && advanceRun(tables, fleet.scope, current, 'CANCEL', fleet.now);
  });

test('every host is judged, its findings are counted, and the run completes', async () => {
  const { run, hosts } = await collected([insecure, fixed]);
  expect(await fleet.evaluate(run)).toEqual({ done: true });
  const ended = await fleet.find(run);
  const findings = await fleet.findings(run);
  expect(ended).toMatchObject({ state: 'COMPLETED', completedAt: fleet.now });
  expect(findings.map(({ rule }) => rule).sort()).toEqual([...findingsOf(insecure), ...findingsOf(fixed)].sort());
  expect(new Set(findings.map(({ agent }) => agent))).toEqual(new Set([hosts[0]?.id]));
  expect(ended.findingCounts).toEqual({
    High: findings.filter(({ severity }) => severity === 'High').length,
    Medium: findings.filter(({ severity }) => severity === 'Medium').length,
    Low: 0,
    Informational: 0,
    Undefined: 0,
  });
  for (const { document } of findings) {
    expect(document.userAttributes).toEqual([{ key: 'team', value: 'blue' }]);
  }
  expect(await fleet.exclusions(run)).toEqual([]);
  expect(await nextDue(fleet.store.jobs)).toBeUndefined();
  expect(await fleet.store.runAgents.active(fleet.scope)).toEqual([]);
});

describe('what is not assessed is said', () => {
  test('no host: COMPLETED_WITH_ERRORS, with the exclusion', async () => {
    const { run } = await collected([]);
    await fleet.evaluate(run);
    expect((await fleet.find(run)).state).toBe('COMPLETED_WITH_ERRORS');
    const [exclusion, ...others] = await fleet.exclusions(run);
    expect(others).toEqual([]);
    expect(exclusion?.document.title).toBe('No instances in assessment target');
    expect(exclusion?.document.description).toContain('"every host"');
  });

  test('vulnerabilities without advisories: never an empty answer, and what to do', async () => {
    const { run } = await collected([fixed], ['Common Vulnerabilities and Exposures']);
    await fleet.evaluate(run);
    expect((await fleet.find(run)).state).toBe('COMPLETED_WITH_ERRORS');
    const [exclusion] = await fleet.exclusions(run);
    expect(exclusion?.document.description).toContain('no advisories to compare');
  });

  const one = async (
    evidence: typeof insecure | undefined,
    state = 'COMPLETED_WITH_ERRORS',
  ): Promise<{ title: string; description: string }> => {
    const { run } = await collected([evidence, fixed]);
    await fleet.evaluate(run);
    expect((await fleet.find(run)).state).toBe(state);
    const exclusions = await fleet.exclusions(run);
    expect(exclusions).toHaveLength(1);
    const { title = '', description = '' } = exclusions[0]?.document ?? {};
    return { title, description };
  };

  test('a host without osRelease', async () => {
    const unknown = host({}, { osRelease: [{ code: 'UNREADABLE', subject: '/etc/os-release', detail: 'is a FIFO' }] });
    const { title, description } = await one(unknown);
    expect(title).toBe('Rules evaluation error for single instance');
    expect(description).toMatch(/host-\d .*the operating system is unknown \(is a FIFO\)/);
  });

  test('an operating system that the package does not support', async () => {
    const haiku = host({ osRelease: { id: 'haiku', idLike: [], hostname: 'h', architecture: 'x86_64' } });
    const { title, description } = await one(haiku, 'COMPLETED');
    expect(title).toBe('Unsupported operating system version');
    expect(description).toContain('haiku');
  });

  test('evidence that the agent could not see', async () => {
    const { sshd: _, ...rest } = fixed;
    const { title, description } = await one(rest);
    expect(title).toBe('Rules evaluation error for single instance');
    expect(description).toContain('Disable root login over SSH');
  });

  test('an agent that is not heard any more', async () => {
    const { title, description } = await one(undefined);
    expect(title).toBe('Agent is unhealthy');
    expect(description).toMatch(/has not been heard for 180 seconds/);
  });

  test('an agent that lives and did not deliver in time', async () => {
    const [agent] = await fleet.addHosts(1);
    const run = await fleet.startRun({ duration: 180 });
    await fleet.collect(run);
    fleet.now += 180_000;
    if (agent) await fleet.store.agents.touch(fleet.scope, agent.id, 'RUNNING', fleet.now);
    await fleet.collect(run);
    await fleet.evaluate(run);
    const [exclusion] = await fleet.exclusions(run);
    expect(exclusion?.document.description).toContain('did not deliver its evidence before collection ended');
  });
});

test('a host that sent something and never said that it was all is judged on what it sent', async () => {
  const [part, nothing] = await fleet.addHosts(2);
  if (!part || !nothing) throw new Error('two hosts');
  const run = await fleet.startRun({ duration: 180 });
  await fleet.collect(run);
  const { fileModes: _, ...sent } = insecure;
  await fleet.send(run, part, sent);
  fleet.now += 180_000;
  for (const { id } of [part, nothing]) await fleet.store.agents.touch(fleet.scope, id, 'RUNNING', fleet.now);
  await fleet.collect(run);
  await fleet.evaluate(run);
  const members = await fleet.store.runAgents.ofRun(fleet.scope, run);
  const of = ({ id }: { readonly id: string }) => members.find(({ agent }) => agent === id);
  expect(of(part)).toMatchObject({ status: 'DELIVERED', partial: true });
  expect(of(nothing)).toMatchObject({ status: 'PENDING', partial: false });
  expect((await fleet.find(run)).state).toBe('COMPLETED_WITH_ERRORS');
  expect((await fleet.findings(run)).length).toBeGreaterThan(3);
  const texts = (await fleet.exclusions(run)).map(({ document: { description } }) => description);
  expect(texts.filter((text) => text.includes(nothing.id))).toHaveLength(1);
  expect(texts.filter((text) => text.includes(part.id)).join('\n')).toContain(
    'did not deliver fileModes before collection ended',
  );
});

describe('interrupted', () => {
  test('between two hosts: given back, taken up again, nothing twice', async () => {
    const { run } = await collected([insecure, insecure, insecure]);
    const stop = new AbortController();
    const { load } = fleet.store.evidence;
    let loaded = 0;
    vi.spyOn(fleet.store.evidence, 'load').mockImplementation(async (...which) => {
      if (++loaded === 2) stop.abort();
      return load(...which);
    });
    expect(await fleet.evaluate(run, stop.signal)).toEqual({ done: false, notBefore: fleet.now });
    expect((await fleet.store.evaluations.done(fleet.scope, run)).length).toBe(2);
    expect(await fleet.findings(run), 'not listed before the run ends').toEqual([]);
    expect(await fleet.evaluate(run)).toEqual({ done: true });
    expect(loaded, 'the first two are not judged again').toBe(3);
    expect((await fleet.findings(run)).length).toBe(3 * findingsOf(insecure).length);
  });

  test('two workers at once write everything once', async () => {
    const { run } = await collected([insecure, insecure]);
    await Promise.all([fleet.evaluate(run), fleet.evaluate(run)]);
    expect((await fleet.findings(run)).length).toBe(2 * findingsOf(insecure).length);
    expect((await fleet.find(run)).stateChanges.filter(({ state }) => state === 'COMPLETED')).toHaveLength(1);
  });

  test('cancelled in the middle: what was found so far is listed and counted, and nothing comes after', async () => {
    const { run } = await collected([insecure, insecure]);
    const { load } = fleet.store.evidence;
    let loaded = 0;
    vi.spyOn(fleet.store.evidence, 'load').mockImplementation(async (...which) => {
      if (++loaded === 2) {
        // The first host is written while the second is loaded: which of the two ends first is not promised.
        while ((await fleet.store.evaluations.done(fleet.scope, run)).length === 0) await setImmediate();
        await cancel(run);
      }
      return load(...which);
    });
    expect(await fleet.evaluate(run)).toEqual({ done: true });
    const ended = await fleet.find(run);
    expect(ended.state).toBe('CANCELED');
    const listed = await fleet.findings(run);
    expect(listed.length).toBe(findingsOf(insecure).length);
    expect(Object.values(ended.findingCounts).reduce((sum, count) => sum + count, 0)).toBe(listed.length);
  });

  test('a run that has ended is left alone', async () => {
    const { run } = await collected([insecure]);
    await cancel(run);
    const before = await fleet.find(run);
    expect(await fleet.evaluate(run)).toEqual({ done: true });
    expect(await fleet.find(run)).toEqual(before);
  });
});

test('a host costs the same number of statements, however many others there are', async () => {
  const counts = new Map<number, number>();
  for (const hosts of [1, 2, 5, 20]) {
    const { run } = await collected(Array.from({ length: hosts }, () => insecure));
    counts.set(hosts, await countStatements(() => fleet.evaluate(run)));
    await fleet.close();
    fleet = await openTestFleet();
  }
  const [one = 0, two = 0] = counts.values();
  const each = two - one;
  expect(each).toBeLessThanOrEqual(10);
  expect(Object.fromEntries(counts)).toEqual({ 1: one, 2: one + each, 5: one + 4 * each, 20: one + 19 * each });
});
