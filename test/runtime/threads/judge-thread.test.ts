import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { type Judge, judgeHere } from '../../../packages/server/src/engine/judging/judge-order.ts';
import { feedsDirectory } from '../../../packages/server/src/feeds/feeds-directory.ts';
import {
  createJudgeThread,
  type JudgeThread,
  startJudgeWorker,
} from '../../../packages/server/src/runtime/threads/judge-thread.ts';
import { insecure } from '../../rules/security-best-practices/hosts.ts';
import { debianRecord, type InstalledPackage } from '../../support/debian-host.ts';
import { given } from '../../support/scenario.ts';
import { openVulnerableFleet, type VulnerableFleet } from '../../support/vulnerable-fleet.ts';

let fleet: VulnerableFleet;
let thread: JudgeThread;
let hosts: Agent[];
let workers: Worker[];
beforeEach(async () => {
  fleet = await openVulnerableFleet();
  workers = [];
  thread = createJudgeThread(() => {
    const worker = startJudgeWorker();
    workers.push(worker);
    return worker;
  });
  fleet.judge = thread.judge;
  hosts = await fleet.addHosts(3);
});
afterEach(async () => {
  await thread.end();
  await fleet.close();
});

const records = [
  debianRecord('CVE-2023-5363', 'openssl', '3.0.11-1~deb12u2'),
  debianRecord('CVE-2022-3715', 'bash', null),
];
const installed: readonly InstalledPackage[] = [
  { name: 'bash', version: '5.2.15-2' },
  { name: 'libssl3', version: '3.0.9-1', source: 'openssl' },
];
const both = ['Common Vulnerabilities and Exposures', 'Security Best Practices'] as const;

/** All that was judged of a run, without the ids of its rows. */
async function judged(run: string) {
  const { scope, store } = fleet;
  const findings = await store.findings.ofRun(scope, run);
  return {
    ended: (await fleet.find(run)).state,
    evaluations: await store.evaluations.list(scope, run),
    findings: findings.map(({ id: _, ...finding }) => ({ ...finding, run: '', template: '' })),
    exclusions: (await fleet.exclusions(run)).map(({ subject, document }) => ({ subject, document })).sort(bySubject),
  };
}

const bySubject = (a: { subject: string }, b: { subject: string }): number => (a.subject < b.subject ? -1 : 1);

/** A run over every host, which waits to be judged. */
async function collected(): Promise<string> {
  for (const agent of hosts) await fleet.store.agents.touch(fleet.scope, agent.id, 'IDLE', fleet.now);
  const run = await fleet.startRun({ packages: both });
  await fleet.collect(run);
  for (const agent of hosts) await fleet.deliver(run, agent, insecure);
  await fleet.collect(run);
  return run;
}

/** Does something once, when the first host has been handed over and before it can have been judged. */
function meanwhile(judge: Judge, act: () => unknown): Judge {
  let done = false;
  return async (order, snapshots) => {
    const judging = judge(order, snapshots);
    judging.catch(() => undefined);
    if (!done) {
      done = true;
      // Starting the thread takes a turn, and the thread itself many.
      await Promise.resolve();
      await act();
    }
    return judging;
  };
}

test('says of hosts what judging in this thread says of them', async () => {
  await fleet.feed(records);
  const mixed = hosts.map((agent, at) => [agent, installed.slice(at)] as const);
  const there = await judged(await fleet.assess(mixed));
  fleet.now -= 180_001;
  fleet.judge = judgeHere;
  const here = await judged(await fleet.assess(mixed));
  expect(there.findings).toHaveLength(3);
  expect(there).toEqual(here);
  expect(workers).toHaveLength(1);
});

test('so too of hosts under several packages, without advisories, and of evidence that is broken', async () => {
  const there = await collected();
  await fleet.evaluate(there);
  fleet.judge = judgeHere;
  const here = await collected();
  await fleet.evaluate(here);
  expect((await judged(there)).findings.length).toBeGreaterThan(0);
  expect((await judged(there)).exclusions).not.toEqual([]);
  expect(await judged(there)).toEqual(await judged(here));
});

