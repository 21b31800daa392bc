import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { evaluate } from '../../../packages/server/src/engine/jobs/evaluate.ts';
import { followAdvisories } from '../../../packages/server/src/engine/judging/follow-advisories.ts';
import { debianRecord } from '../../support/debian-host.ts';
import { emptyAdvisories } from '../../support/generations.ts';
import { openVulnerableFleet, type VulnerableFleet } from '../../support/vulnerable-fleet.ts';

let fleet: VulnerableFleet;
let host: Agent;
beforeEach(async () => {
  fleet = await openVulnerableFleet();
  const [agent] = await fleet.addHosts(1);
  if (!agent) throw new Error('no host');
  host = agent;
});
afterEach(() => fleet.close());

const openssl = debianRecord('CVE-2023-5363', 'openssl', '3.0.11-1~deb12u2');
const bash = debianRecord('CVE-2022-3715', 'bash', null);
const follow = () =>
  followAdvisories({ store: fleet.store, advisories: fleet.advisories, now: () => fleet.now, random: randomBytes });

async function assessed(tag: string | undefined): Promise<string> {
  await fleet.feed([openssl]);
  const run = await fleet.assess([[host, [{ name: 'bash', version: '5.2.15-2' }]]]);
  const { template } = await fleet.find(run);
  if (tag !== undefined)
    await fleet.store.templates.setTags(fleet.scope, template, [{ key: 'assay:continuous', value: tag }]);
  return run;
}

test('new advisories reassess the last run of a template that asks for it, once, and what is new is said', async () => {
  const run = await assessed('true');
  expect(await follow()).toEqual([]);
  fleet.now += 1000;
  await fleet.feed([openssl, bash]);
  const [started, ...others] = await follow();
  expect(others).toEqual([]);
  expect(started).toMatchObject({ before: run, scope: fleet.scope });
  expect(await follow()).toEqual([]);

  const lines: string[] = [];
  const id = started?.run ?? '';
  const knowledge = { advisories: fleet.advisories };
  const deps = { store: fleet.store, now: () => fleet.now, ago: fleet.ago, random: randomBytes, knowledge };
  await evaluate({ ...deps, log: (line) => lines.push(line) }).run(
    { scope: fleet.scope, subject: id },
    new AbortController().signal,
  );
  expect(lines).toEqual([`The run ${id} reassessed ${run}: one finding is new on one host: CVE-2022-3715`]);
  expect((await fleet.find(id)).notifications).toEqual([
    {
      date: fleet.now,
      event: 'FINDING_REPORTED',
      error: false,
      message: `With new advisories, against the run ${run}: one finding is new on one host: CVE-2022-3715.`,
    },
  ]);
  expect(await follow()).toEqual([]);
});

test.each([['false'], [undefined]])('a template tagged %s is left alone', async (tag) => {
  await assessed(tag);
  await fleet.feed([openssl, bash]);
  expect(await follow()).toEqual([]);
});

test('one whose evidence is gone is left alone', async () => {
  await assessed('true');
  await fleet.feed([openssl, bash]);
  await fleet.store.evidence.expire(Number.MAX_SAFE_INTEGER, '', 1000);
  expect(await follow()).toEqual([]);
});

test('two servers with different advisories do not undo each other', async () => {
  const run = await assessed('true');
  const { template } = await fleet.find(run);
  const evaluateAll = async (): Promise<number> => {
    const started = await follow();
    for (const each of started) await fleet.evaluate(each.run);
    return started.length;
  };
  const { advisories } = fleet;
  await fleet.feed([openssl, bash]);
  expect(await evaluateAll()).toBe(1);
  const newest = (await fleet.store.runs.newestOfTemplate(fleet.scope, template))?.id ?? '';
  const judged = (await fleet.find(newest)).knowledge?.advisories;
  const current = fleet.advisories;
  // Another server has those that the first run was judged by.
  const before = (await fleet.find(run)).knowledge?.advisories?.generation ?? '';
  fleet.advisories = { ...current, current: () => advisories.named(before) };
  expect(await evaluateAll()).toBe(0);
  // Or some that nobody has judged by, of an earlier date.
  const old = emptyAdvisories('old');
  const feeds = (judged?.feeds ?? []).map((feed) => ({ ...feed, updatedAt: feed.updatedAt - 1 }));
  expect(feeds.length).toBeGreaterThan(0);
  const generation = { name: 'old', file: '', value: old, digest: old.digest, feeds, release: () => undefined };
  fleet.advisories = { current: () => generation, named: () => undefined };
  expect(await evaluateAll()).toBe(0);
});
