import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '@assay/agent/host.ts';
import { DescribeFindingsCommand, ListFindingsCommand, StopAssessmentRunCommand } from '@aws-sdk/client-inspector';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDataDirectory } from '../../packages/server/src/runtime/data-directory.ts';
import { openService } from '../../packages/server/src/runtime/service.ts';
import { rawRequest } from '../support/raw-request.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { databaseOf, removeStore } from '../support/test-store.ts';
import {
  eventually,
  exclusionsOf,
  newToken,
  type RunningAgent,
  runIdOf,
  scope,
  serverForTest,
  startAgent,
  startRun,
  temporaryDirectory,
  untilEnded,
  untilState,
} from './agent-server.ts';
import { type Entry, fixtureHost } from './fixture-host.ts';

/** A Debian whose SSH server lets root in. */
const files: Record<string, Entry> = {
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  'etc/hostname': 'fixture.example\n',
  'etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  'etc/group': 'root:x:0:\n',
  'etc/shadow': 'root:$y$salt$hash:19000:0:99999:7:::\n',
  'etc/login.defs': 'PASS_MAX_DAYS 90\n',
  'etc/pam.d/common-password': 'password required pam_pwquality.so minlen=14\npassword required pam_unix.so\n',
  'etc/pam.d/passwd': '@include common-password\n',
  'etc/ssh/sshd_config': 'PermitRootLogin yes\n',
  'usr/sbin/sshd': 'ELF OpenSSH_9.2p1 Debian-2',
  'var/lib/dpkg/status': 'Package: dpkg\nStatus: install ok installed\nVersion: 1.21.22\nArchitecture: amd64\n\n',
  'proc/sys/kernel/osrelease': '6.1.0-1-amd64\n',
  'proc/sys/kernel/hostname': 'fixture.example\n',
  'proc/sys/kernel/arch': 'x86_64\n',
  'proc/sys/kernel/randomize_va_space': '2\n',
  'proc/version': 'Linux version 6.1.0-1-amd64\n',
  'proc/cmdline': 'quiet\n',
  'proc/cpuinfo': 'flags : fpu nx\n',
  'proc/net/tcp': 'head\n',
  'proc/net/tcp6': 'head\n',
  'proc/net/udp': 'head\n',
  'proc/net/udp6': 'head\n',
};
const debian = (): Host =>
  fixtureHost(files, (_command, [first]) =>
    first === '-V'
      ? { stderr: 'OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15 3 Sep 2024\n' }
      : { stdout: 'permitrootlogin yes\npasswordauthentication yes\n' },
  );

interface Started {
  readonly server: TestServer;
  readonly agent: RunningAgent;
  readonly stateDir: string;
}

async function started(host = debian(), server?: TestServer): Promise<Started> {
  const at = server ?? (await serverForTest());
  const stateDir = join(temporaryDirectory(), 'state');
  const agent = startAgent({ server: new URL(at.endpoint), token: await newToken(at), stateDir, host });
  await agentsOf(at, 1);
  return { server: at, agent, stateDir };
}

const allAgents = async ({ service: { store } }: TestServer) =>
  store.agents.listMatching(await store.scopes.idOf(scope), null, undefined, 100);
const agentsOf = (server: TestServer, count: number) =>
  eventually(`${count} agents`, async () => {
    const agents = await allAgents(server);
    return agents.length >= count ? agents : undefined;
  });
const said = (agent: RunningAgent, text: string | RegExp) =>
  eventually(`the agent to say ${text}`, () => agent.log.find((line) => line.match(text)));

