import { gzipSync } from 'node:zlib';
import type { DeliveredRequest } from '@assay/model/agent-protocol.ts';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { checkDocument } from '../../../packages/server/src/engine/agents/check-document.ts';
import { confirmDelivery } from '../../../packages/server/src/engine/agents/confirm-delivery.ts';
import { receiveEvidence } from '../../../packages/server/src/engine/agents/receive-evidence.ts';
import { fixed } from '../../rules/security-best-practices/hosts.ts';
import { openTestFleet, type TestFleet } from '../../support/test-fleet.ts';

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await openTestFleet();
});
afterEach(() => fleet.close());

const needed = ['osRelease', 'interfaces', 'sshd', 'passwordPolicy', 'accounts', 'kernel', 'fileModes'] as const;

interface Delivered {
  /** What the agent says it collects; absent where it says nothing. */
  readonly collects?: readonly string[];
  readonly sends: readonly EvidenceKind[];
  /** The body of its last message. */
  readonly says?: DeliveredRequest;
}

/** A run over one host that delivers as told. */
async function deliver({ collects, sends, says }: Delivered): Promise<{ run: string; agent: Agent }> {
  const [host] = await fleet.addHosts(1);
  if (!host) throw new Error('a host');
  const agent = { ...host, ...(collects && { collects }) };
  await fleet.store.agents.update(fleet.scope, agent, false);
  const run = await fleet.startRun();
  await fleet.collect(run);
  const deps = { store: fleet.store, commit: fleet.store.transaction, now: () => fleet.now };
  const identity = { id: agent.id, scope: fleet.scope };
  for (const kind of sends) {
    const nothing = { kind, schemaVersion: 1, collectedAt: 1, sources: [], limitations: [] };
    const document = gzipSync(JSON.stringify(fixed[kind] ?? nothing));
    await receiveEvidence({ ...deps, check: (_, ...given) => checkDocument(...given) })(identity, run, kind, document);
  }
  await confirmDelivery({ ...deps, ago: fleet.ago, wakeJobs: () => undefined })(identity, run, says);
  return { run, agent };
}

/** The rules that were not assessed, with the reason. */
async function notAssessed(run: string): Promise<[string, string][]> {
  expect((await fleet.collect(run)).done, 'collection is over').toBe(true);
  await fleet.evaluate(run);
  const evaluations = await fleet.store.evaluations.list(fleet.scope, run);
  return evaluations
    .flatMap(({ verdicts }) => verdicts)
    .flatMap((each) => (each.outcome === 'NOT_ASSESSED' ? [[each.ruleId, each.reason]] : []));
}

const directories = 'Configure permissions for system directories';
const without = (...kinds: readonly EvidenceKind[]) => needed.filter((kind) => !kinds.includes(kind));

test('a kind that the agent does not collect costs the rules that need it', async () => {
  const known = without('fileModes');
  const { run } = await deliver({ collects: known, sends: known, says: { undelivered: [] } });
  expect(await notAssessed(run)).toEqual([
    [directories, "No system directory could be judged: this host's agent (version 0.1.0) does not collect fileModes."],
  ]);
});

test('a kind that the agent could not deliver costs the rules that need it, and they say why', async () => {
  const says = { undelivered: [{ kind: 'fileModes', reason: 'the server refused it: \u001b[31mred' }] };
  const { run } = await deliver({ collects: needed, sends: without('fileModes'), says });
  expect(await notAssessed(run)).toEqual([
    [
      directories,
      "No system directory could be judged: this host's agent (version 0.1.0) could not deliver fileModes: the server refused it:  [31mred.",
    ],
  ]);
});

test('an agent that names nothing has sent what it could', async () => {
  const { run } = await deliver({ sends: without('fileModes') });
  expect(await notAssessed(run)).toEqual([
    [directories, "No system directory could be judged: this host's agent (version 0.1.0) did not deliver fileModes."],
  ]);
});

test('an agent that sends nothing at all is still the end of the run, and nothing passes', async () => {
  const { run, agent } = await deliver({ collects: [], sends: [], says: { undelivered: [] } });
  const reasons = await notAssessed(run);
  expect(reasons).toHaveLength(9);
  expect(new Set(reasons.map(([, reason]) => reason)).size).toBe(1);
  expect(reasons[0]?.[1]).toContain('does not collect osRelease');
  expect((await fleet.find(run)).state).toBe('COMPLETED_WITH_ERRORS');
  expect(await fleet.store.evidence.telemetryOf(fleet.scope, run), 'nothing was sent').toEqual([]);
  const documents = await fleet.store.evidence.list(fleet.scope, run, [agent.id]);
  expect(documents.map(({ kind }) => kind).sort()).toEqual([...needed].sort());
});

test('a kind that got lost is asked for again', async () => {
  const says = { undelivered: [{ kind: 'sshd', reason: 'no' }] };
  const lost = deliver({ collects: needed, sends: without('fileModes', 'sshd'), says });
  await expect(lost).rejects.toMatchObject({
    code: 'EvidenceMissing',
    message: expect.stringMatching(/: fileModes$/),
  });
});

test('documents of one run are from one boot: after a reboot in the middle all are sent again', async () => {
  const [host] = await fleet.addHosts(1);
  if (!host) throw new Error('a host');
  const { store, scope } = fleet;
  const run = await fleet.startRun();
  await fleet.collect(run);
  const deps = { store, commit: store.transaction, now: () => fleet.now };
  const send = async (processId: string, kind: EvidenceKind): Promise<void> => {
    const content = gzipSync(JSON.stringify({ ...fixed[kind], collectedAt: kind.length }));
    await receiveEvidence({ ...deps, check: (_agent, of, bytes) => checkDocument(of, bytes) })(
      { id: host.id, scope, processId },
      run,
      kind,
      content,
    );
  };
  const kinds = async () => (await store.evidence.list(scope, run, [host.id])).map(({ kind }) => kind);
  const confirm = (processId: string) =>
    confirmDelivery({ ...deps, ago: fleet.ago, wakeJobs: () => undefined })({ id: host.id, scope, processId }, run);
  const speak = (process: string, boot: string) => store.agents.change(scope, host.id, { machine: 'm', boot, process });

  await speak('p1', 'b1');
  await send('p1', 'sshd');
  await send('p1', 'kernel');
  await speak('p2', 'b1');
  await expect(send('p1', 'accounts')).rejects.toMatchObject({ code: 'IdentityInUse' });
  await send('p2', 'accounts');
  expect((await kinds()).sort(), 'a restart keeps them').toEqual(['accounts', 'kernel', 'sshd']);
  const before = await store.evidence.telemetryOf(scope, run);
  await speak('p3', 'b2');
  await expect(confirm('p3')).rejects.toMatchObject({ code: 'EvidenceMissing' });
  await send('p3', 'kernel');
  expect(await kinds()).toEqual(['kernel']);
  const counted = (rows: typeof before) => rows.reduce((sum, { count }) => sum + count, 0);
  expect(counted(before)).toBeGreaterThan(counted(await store.evidence.telemetryOf(scope, run)));
  await send('p3', 'sshd');
  await confirm('p3');
  expect((await store.runAgents.member(scope, run, host.id))?.status).toBe('DELIVERED');
});
