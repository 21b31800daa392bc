import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { expire } from '../../../packages/server/src/engine/jobs/expire.ts';
import { debianRecord } from '../../support/debian-host.ts';
import { openVulnerableFleet, type VulnerableFleet } from '../../support/vulnerable-fleet.ts';

let fleet: VulnerableFleet;
let host: Agent;
const DAY = 86_400_000;
const bash = [{ name: 'bash', version: '5.2.15-2' }];
beforeEach(async () => {
  fleet = await openVulnerableFleet();
  await fleet.feed([debianRecord('CVE-2022-3715', 'bash', null)]);
  const [agent] = await fleet.addHosts(1);
  if (!agent) throw new Error('no host');
  host = agent;
});
afterEach(() => fleet.close());

const job = (stop = new AbortController().signal) =>
  expire({ store: fleet.store, now: () => fleet.now, days: 30 }).run({ scope: 0, subject: '' }, stop);

test('documents and verdicts go after their days, and what was told from them stays', async () => {
  const old = await fleet.assess([[host, bash]]);
  const findings = await fleet.findings(old);
  const exclusions = await fleet.exclusions(old);
  const listed = await fleet.store.evidence.list(fleet.scope, old);
  fleet.now += 29 * DAY;
  expect(await job()).toEqual({ done: false, notBefore: fleet.now + 3_600_000 });
  expect(await fleet.store.evidence.countKept(fleet.scope, old)).toEqual({ documents: 4, kept: 4 });
  fleet.now += DAY + 1;
  await job();
  expect(await fleet.store.evidence.countKept(fleet.scope, old)).toEqual({ documents: 4, kept: 0 });
  expect(await fleet.store.evaluations.list(fleet.scope, old)).toEqual([]);
  expect(await fleet.store.evidence.list(fleet.scope, old)).toEqual(listed);
  expect(await fleet.findings(old)).toEqual(findings);
  expect(await fleet.exclusions(old)).toEqual(exclusions);
  expect((await fleet.find(old)).state).toMatch(/^COMPLETED/);
});

test('a document that a newer run has too is kept for both', async () => {
  const old = await fleet.assess([[host, bash]]);
  fleet.now += 20 * DAY;
  const newer = await fleet.assess([[host, bash]]);
  fleet.now += 15 * DAY;
  await job();
  expect(await fleet.store.evidence.countKept(fleet.scope, newer)).toEqual({ documents: 4, kept: 4 });
  expect((await fleet.store.evidence.countKept(fleet.scope, old)).kept).toBe(4);
  expect(await fleet.store.evaluations.list(fleet.scope, old)).toEqual([]);
  expect(await fleet.store.evaluations.list(fleet.scope, newer)).toHaveLength(1);
});

test('a server that stops does not wait for it', async () => {
  await fleet.assess([[host, bash]]);
  fleet.now += 31 * DAY;
  expect(await job(AbortSignal.abort())).toEqual({ done: false, notBefore: fleet.now });
});
