import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createGapCounts } from '../../../packages/server/src/engine/judging/gap-counts.ts';
import { allGaps, type FindOpenGaps, openGapsHere } from '../../../packages/server/src/engine/judging/open-gaps-of.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { openStore } from '../../../packages/server/src/store/store.ts';
import { hostOf } from '../../rules/common-vulnerabilities-and-exposures/hosts.ts';
import { closing, temporaryStore } from '../../store/open-temporary.ts';
import { agentOf } from '../../support/accuracy/agent-of.ts';

const fix = (id: string, ecosystem: string, cve: string, fixed: string): object => ({
  id,
  modified: '2026-01-01T00:00:00Z',
  related: [cve],
  summary: 'Important: openssh security update',
  affected: [
    {
      package: { ecosystem, name: 'openssh' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    },
  ],
});

/** What Rocky Linux lacks: CVE-2024-1002, fixed in 8.7p1-32, and CVE-2024-1003, in 8.7p1-33. */
const records = [
  ...[1, 2, 3].map((n) => fix(`ALSA-2024:100${n}`, 'AlmaLinux:9', `CVE-2024-100${n}`, `8.7p1-3${n}.el9`)),
  fix('RLSA-2024:1001', 'Rocky Linux:9', 'CVE-2024-1001', '0:8.7p1-31.el9'),
];

async function fleet(find: FindOpenGaps = openGapsHere) {
  const store = closing(await openStore(await temporaryStore()), (each) => each.close());
  const value = closing(await advisoriesFromRecords(records), (each) => each.close());
  let [held, time, receivedAt] = [0, 0, 0];
  const snapshot = () => {
    held += 1;
    const release = (): void => {
      held -= 1;
    };
    return { name: 'x', file: 'x', digest: value.digest, feeds: [], value, release };
  };
  const looked: number[] = [];
  const countGaps = createGapCounts({
    store,
    knowledge: { advisories: { current: snapshot, named: () => undefined } },
    find: async (hosts, advisories) => {
      looked.push(hosts.length);
      return find(hosts, advisories);
    },
    now: () => time,
  });
  const scopes = await Promise.all(
    ['123456789012', '210987654321'].map((account) => store.scopes.idOf({ account, region: 'us-east-1' })),
  );
  const cves = allGaps(value).map(({ cve }) => cve);
  return {
    ...{ store, scopes, looked, countGaps },
    digest: value.digest,
    held: () => held,
    later: (milliseconds: number): void => {
      time += milliseconds;
    },
    enrol: (scope: number, id: string) =>
      store.agents.insert(scope, { ...agentOf(id), publicKey: new Uint8Array(44), operatingSystem: 'Rocky Linux 9.4' }),
    /** What a host says that it has installed. */
    send: async (scope: number, agent: string, version: string): Promise<void> => {
      receivedAt += 1;
      const installed = { name: 'openssh-server', version, sourceName: 'openssh', sourceVersion: version };
      const evidence = hostOf([{ ...installed, vendor: 'Rocky Enterprise Software Foundation' }], {
        os: { id: 'rocky', versionId: '9.4' },
      });
      for (const kind of ['osRelease', 'packages'] as const) {
        const text = JSON.stringify(evidence[kind]);
        const digest = createHash('sha256').update(text).digest('hex');
        const document = { agent, kind, digest, size: text.length, telemetry: [], collectedAt: 1, receivedAt };
        await store.transaction((tables) => tables.evidence.put(scope, `run ${receivedAt}`, document, gzipSync(text)));
      }
    },
    counts: async (scope?: number) => {
      const count = await countGaps(scope, value.digest);
      return count && Object.fromEntries([...count.hosts].map((hosts, at) => [cves[at], hosts]));
    },
  };
}

test('hosts are counted that lack the fix of each gap, of one scope or of all', async () => {
  const { scopes, enrol, send, counts, held } = await fleet();
  const [first = 0, second = 0] = scopes;
  for (const [scope, id] of [
    [first, 'i-1'],
    [first, 'i-2'],
    [first, 'i-3'],
    [second, 'i-4'],
    [first, 'i-5'],
  ] as const) {
    await enrol(scope, id);
  }
  await send(first, 'i-1', '8.7p1-31.el9');
  await send(first, 'i-2', '8.7p1-32.el9');
  await send(first, 'i-3', '8.7p1-33.el9');
  await send(second, 'i-4', '8.7p1-31.el9');
  expect(await counts(first)).toEqual({ 'CVE-2024-1002': 1, 'CVE-2024-1003': 2 });
  expect(await counts()).toEqual({ 'CVE-2024-1002': 2, 'CVE-2024-1003': 3 });
  expect(held()).toBe(0);
});

test('of several documents of a host the last counts, and only what is new is looked at', async () => {
  const { scopes, enrol, send, counts, later, looked, store } = await fleet();
  const [scope = 0] = scopes;
  const hosts = Array.from({ length: 45 }, (_, at) => `i-${at}`);
  for (const id of hosts) {
    await enrol(scope, id);
    await send(scope, id, `8.7p1-31.${id.slice(2)}.el9`);
  }
  expect(await counts(scope)).toEqual({ 'CVE-2024-1002': 45, 'CVE-2024-1003': 45 });
  expect(looked).toEqual([20, 20, 5]);
  await send(scope, 'i-7', '8.7p1-32.el9');
  expect(await counts(scope), 'as of less than a minute ago').toMatchObject({ 'CVE-2024-1002': 45 });
  later(60_000);
  expect(await counts(scope)).toEqual({ 'CVE-2024-1002': 44, 'CVE-2024-1003': 45 });
  expect(looked).toEqual([20, 20, 5, 1]);
  await store.agents.change(scope, 'i-8', { removedAt: 1 });
  later(60_000);
  expect(await counts(scope)).toEqual({ 'CVE-2024-1002': 43, 'CVE-2024-1003': 44 });
  expect(looked).toEqual([20, 20, 5, 1]);
});

test('who does not wait is told what was counted so far; others join the same count', async () => {
  const gate = Promise.withResolvers<void>();
  const { scopes, enrol, send, countGaps, digest, looked } = await fleet(async (...order) => {
    await gate.promise;
    return openGapsHere(...order);
  });
  const [scope = 0] = scopes;
  await enrol(scope, 'i-1');
  await send(scope, 'i-1', '8.7p1-31.el9');
  const early = await countGaps(scope, digest, () => Promise.resolve());
  expect(early).toMatchObject({ complete: false });
  expect([...(early?.hosts ?? [])]).toEqual([0, 0]);
  const waiting = [countGaps(scope, digest), countGaps(scope, digest)];
  gate.resolve();
  for (const count of await Promise.all(waiting)) {
    expect(count?.complete).toBe(true);
    expect([...(count?.hosts ?? [])]).toEqual([1, 1]);
  }
  expect(looked).toEqual([1]);
});

test('a count that fails is told, given up and begun anew; advisories that are served no more have none', async () => {
  let fails = true;
  const { scopes, enrol, send, counts, countGaps, held } = await fleet(async (...order) => {
    if (fails) throw new Error('the thread ended');
    return openGapsHere(...order);
  });
  const [scope = 0] = scopes;
  await enrol(scope, 'i-1');
  await send(scope, 'i-1', '8.7p1-31.el9');
  await expect(counts(scope)).rejects.toThrow('the thread ended');
  fails = false;
  expect(await counts(scope)).toEqual({ 'CVE-2024-1002': 1, 'CVE-2024-1003': 1 });
  expect(await countGaps(scope, 'other')).toBeUndefined();
  expect(held()).toBe(0);
});
