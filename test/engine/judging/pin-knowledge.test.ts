import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { VERSION } from '../../../packages/server/src/domain/version.ts';
import { evaluate } from '../../../packages/server/src/engine/jobs/evaluate.ts';
import type { KnowledgeSource } from '../../../packages/server/src/engine/judging/knowledge-source.ts';
import { createPeerWait } from '../../../packages/server/src/engine/judging/wait-for-peer.ts';
import { insecure } from '../../rules/security-best-practices/hosts.ts';
import { emptyAdvisories, type TestGenerations, testGenerations } from '../../support/generations.ts';
import { openTestFleet, type TestFleet } from '../../support/test-fleet.ts';

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

const feed = (name: string, updatedAt: number) => ({ name, updatedAt, digest: `digest of ${name}` });

/** A run over hosts that have all delivered. */
async function collected(count: number): Promise<{ run: string; hosts: Agent[] }> {
  const hosts = await fleet.addHosts(count);
  const run = await fleet.startRun({ packages: ['Security Best Practices', 'Common Vulnerabilities and Exposures'] });
  await fleet.collect(run);
  for (const agent of hosts) await fleet.deliver(run, agent, insecure);
  await fleet.collect(run);
  return { run, hosts };
}

/** Evaluates one host, and gives the job back as a server does that stops while it is judged. */
async function judgeOne(run: string): Promise<void> {
  const stop = new AbortController();
  const { load } = fleet.store.evidence;
  vi.spyOn(fleet.store.evidence, 'load').mockImplementationOnce(async (...which) => {
    stop.abort();
    return load(...which);
  });
  expect(await fleet.evaluate(run, stop.signal)).toEqual({ done: false, notBefore: fleet.now });
  const done = await fleet.store.evaluations.done(fleet.scope, run);
  expect(new Set(done.map(({ agent }) => agent)).size).toBe(1);
}

test('what a run was judged by is recorded with it', async () => {
  generations.add('one', emptyAdvisories('d1'), [feed('Debian', 5)]);
  const { run } = await collected(1);
  expect((await fleet.find(run)).knowledge).toBeUndefined();
  await fleet.evaluate(run);
  expect((await fleet.find(run)).knowledge).toEqual({
    at: fleet.now,
    assay: VERSION,
    versions: {
      'arn:aws:inspector:eu-west-1:357557129151:rulespackage/0-SnojL3Z6': expect.any(String),
      'arn:aws:inspector:eu-west-1:357557129151:rulespackage/0-ubA5XvBh': expect.any(String),
    },
    advisories: { generation: 'one', digest: 'd1', feeds: [feed('Debian', 5)] },
  });
});

test('without advisories a run is judged all the same', async () => {
  const { run } = await collected(1);
  await fleet.evaluate(run);
  const { state, knowledge } = await fleet.find(run);
  expect(state).toBe('COMPLETED_WITH_ERRORS');
  expect(knowledge).toMatchObject({ at: fleet.now });
  expect(knowledge).not.toHaveProperty('advisories');
});

describe('a run that was interrupted', () => {
  test('goes on under the advisories that it began with, whatever is current now', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const { run } = await collected(3);
    await judgeOne(run);
    const [first] = await fleet.store.evaluations.list(fleet.scope, run);
    const begun = (await fleet.find(run)).knowledge;
    generations.add('two', emptyAdvisories('d2'));
    fleet.now += 1000;
    await fleet.evaluate(run);
    expect((await fleet.find(run)).knowledge).toEqual(begun);
    expect(await fleet.store.evaluations.list(fleet.scope, run)).toContainEqual(first);
  });

  test('is judged anew when those are gone: nothing of two generations is mixed', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const { run } = await collected(3);
    await judgeOne(run);
    generations.remove('one');
    generations.add('two', emptyAdvisories('d2'));
    fleet.now += 1000;
    await fleet.evaluate(run);
    expect((await fleet.find(run)).knowledge).toMatchObject({ at: fleet.now, advisories: { generation: 'two' } });
    const evaluations = await fleet.store.evaluations.list(fleet.scope, run);
    expect(evaluations.map(({ evaluatedAt }) => evaluatedAt)).toEqual(Array(6).fill(fleet.now));
    const findings = await fleet.findings(run);
    const perHost = Map.groupBy(findings, ({ agent }) => agent);
    expect(new Set([...perHost.values()].map(({ length }) => length)).size).toBe(1);
    expect(perHost.size).toBe(3);
  });

  test('and so when a file of the same name holds others', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const { run } = await collected(2);
    await judgeOne(run);
    generations.add('one', emptyAdvisories('other'));
    fleet.now += 1000;
    await fleet.evaluate(run);
    expect((await fleet.find(run)).knowledge).toMatchObject({ at: fleet.now, advisories: { digest: 'other' } });
    const evaluations = await fleet.store.evaluations.list(fleet.scope, run);
    expect(evaluations.every(({ evaluatedAt }) => evaluatedAt === fleet.now)).toBe(true);
  });

  test('without advisories goes on without: its first hosts had none either', async () => {
    const { run } = await collected(2);
    await judgeOne(run);
    generations.add('one', emptyAdvisories('d1'));
    await fleet.evaluate(run);
    expect((await fleet.find(run)).knowledge).not.toHaveProperty('advisories');
  });
});

