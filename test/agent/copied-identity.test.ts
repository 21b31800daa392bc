import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '@assay/agent/host.ts';
import { expect, test } from 'vitest';
import { agentHealth } from '../../packages/server/src/engine/runs/agent-health.ts';
import type { TestServer } from '../support/test-server.ts';
import {
  eventually,
  exclusionsOf,
  newToken,
  runIdOf,
  scope,
  serverForTest,
  startAgent,
  startRun,
  temporaryDirectory,
  untilEnded,
} from './agent-server.ts';
import { fixtureHost } from './fixture-host.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);

const machine = (hostname: string, id: string, boot = '1'): Host =>
  fixtureHost({
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'etc/hostname': `${hostname}\n`,
    'etc/machine-id': `${id}\n`,
    'proc/sys/kernel/random/boot_id': `${boot.repeat(8)}-0000-4000-8000-000000000000\n`,
  });

const hosts = async ({ service: { store } }: TestServer) =>
  store.agents.listMatching(await store.scopes.idOf(scope), null, undefined, 10);
const hostsOf = (server: TestServer, count: number) =>
  eventually(`${count} hosts`, async () => {
    const found = await hosts(server);
    return found.length === count ? found : undefined;
  });
const contested = (server: TestServer) =>
  eventually('the second machine to be noticed', async () => {
    const [host] = await hosts(server);
    const health = host && agentHealth(host, Date.now());
    return health?.detail.includes('two machines use this identity') ? health : undefined;
  });

/** An agent that is enrolled, and where a copy of its state is. */
async function original(host: Host) {
  const server = await serverForTest();
  const url = new URL(server.endpoint);
  const [stateDir, copyDir] = [join(temporaryDirectory(), 'state'), join(temporaryDirectory(), 'state')];
  const agent = startAgent({ server: url, token: await newToken(server), stateDir, host, waitSeconds: 2 });
  await eventually('the agent to wait', () => agent.log.find((line) => line === 'Waiting for runs.'));
  mkdirSync(copyDir, { mode: 0o700 });
  copyFileSync(join(stateDir, 'identity.json'), join(copyDir, 'identity.json'));
  const heard = () => eventually('a heartbeat', async () => (await hosts(server)).find(({ process }) => process));
  await heard();
  return { server, url, agent, copyDir };
}

test('on another machine is refused, and the run excludes the host', async () => {
  const { server, url, agent, copyDir } = await original(machine('web-1', A));
  const copy = startAgent({ server: url, stateDir: copyDir, host: machine('web-2', B) });
  await expect(copy.ended).rejects.toThrow(
    /Two machines use this identity.* remove .*identity\.json and start the agent with a new token/,
  );
  expect(await contested(server)).toMatchObject({ health: 'UNHEALTHY', detail: expect.stringContaining('web-2') });
  expect((await hosts(server)).map(({ hostname }) => hostname)).toEqual(['web-1']);

  const arn = await startRun(server);
  expect((await untilEnded(server, arn)).state).toBe('COMPLETED_WITH_ERRORS');
  const [exclusion] = await exclusionsOf(server, arn);
  expect(exclusion?.description).toMatch(/^Two machines use the identity of web-1 .* calls itself web-2/);
  const { store } = server.service;
  expect(await store.evidence.list(await store.scopes.idOf(scope), runIdOf(arn))).toEqual([]);
  expect(agent.log.join('\n'), 'the first one is not disturbed').not.toMatch(/refuse/);
});

test('with a token becomes a host of its own', async () => {
  const { server, url, copyDir } = await original(machine('web-1', A));
  const token = await newToken(server);
  const copy = startAgent({ server: url, token, stateDir: copyDir, host: machine('web-2', B), waitSeconds: 2 });
  const two = await hostsOf(server, 2);
  expect(two.map(({ hostname }) => hostname).sort()).toEqual(['web-1', 'web-2']);
  expect(copy.log.join('\n')).toMatch(/this one has a copy of its identity. Enrolling as a host of its own/);
});

test('of the whole disk, machine id and all, is noticed as soon as both are there', async () => {
  const { server, url, copyDir } = await original(machine('web-1', A));
  const copy = startAgent({ server: url, stateDir: copyDir, host: machine('web-1', A, '2'), waitSeconds: 2 });
  await contested(server);
  await expect(copy.ended).rejects.toThrow('Two machines use this identity');
});

test('a machine that is started anew goes on as the same host', async () => {
  const { server, url, agent, copyDir } = await original(machine('web-1', A));
  await agent.stop();
  const [before] = await hosts(server);
  const after = startAgent({ server: url, stateDir: copyDir, host: machine('web-1', A, '2'), waitSeconds: 2 });
  await eventually('the new process to be heard', async () =>
    (await hosts(server)).find(({ process, status }) => process !== before?.process && status === 'IDLE'),
  );
  const arn = await startRun(server);
  await untilEnded(server, arn);
  const [host] = await hostsOf(server, 1);
  expect(host && agentHealth(host, Date.now()).health).toBe('HEALTHY');
  expect(host?.contestedAt).toBeNull();
  await eventually('what it collected', () => after.log.find((line) => /collected \d+ kinds/.test(line)));
  const told = (await exclusionsOf(server, arn)).map(({ description }) => description).join('\n');
  expect(told).not.toMatch(/identity/);
});