describe('the thread dies', () => {
  test('while it judges: the job fails, and taken up again it judges every host, once', async () => {
    const run = await collected();
    fleet.judge = meanwhile(thread.judge, () => workers[0]?.terminate());
    await expect(fleet.evaluate(run)).rejects.toThrow('ended before it had answered');
    expect(await fleet.store.evaluations.done(fleet.scope, run)).toEqual([]);
    expect(await fleet.evaluate(run)).toEqual({ done: true });
    expect(workers).toHaveLength(2);
    fleet.judge = judgeHere;
    const here = await collected();
    await fleet.evaluate(here);
    expect(await judged(run)).toEqual(await judged(here));
  });

  test('while nobody asks it: the next host gets another, and nothing fails', async () => {
    expect(await fleet.evaluate(await collected())).toEqual({ done: true });
    await given(workers[0]).terminate();
    expect(await fleet.evaluate(await collected())).toEqual({ done: true });
    expect(workers).toHaveLength(2);
  });

  test('of a fault of its own: that is what the job fails of', async () => {
    const text = "require('node:worker_threads').parentPort.on('message', () => { throw new Error('out of order'); });";
    const broken = createJudgeThread(() => new Worker(text, { eval: true }));
    fleet.judge = broken.judge;
    const run = await collected();
    await expect(fleet.evaluate(run)).rejects.toThrow('out of order');
    await broken.end();
  });
});

test('asked by two jobs at once it judges one host after the other, each for whom it is asked', async () => {
  const run = await collected();
  const jobs = [fleet.evaluate(run), fleet.evaluate(run)];
  expect(await Promise.all(jobs)).toEqual([{ done: true }, { done: true }]);
  const done = await fleet.store.evaluations.done(fleet.scope, run);
  expect(new Set(done.map(({ agent }) => agent))).toEqual(new Set(hosts.map(({ id }) => id)));
  expect(done).toHaveLength(hosts.length * both.length);
  expect(workers).toHaveLength(1);
});

test('a stop while a host is judged writes it, and gives the job back', async () => {
  const run = await collected();
  const stop = new AbortController();
  fleet.judge = meanwhile(thread.judge, () => stop.abort());
  expect(await fleet.evaluate(run, stop.signal)).toEqual({ done: false, notBefore: fleet.now });
  const done = await fleet.store.evaluations.done(fleet.scope, run);
  expect(new Set(done.map(({ agent }) => agent))).toEqual(new Set([hosts[0]?.id]));
  expect(await fleet.evaluate(run)).toEqual({ done: true });
});

describe('a generation that the thread cannot open is judged by where it is open', () => {
  const cves = async (run: string): Promise<string[]> =>
    (await fleet.store.findings.ofRun(fleet.scope, run)).map(({ rule }) => rule);
  const host = () => [given(hosts[0]), installed] as const;

  test('because its file was removed', async () => {
    await fleet.feed(records);
    fleet.judge = (order, snapshots) => {
      rmSync(given(snapshots.advisories).file);
      return thread.judge(order, snapshots);
    };
    expect(await cves(await fleet.assess([host()]))).toEqual(['CVE-2022-3715', 'CVE-2023-5363']);
  });

  test('because another one has its name', async () => {
    const before = await fleet.feed(records.slice(0, 1));
    await fleet.feed(records);
    fleet.judge = (order, snapshots) => {
      const { file } = given(snapshots.advisories);
      renameSync(join(feedsDirectory(fleet.directory).index, before), file);
      return thread.judge(order, snapshots);
    };
    expect(await cves(await fleet.assess([host()]))).toEqual(['CVE-2022-3715', 'CVE-2023-5363']);
  });
});