describe('a run', () => {
  test('over a fixture host ends with what is true of it, and the agent says goodbye', async () => {
    const { server, agent, stateDir } = await started();
    const arn = await startRun(server);
    const run = await untilEnded(server, arn);
    const told = await exclusionsOf(server, arn);
    expect(told.map(({ title, description }) => [title, description])).toEqual([]);
    expect(run.state).toBe('COMPLETED');

    const client = server.client();
    const { findingArns } = await client.send(new ListFindingsCommand({ assessmentRunArns: [arn], maxResults: 100 }));
    const { findings = [] } = await client.send(new DescribeFindingsCommand({ findingArns }));
    expect(findings.map(({ id }) => id)).toContain('Disable root login over SSH');
    expect(findings[0]?.assetAttributes?.hostname).toBe('fixture.example');

    await said(agent, /^Run .*: collected [0-9]+ kinds, sent in [0-9]+ bytes$/);
    expect(statSync(join(stateDir, 'identity.json')).mode & 0o777).toBe(0o600);
    await agent.stop();
    await expect(agent.ended).resolves.toBeUndefined();
    expect((await allAgents(server)).map(({ status }) => status)).toEqual(['SHUTDOWN']);
  });

  test('with --once the agent ends after it', async () => {
    const server = await serverForTest();
    const token = await newToken(server);
    const options = { server: new URL(server.endpoint), token, stateDir: temporaryDirectory(), host: debian() };
    const agent = startAgent({ ...options, once: true });
    await agentsOf(server, 1);
    const arn = await startRun(server);
    await agent.ended;
    expect((await untilEnded(server, arn)).state).toBe('COMPLETED');
  });

  test('a host that collects for long is heard while it does', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const host = debian();
    const { server } = await started({ ...host, run: (...args) => held.then(() => host.run(...args)) });
    const arn = await startRun(server);
    await eventually('RUNNING', async () => (await allAgents(server)).find(({ status }) => status === 'RUNNING'));
    release();
    expect((await untilEnded(server, arn)).state).toBe('COMPLETED');
    await eventually('IDLE', async () => (await allAgents(server)).find(({ status }) => status === 'IDLE'));
  });

  test('whose agent was stopped while it collected ends with an exclusion that says so', async () => {
    const host = { ...debian(), run: () => new Promise<never>(() => undefined) };
    const { server, agent } = await started(host);
    const arn = await startRun(server);
    await said(agent, 'collecting');
    await untilState(server, arn, 'COLLECTING_DATA');
    await agent.stop();
    await server.client().send(new StopAssessmentRunCommand({ assessmentRunArn: arn }));
    expect((await untilEnded(server, arn)).state).toBe('COMPLETED_WITH_ERRORS');
    const [exclusion] = await exclusionsOf(server, arn);
    expect(exclusion?.description).toMatch('shut down');
  });

  test('that was stopped while the host collected is dropped, and the next one is served', async () => {
    const host = debian();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { server, agent } = await started({ ...host, run: (...args) => held.then(() => host.run(...args)) });
    const arn = await startRun(server);
    await said(agent, 'collecting');
    await server.client().send(new StopAssessmentRunCommand({ assessmentRunArn: arn }));
    await untilEnded(server, arn);
    release();
    await said(agent, `Run ${runIdOf(arn)}: The run .* no longer collects evidence`);
    expect((await untilEnded(server, await startRun(server))).state).toBe('COMPLETED');
  });
});

describe('a server', () => {
  test('that is stopped and started again has its agent back, and a run after that completes', async () => {
    const first = await startTestServer();
    const { agent } = await started(debian(), first);
    await said(agent, 'Waiting for runs');
    await first.stop({ keep: true });
    await said(agent, 'The server cannot be reached');

    const server = await serverOn(first);
    await said(agent, 'The server answers again');
    expect(await allAgents(server)).toHaveLength(1);
    expect((await untilEnded(server, await startRun(server))).state).toBe('COMPLETED');
  });

  test('that is stopped while a host collects gets the evidence when it is back', async () => {
    const host = debian();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = await startTestServer();
    const { agent } = await started({ ...host, run: (...args) => held.then(() => host.run(...args)) }, first);
    const arn = await startRun(first);
    await said(agent, 'collecting');
    await first.stop({ keep: true });
    release();
    await said(agent, 'The server cannot be reached');
    const server = await serverOn(first);
    expect((await untilEnded(server, arn)).state).toBe('COMPLETED');
  });

  test('that has forgotten the agent is served again by a new token, and else the agent says what to do', async () => {
    const { agent, stateDir } = await started();
    // The server knows it a moment before it knows that.
    await said(agent, 'Enrolled as');
    await agent.stop();
    const other = await serverForTest();
    const options = { server: new URL(other.endpoint), stateDir, host: debian() };
    await expect(startAgent(options).ended).rejects.toThrow('Enrol it again with a new token');
    const again = startAgent({ ...options, token: await newToken(other) });
    await agentsOf(other, 1);
    await said(again, 'enrolling again');
    expect((await untilEnded(other, await startRun(other))).state).toBe('COMPLETED');
  });
});