test('advisories that were asked for and are gone are not replaced by others', async () => {
  generations.add('one', emptyAdvisories('d1'));
  const { run } = await collected(1);
  const wanted = { generation: 'gone', digest: 'd0', feeds: [] };
  await fleet.store.runs.setKnowledge(fleet.scope, run, { at: null, versions: {}, advisories: wanted });
  await expect(fleet.evaluate(run)).rejects.toThrow('gone');
  expect((await fleet.find(run)).state).toBe('EVALUATING_RULES');
});

describe('with several servers on the store', () => {
  const later = () => ({ done: false, notBefore: fleet.now + 500 });
  const saidBehind = async (run: string): Promise<string[]> =>
    (await fleet.exclusions(run))
      .filter(({ subject }) => subject.startsWith('knowledge-behind/'))
      .map(({ document }) => document.description);
  const evaluateBeside = (alone: boolean, advisories: KnowledgeSource<'advisories'> = generations) => {
    const { store } = fleet;
    const now = (): number => fleet.now;
    const waitForPeer = createPeerWait({ alone: async () => alone, now });
    const deps = {
      store,
      now,
      ago: fleet.ago,
      random: randomBytes,
      knowledge: { advisories },
      waitForPeer,
      log: (line: string) => void lines.push(line),
    };
    const job = evaluate(deps).run;
    return (run: string) => job({ scope: fleet.scope, subject: run }, new AbortController().signal);
  };
  let lines: string[];
  beforeEach(() => {
    lines = [];
  });

  test('a run is left to one that has the advisories it began with, and judged anew when none comes', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const { run } = await collected(3);
    await judgeOne(run);
    generations.remove('one');
    generations.add('two', emptyAdvisories('d2'));
    const job = evaluateBeside(false);
    expect(await job(run)).toEqual(later());
    fleet.now += 29_000;
    expect(await job(run)).toEqual(later());
    expect((await fleet.find(run)).knowledge).toMatchObject({ advisories: { digest: 'd1' } });
    fleet.now += 1000;
    expect(await job(run)).toEqual({ done: true });
    expect((await fleet.find(run)).knowledge).toMatchObject({ advisories: { digest: 'd2' } });
    expect(lines).toEqual([`The run ${run} is judged anew: the advisories that it began with are gone`]);
  });

  test('one that has them under another name goes on', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const { run } = await collected(3);
    await judgeOne(run);
    generations.remove('one');
    generations.add('the same', emptyAdvisories('d1'));
    expect(await evaluateBeside(false)(run)).toEqual({ done: true });
    expect((await fleet.find(run)).knowledge).toMatchObject({ advisories: { generation: 'one', digest: 'd1' } });
  });

  test('one whose advisories are older than those of others leaves the run to them, and says so when none comes', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const behind = 'no space left on device';
    const catchUp = async (): Promise<string> => behind;
    const { run } = await collected(1);
    const job = evaluateBeside(false, { ...generations, catchUp });
    expect(await job(run)).toEqual(later());
    fleet.now += 30_000;
    expect(await job(run)).toEqual({ done: true });
    expect((await fleet.find(run)).knowledge).toMatchObject({ advisories: { digest: 'd1', behind } });
    expect(await saidBehind(run)).toEqual([expect.stringContaining('(no space left on device)')]);
  });

  test('advisories that a reassessment asks for are taken from the others where they are not here', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const { run } = await collected(1);
    const wanted = { generation: 'two', digest: 'd2', feeds: [] };
    await fleet.store.runs.setKnowledge(fleet.scope, run, { at: null, versions: {}, advisories: wanted });
    const catchUp = async (): Promise<undefined> => {
      generations.add('two', emptyAdvisories('d2'));
      return undefined;
    };
    expect(await evaluateBeside(false, { ...generations, catchUp })(run)).toEqual({ done: true });
    expect((await fleet.find(run)).knowledge).toMatchObject({ advisories: { generation: 'two', digest: 'd2' } });
  });

  test('one without advisories leaves a run that is about them to the others, and no other run', async () => {
    const [agent] = await fleet.addHosts(1);
    const runs: string[] = [];
    for (const name of ['Common Vulnerabilities and Exposures', 'Security Best Practices'] as const) {
      const run = await fleet.startRun({ packages: [name] });
      await fleet.collect(run);
      if (agent) await fleet.deliver(run, agent, insecure);
      await fleet.collect(run);
      runs.push(run);
      if (runs.length === 2) expect(await evaluateBeside(false)(run)).toEqual({ done: true });
      else {
        expect(await evaluateBeside(false)(run)).toEqual(later());
        expect(await evaluateBeside(true)(run)).toEqual({ done: true });
      }
    }
  });

  test('advisories that a reassessment asked for and nobody has end the patience with a fault', async () => {
    generations.add('one', emptyAdvisories('d1'));
    const { run } = await collected(1);
    const wanted = { generation: 'gone', digest: 'd0', feeds: [] };
    await fleet.store.runs.setKnowledge(fleet.scope, run, { at: null, versions: {}, advisories: wanted });
    const job = evaluateBeside(false);
    expect(await job(run)).toEqual(later());
    fleet.now += 30_000;
    await expect(job(run)).rejects.toThrow('gone');
  });
});
