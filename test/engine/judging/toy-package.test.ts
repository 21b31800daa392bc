import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { notAssessedBecause } from '../../../packages/server/src/domain/not-assessed.ts';
import type { Rule, RulesPackage, Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { explainVerdict } from '../../../packages/server/src/engine/judging/explain-verdict.ts';
import { host } from '../../rules/security-best-practices/hosts.ts';
import { emptyAdvisories, type TestGenerations, testGenerations } from '../../support/generations.ts';
import { openTestFleet, type TestFleet } from '../../support/test-fleet.ts';

/** Rules of its own for each system, as a benchmark has them. */
const rulesOf: Readonly<Record<string, readonly string[]>> = {
  debian: ['d1', 'd2', 'shared'],
  alpine: ['a1', 'shared'],
  arch: ['third', 'shared'],
};

/** A package that the engine has never heard of, under a published name that has no other implementation in this test. */
const toy: RulesPackage = {
  name: 'Network Reachability',
  shortName: 'toy',
  version: '3.1',
  provider: 'tests',
  description: 'Every rule whose id ends in 1 is a finding, d2 is not assessed.',
  needs: ['kernel'],
  knowledge: [{ kind: 'advisories', maximumAge: 1000 }],
  supports: ({ id }) =>
    Object.hasOwn(rulesOf, id) ? { supported: true } : { supported: false, reason: `no rules for ${id}` },
  rules: ({ osRelease }): Rule[] =>
    (rulesOf[osRelease?.data?.id ?? ''] ?? []).map((id) => ({ id, title: `Rule ${id}`, severity: 'Low' })),
  evaluate: (evidence): Verdict[] =>
    toy.rules(evidence, { at: 0 }).map(({ id: ruleId }): Verdict => {
      if (ruleId.endsWith('1')) {
        const finding = {
          title: ruleId,
          description: '.',
          recommendation: '.',
          severity: 'Low',
          attributes: [],
        } as const;
        return { ruleId, outcome: 'FINDING', observations: [], finding: { ...finding, confidence: 3 } };
      }
      if (ruleId === 'third')
        return notAssessedBecause(ruleId, 'THIRD_PARTY', { what: 'nodejs', why: 'of NodeSource' });
      if (ruleId === 'd2') return notAssessedBecause(ruleId, 'NOT_PERMITTED', { what: '/etc/secret' });
      return { ruleId, outcome: 'PASSED', observations: [{ source: '/etc/x', observed: 'yes' }], unseen: ['/etc/y'] };
    }),
  confidence: 7,
  indicatorOfCompromise: true,
};

// The factory runs when the first import reaches the module, before there is a toy.
const rulesPackages = vi.hoisted((): RulesPackage[] => []);
vi.mock(import('../../../packages/server/src/rules/index.ts'), () => ({ rulesPackages, listedOnly: [] }));
rulesPackages.push(toy);

let fleet: TestFleet;
let generations: TestGenerations;
beforeEach(async () => {
  fleet = await openTestFleet();
  generations = testGenerations();
  fleet.advisories = generations;
});
afterEach(async () => {
  expect(generations.held()).toBe(0);
  await fleet.close();
});

const system = (id: string) => host({ osRelease: { id, idLike: [], hostname: id, architecture: 'x86_64' } });

async function evaluated(...ids: readonly string[]): Promise<string> {
  const hosts = await fleet.addHosts(ids.length);
  const run = await fleet.startRun({ packages: [toy.name as 'Network Reachability'] });
  await fleet.collect(run);
  for (const [index, agent] of hosts.entries()) await fleet.deliver(run, agent, system(ids[index] ?? ''));
  await fleet.collect(run);
  await fleet.evaluate(run);
  return run;
}

const sources = () => ({ advisories: generations });

test('each host is judged by the rules of its system, under the package’s own confidence', async () => {
  generations.add('one', emptyAdvisories('d1'), [{ name: 'feed', updatedAt: fleet.now, digest: 'x' }]);
  const run = await evaluated('debian', 'alpine', 'haiku');
  const evaluations = await fleet.store.evaluations.list(fleet.scope, run);
  expect(evaluations.map(({ verdicts }) => verdicts.map(({ ruleId }) => ruleId).join()).sort()).toEqual([
    'Every rule',
    'a1,shared',
    'd1,d2,shared',
  ]);
  expect(evaluations.flatMap(({ verdicts }) => verdicts).find(({ ruleId }) => ruleId === 'a1')?.title).toBe('Rule a1');
  const findings = await fleet.findings(run);
  expect(findings.map(({ rule }) => rule).sort()).toEqual(['a1', 'd1']);
  expect(findings[0]?.document).toMatchObject({ confidence: 3, indicatorOfCompromise: true });
  const { knowledge, state } = await fleet.find(run);
  expect(knowledge).toMatchObject({ advisories: { generation: 'one', digest: 'd1' } });
  expect(Object.values(knowledge?.versions ?? {})).toEqual(['3.1']);
  expect(state).toBe('COMPLETED_WITH_ERRORS');
});

test('what was not assessed has the advice of its reason', async () => {
  generations.add('one', emptyAdvisories('d1'));
  const said = (await fleet.exclusions(await evaluated('debian'))).map(({ document }) => document);
  expect(said.map(({ description }) => description).join()).toMatch(/Rule d2: \/etc\/secret cannot be read/);
  expect(said.map(({ recommendation }) => recommendation).join()).toContain('as root');
});

test('a system without rules is no error', async () => {
  generations.add('one', emptyAdvisories('d1'));
  const run = await evaluated('haiku');
  expect((await fleet.find(run)).state).toBe('COMPLETED');
});

test('knowledge that is absent is said once for the run', async () => {
  const without = await fleet.exclusions(await evaluated('debian', 'debian'));
  expect(without.map(({ subject }) => subject.split('/', 2).join('/'))).toEqual(['no-knowledge/advisories']);
});

test('knowledge that is too old is said once for the run', async () => {
  generations.add('one', emptyAdvisories('d1'), [{ name: 'feed', updatedAt: fleet.now - 1001, digest: 'x' }]);
  const old = await fleet.exclusions(await evaluated('alpine', 'alpine'));
  expect(old.map(({ subject }) => subject.split('/', 2).join('/'))).toEqual(['old-knowledge/advisories']);
});

test('why repeats a verdict, with what it did not see', async () => {
  generations.add('one', emptyAdvisories('d1'));
  const run = await fleet.find(await evaluated('debian'));
  const [agent] = await fleet.store.agents.ofRun(fleet.scope, run.id, 'DELIVERED');
  const scopeName = await fleet.store.scopes.get(fleet.scope);
  const question = { host: agent?.id ?? '', scopeName, scope: fleet.scope, run };
  const deps = { store: fleet.store, knowledge: sources(), now: () => fleet.now };
  expect(await explainVerdict(deps, { ...question, subject: 'Shared' })).toMatchObject({
    subject: 'shared',
    outcome: 'PASSED',
    sections: [
      { heading: '/etc/x', lines: ['yes'] },
      { heading: 'not seen', lines: ['/etc/y'] },
    ],
  });
  await expect(explainVerdict(deps, { ...question, subject: 'nothing' })).rejects.toThrow('has no verdict on nothing');
});
