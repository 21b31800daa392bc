import { afterEach, expect, test, vi } from 'vitest';
import { findings as findingsOf, fixed, insecure } from '../rules/security-best-practices/hosts.ts';
import { effort } from '../support/effort.ts';
import { nextDue } from '../support/next-due.ts';
import { beforeStatements } from '../support/statements.ts';
import { openTestFleet, type TestFleet } from '../support/test-fleet.ts';
import { testSeed } from '../support/test-seed.ts';
import { storeKind } from '../support/test-store.ts';

/** Each so many-th statement, from one that the seed picks: every one of them in the campaign `statements`. */
const STRIDE = effort('stride', storeKind === 'postgres' ? 6 : 2);

/** Ends the process, as far as the store can tell, before the statement that has this number: nothing is run from there on. */
class Died extends Error {}

afterEach(() => vi.restoreAllMocks());

function dieBefore(statement: number): { readonly count: () => number } {
  let count = 0;
  beforeStatements(() => {
    if (++count >= statement) throw new Died();
  });
  return { count: () => count };
}

const unreadable = { ...fixed, osRelease: undefined } as unknown as typeof fixed;

/** A run over three hosts that is about to do `phase`. */
async function before(phase: 'collect' | 'evaluate'): Promise<{ fleet: TestFleet; run: string }> {
  const fleet = await openTestFleet();
  const hosts = await fleet.addHosts(3);
  const run = await fleet.startRun();
  if (phase === 'collect') return { fleet, run };
  await fleet.collect(run);
  for (const [index, agent] of hosts.entries()) {
    await fleet.deliver(run, agent, [insecure, unreadable, insecure][index] ?? fixed);
  }
  await fleet.collect(run);
  return { fleet, run };
}

/** What a run came to, without its ids and times. */
async function result(fleet: TestFleet, run: string) {
  const { state, stateChanges, findingCounts } = await fleet.find(run);
  const findings = await fleet.findings(run);
  return {
    state,
    states: stateChanges.map((change) => change.state),
    findingCounts,
    findings: findings.map(({ rule }) => rule).sort(),
    hosts: new Set(findings.map(({ agent }) => agent)).size,
    exclusions: (await fleet.exclusions(run)).map(({ document }) => document.title),
    judged: (await fleet.store.evaluations.done(fleet.scope, run)).length,
    work: (await nextDue(fleet.store.jobs)) !== undefined,
    held: (await fleet.store.runAgents.active(fleet.scope)).length,
  };
}

test.each(['collect', 'evaluate'] as const)(
  '%s, ended before any of its statements, ends as it would have',
  async (phase) => {
    const undisturbed = await before(phase);
    const statements = dieBefore(Number.POSITIVE_INFINITY);
    await undisturbed.fleet[phase](undisturbed.run);
    const count = statements.count();
    vi.restoreAllMocks();
    const expected = await result(undisturbed.fleet, undisturbed.run);
    await undisturbed.fleet.close();
    expect(count).toBeGreaterThan(8);
    if (phase === 'evaluate') {
      expect(expected).toMatchObject({ state: 'COMPLETED_WITH_ERRORS', hosts: 2, judged: 3, work: false, held: 0 });
      expect(expected.findings.length).toBe(2 * findingsOf(insecure).length);
    }

    for (let statement = 1 + (testSeed % STRIDE); statement <= count; statement += STRIDE) {
      const { fleet, run } = await before(phase);
      dieBefore(statement);
      await expect(fleet[phase](run), `statement ${statement}`).rejects.toThrow(Died);
      vi.restoreAllMocks();
      await fleet.close({ keep: true });
      const again = await openTestFleet(fleet.directory);
      await again[phase](run);
      expect(await result(again, run), `statement ${statement} of ${count}`).toEqual(expected);
      await again.close();
    }
  },
);