describe('enrolment', () => {
  test('happens once: a later start goes on as the same agent, with the token or without', async () => {
    const server = await serverForTest();
    const token = await newToken(server);
    const options = { server: new URL(server.endpoint), stateDir: temporaryDirectory(), host: debian() };
    for (const given of [{ token }, { token }, {}, { token: await newToken(server) }]) {
      const agent = startAgent({ ...options, ...given });
      await said(agent, 'Waiting for runs');
      await agent.stop();
    }
    expect(await allAgents(server)).toHaveLength(1);
  });

  test('an agent that was killed before it heard its id asks again with the same token', async () => {
    const server = await serverForTest();
    const token = await newToken(server);
    const stateDir = temporaryDirectory();
    const options = { server: new URL(server.endpoint), token, stateDir, host: debian() };
    // The answer is lost: what the server did stays done, what the agent had written stays written.
    let lose = true;
    server.service.server.server.prependListener('request', (request, response) => {
      if (lose && request.url === '/agent/v1/enroll') {
        response.write = () => true;
        response.end = () => response.destroy();
      }
    });
    const killed = startAgent(options);
    await agentsOf(server, 1);
    await said(killed, 'The server cannot be reached');
    await killed.stop();
    lose = false;
    const agent = startAgent(options);
    await said(agent, /^Enrolled as/);
    expect(await allAgents(server)).toHaveLength(1);
  });

  test('without a token, or with a used one, says what to do', async () => {
    const server = await serverForTest({ jobs: false });
    const token = await newToken(server);
    const options = { server: new URL(server.endpoint), host: debian() };
    const without = startAgent({ ...options, stateDir: temporaryDirectory() });
    await expect(without.ended).rejects.toThrow('assay tokens create');
    await said(startAgent({ ...options, stateDir: temporaryDirectory(), token }), /^Enrolled as/);
    const second = startAgent({ ...options, stateDir: temporaryDirectory(), token });
    await expect(second.ended).rejects.toThrow('unknown, used or expired');
  });

  test('plain HTTP to another host, and what is no server, is refused before anything is said', async () => {
    const stateDir = join(temporaryDirectory(), 'state');
    for (const [server, why] of [
      ['http://192.0.2.1:8020', 'plain HTTP'],
      ['http://127.0.0.1.example.com', 'plain HTTP'],
      ['http://localhost.example.com', 'plain HTTP'],
      ['ftp://localhost', 'must be a URL'],
      ['https://user@localhost', 'must be a URL'],
      ['https://localhost/path', 'must be a URL'],
    ] as const) {
      const agent = startAgent({ server: new URL(server), token: 'x', stateDir, host: debian() });
      await expect(agent.ended).rejects.toThrow(why);
    }
    expect(statSync(stateDir, { throwIfNoEntry: false })).toBeUndefined();
  });
});

/** Another server on the port and the data of one that was stopped. */
async function serverOn(former: TestServer): Promise<TestServer> {
  const { port, hostname } = new URL(former.endpoint);
  const service = await openService({
    directory: openDataDirectory(former.directory, await databaseOf(former.directory)),
    report: (message, error) => console.error(message, error),
  });
  await service.server.listen({ port: Number(port), host: hostname });
  service.startJobs();
  onTestFinished(async () => {
    await service.stop();
    await removeStore(former.directory);
  });
  return { ...former, service };
}

describe('a visit', () => {
  test('ends when no run wants anything, and the host stays healthy until the next one is overdue', async () => {
    const server = await serverForTest();
    const stateDir = join(temporaryDirectory(), 'state');
    const visit = (token?: string): RunningAgent =>
      startAgent({ server: new URL(server.endpoint), token, stateDir, host: debian(), visitEverySeconds: 900 });
    await visit(await newToken(server)).ended;
    const [agent] = await allAgents(server);
    expect(agent).toMatchObject({ status: 'IDLE', visitEvery: 900_000 });
    const { store } = server.service;
    // As if the visit had been fifteen minutes ago.
    await store.agents.touch(await store.scopes.idOf(scope), agent?.id ?? '', 'IDLE', Date.now() - 900_000);
    const listed = await rawRequest(server, 'ListHosts', { filter: { health: 'HEALTHY' } }, { service: 'assay' });
    expect(listed.body.hosts).toMatchObject([{ agentId: agent?.id, visitEverySeconds: 900 }]);

    const arn = await startRun(server);
    await untilState(server, arn, 'COLLECTING_DATA');
    await visit().ended;
    expect((await untilEnded(server, arn)).state).toBe('COMPLETED');
  });

  test('that finds no server ends with what to expect, and does not say goodbye', async () => {
    const server = await serverForTest({ jobs: false });
    const stateDir = join(temporaryDirectory(), 'state');
    const options = { server: new URL(server.endpoint), stateDir, host: debian() };
    await startAgent({ ...options, token: await newToken(server), visitEverySeconds: 60 }).ended;
    // A server that is not there.
    const late = startAgent({ ...options, server: new URL('http://127.0.0.1:1'), visitEverySeconds: 0.2 });
    await expect(late.ended).rejects.toThrow('The visit took longer than the time between two visits');
  });
});
