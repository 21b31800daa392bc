import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { HeartbeatResponse } from '@assay/model/agent-protocol.ts';
import { expect, onTestFinished, test } from 'vitest';
import { agentHealth } from '../../../packages/server/src/engine/runs/agent-health.ts';
import {
  description,
  enrollRaw,
  exclusionsOf,
  type RawAgent,
  runIdOf,
  scope,
  startRun,
  untilEnded,
  untilState,
} from '../../agent/agent-server.ts';
import { fixed } from '../../rules/security-best-practices/hosts.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { newDataDirectory } from '../../support/test-store.ts';

/** Two servers of one store; a host that was copied with its whole disk talks to both. */
async function twoServers(): Promise<[TestServer, TestServer]> {
  const directory = newDataDirectory();
  const one = await startTestServer({ directory });
  const other = await startTestServer({ directory });
  onTestFinished(async () => {
    await other.stop({ keep: true });
    await one.stop();
  });
  return [one, other];
}

interface Process {
  readonly beat: (
    server: TestServer,
    waitSeconds?: number,
  ) => Promise<{ status: number; code: string | undefined } & Partial<HeartbeatResponse>>;
  readonly put: (server: TestServer, run: string, kind: 'sshd' | 'kernel') => Promise<string | number>;
}

/** A process of the agent on one of the machines, which are told apart by their boot. */
function processOn(agent: RawAgent, boot: string, hostname = 'web-1'): Process {
  const processId = randomBytes(16).toString('hex');
  const headers = { 'x-assay-process': processId };
  const host = { ...description, hostname, machineId: 'a'.repeat(32), bootId: boot.repeat(32), processId };
  return {
    beat: async ({ endpoint }, waitSeconds = 0) => {
      const body = JSON.stringify({ status: 'IDLE', waitSeconds, host });
      const { status, code, text } = await agent.send('POST', '/agent/v1/heartbeat', body, { headers, endpoint });
      return { status, code, ...(JSON.parse(text) as Partial<HeartbeatResponse>) };
    },
    put: async ({ endpoint }, run, kind) => {
      const body = gzipSync(JSON.stringify(fixed[kind]));
      const path = `/agent/v1/runs/${run}/evidence/${kind}`;
      const { status, code } = await agent.send('PUT', path, body, { headers, endpoint });
      return code ?? status;
    },
  };
}

const hostOf = async ({ service: { store } }: TestServer, { id }: RawAgent) => {
  const host = await store.agents.find(id);
  if (!host) throw new Error('There is no such host');
  return host;
};

test('the first, which waits at one server, shows itself when a copy comes to another', async () => {
  const [here, there] = await twoServers();
  const agent = await enrollRaw(here);
  const [first, copy] = [processOn(agent, '1'), processOn(agent, '2', 'web-2')];
  await first.beat(here);
  const waiting = first.beat(here, 45);
  expect(await copy.beat(there)).toMatchObject({ status: 200, instructions: [] });
  expect(await waiting, 'it is told to come again').toMatchObject({ status: 200, instructions: [] });
  expect(await first.beat(here)).toMatchObject({ status: 200 });
  expect(await copy.beat(there)).toMatchObject({ status: 409, code: 'IdentityInUse' });

  const health = agentHealth(await hostOf(there, agent), Date.now());
  expect(health).toMatchObject({ health: 'UNHEALTHY', detail: expect.stringContaining('the other as web-2') });
  const run = await startRun(there);
  expect((await untilEnded(there, run)).state).toBe('COMPLETED_WITH_ERRORS');
  expect((await exclusionsOf(there, run))[0]?.description).toMatch(/^Two machines use the identity/);
});

test('a first that is sending evidence when the copy comes stays, and its run does without the host', async () => {
  const [here, there] = await twoServers();
  const agent = await enrollRaw(here);
  const [first, copy] = [processOn(agent, '1'), processOn(agent, '2')];
  await first.beat(here);
  const arn = await startRun(here);
  const run = runIdOf(arn);
  await untilState(here, arn, 'COLLECTING_DATA');
  expect(await first.put(here, run, 'sshd')).toBe(204);
  expect(await copy.beat(there)).toMatchObject({ status: 200, instructions: [] });
  expect(await first.put(here, run, 'kernel')).toBe('NotInRun');
  expect(await copy.put(there, run, 'kernel'), 'refused as well').toMatch(/^(?:NotInRun|CollectionOver)$/);
  expect(await copy.beat(there)).toMatchObject({ code: 'IdentityInUse' });
  expect(await first.beat(here)).toMatchObject({ status: 200 });
  expect((await untilEnded(here, arn)).state).toBe('COMPLETED_WITH_ERRORS');
  const { store } = here.service;
  const documents = await store.evidence.list(await store.scopes.idOf(scope), run);
  expect(documents.map(({ kind }) => kind)).toEqual(['sshd']);
});
