import { createHash, type KeyObject, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostDescription } from '@assay/model/agent-protocol.ts';
import { signedText } from '@assay/model/agent-protocol.ts';
import { CreateAssessmentTargetCommand, PreviewAgentsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeEnrollmentTokens, tokenDigest } from '../../packages/server/src/engine/hosts/enrollment-tokens.ts';
import { removeHost } from '../../packages/server/src/engine/hosts/remove-host.ts';
import { tagHost } from '../../packages/server/src/engine/hosts/tag-host.ts';
import { agentHealth } from '../../packages/server/src/engine/runs/agent-health.ts';
import { auditDirectory } from '../../packages/server/src/runtime/audit/file-names.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { ask, description, enrollment, eventually, exclusionsOf, scope, startRun, untilEnded } from './agent-server.ts';

const DAY = 86_400_000;
const A = 'a'.repeat(32);

let server: TestServer;
let id: number;
beforeAll(async () => {
  server = await startTestServer();
  id = await server.service.store.scopes.idOf(scope);
});
afterAll(() => server.stop());
const agents = () => server.service.store.agents;

const newTokens = async (order: { uses?: number; tags?: { key: string; value: string }[] } = {}): Promise<string> => {
  const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));
  const all = { scope: id, now: Date.now(), ttl: 60_000, count: 1, ...order };
  const [made] = await makeEnrollmentTokens(server.service.store, random, all);
  return made?.token ?? '';
};

interface Enrolled {
  readonly agentId: string;
  readonly key: KeyObject;
  readonly host: HostDescription;
}
async function enroll(token: string, host: Partial<HostDescription> = {}): Promise<Enrolled> {
  const { key, body } = enrollment(token);
  const described = { ...description, ...host };
  const answer = await ask(
    server,
    'POST',
    '/agent/v1/enroll',
    JSON.stringify({ ...JSON.parse(body), host: described }),
  );
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.code}`);
  return { agentId: JSON.parse(answer.text).agentId, key, host: described };
}
/** A heartbeat, with the clock so many seconds ahead. */
async function beat({ agentId, key, host }: Enrolled, status = 'IDLE', ahead = 0) {
  const path = '/agent/v1/heartbeat';
  const body = JSON.stringify({ status, waitSeconds: 0, host });
  const date = String(Math.floor(Date.now() / 1000) + ahead);
  const digest = createHash('sha256').update(body).digest('hex');
  const signature = sign(null, Buffer.from(signedText('POST', path, date, digest)), key).toString('base64');
  return ask(server, 'POST', path, body, {
    authorization: `Assay-Agent ${agentId}:${signature}`,
    'x-assay-date': date,
    ...(host.processId ? { 'x-assay-process': host.processId } : {}),
  });
}
const find = async (agentId: string) => {
  const agent = await agents().find(agentId);
  if (!agent) throw new Error('no such host');
  return agent;
};
const healthOf = async (agentId: string) => agentHealth(await find(agentId), Date.now());
async function previewed(): Promise<(string | undefined)[]> {
  const client = server.client();
  const name = { assessmentTargetName: `all ${Math.random()}` };
  const { assessmentTargetArn } = await client.send(new CreateAssessmentTargetCommand(name));
  const { agentPreviews } = await client.send(new PreviewAgentsCommand({ previewAgentsArn: assessmentTargetArn }));
  return (agentPreviews ?? []).map(({ agentId }) => agentId);
}
const trail = (): Record<string, unknown>[] => {
  const directory = auditDirectory(server.directory);
  return readdirSync(directory)
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line));
};
const events = (name: string, agentId: string) =>
  trail()
    .map(({ eventName, serviceEventDetails }) => ({ eventName, ...(serviceEventDetails as object) }))
    .filter((event) => event.eventName === name && 'agentId' in event && event.agentId === agentId);

test('a token enrols as many hosts as it says, with the tags that it fixes, until it is revoked', async () => {
  const token = await newTokens({ uses: 3, tags: [{ key: 'Env', value: 'prod' }] });
  const own = [
    { key: 'Env', value: 'dev' },
    { key: 'Name', value: 'x' },
  ];
  const [one, two] = [await enroll(token, { tags: own }), await enroll(token)];
  expect(one.agentId).not.toBe(two.agentId);
  expect((await find(one.agentId)).tags).toEqual([
    { key: 'Name', value: 'x' },
    { key: 'Env', value: 'prod' },
  ]);
  await server.service.store.enrollmentTokens.revoke(tokenDigest(token), Date.now());
  await expect(enroll(token)).rejects.toThrow('403 InvalidToken');
  const twice = await newTokens({ uses: 2 });
  await Promise.all([enroll(twice), enroll(twice)]);
  await expect(enroll(twice)).rejects.toThrow('403 InvalidToken');
});

test('a host that was removed is refused, is in no target, and stays in the history', async () => {
  const host = await enroll(await newTokens(), { hostname: 'gone' });
  expect((await beat(host)).status).toBe(200);
  const run = await startRun(server);
  expect(await removeHost(server.service.store, id, host.agentId, Date.now())).toBe(true);
  expect(await removeHost(server.service.store, id, host.agentId, Date.now())).toBe(false);
  expect(await beat(host)).toMatchObject({ status: 403, code: 'Removed', text: expect.stringMatching(/was removed/) });
  expect(await previewed()).not.toContain(host.agentId);
  expect((await find(host.agentId)).hostname).toBe('gone');
  expect((await healthOf(host.agentId)).detail).toMatch(/was removed on/);
  const others = (await agents().listMatching(id, null, undefined, 100)).map((each) => each.id);
  for (const other of others) await removeHost(server.service.store, id, other, Date.now());
  await untilEnded(server, run);
  const told = (await exclusionsOf(server, run)).map((each) => each.description ?? '');
  expect(told.filter((text) => text.includes(`(${host.agentId}) was removed while the run went on`))).toHaveLength(1);
});

test('a reinstalled machine takes its old place; one that is connected keeps it', async () => {
  const machine = { machineId: A, bootId: A, hostname: 'again' };
  const first = await enroll(await newTokens(), machine);
  const connected = await enroll(await newTokens(), machine);
  expect(connected.agentId).not.toBe(first.agentId);
  await removeHost(server.service.store, id, connected.agentId, Date.now());
  expect((await beat(first, 'SHUTDOWN')).status).toBe(200);
  const again = await enroll(await newTokens(), machine);
  expect(again.agentId).toBe(first.agentId);
  expect(await beat(first), 'its old key').toMatchObject({ status: 401, code: 'BadSignature' });
  expect((await beat(again)).status).toBe(200);
  expect(await eventually('the event', () => events('HostReenrolled', first.agentId)[0])).toBeDefined();
});

test('tags that a host changes by itself are on the trail, and what an operator fixed wins', async () => {
  const host = await enroll(await newTokens(), { tags: [{ key: 'Env', value: 'prod' }] });
  await tagHost(server.service.store, id, host.agentId, { fix: [{ key: 'Env', value: 'prod' }], hide: ['Team'] });
  const said = [
    { key: 'Env', value: 'dev' },
    { key: 'Team', value: 'x' },
    { key: 'Name', value: 'n' },
  ];
  await beat({ ...host, host: { ...host.host, tags: said } });
  const inForce = [
    { key: 'Name', value: 'n' },
    { key: 'Env', value: 'prod' },
  ];
  expect((await find(host.agentId)).tags).toEqual(inForce);
  const event = await eventually('the event', () => events('HostChangedItsTags', host.agentId)[0]);
  expect(event).toMatchObject({ before: [{ key: 'Env', value: 'prod' }], after: said, inForce });
  await beat({ ...host, host: { ...host.host, tags: said } });
  expect(events('HostChangedItsTags', host.agentId), 'once').toHaveLength(1);
  await tagHost(server.service.store, id, host.agentId, { release: ['Env', 'Team'] });
  expect((await find(host.agentId)).tags).toEqual(said);
  const matching = await agents().listMatching(id, [{ key: 'Team', value: 'x' }], undefined, 10);
  expect(matching.map((each) => each.id)).toEqual([host.agentId]);
});

test('a host that is silent for long leaves its targets, said in one run, until it is heard again', async () => {
  const host = await enroll(await newTokens(), { hostname: 'silent' });
  await agents().touch(id, host.agentId, 'IDLE', Date.now() - 31 * DAY);
  expect(await previewed()).not.toContain(host.agentId);
  const told = async (): Promise<string[]> => {
    for (const other of await agents().listMatching(id, null, undefined, 100)) {
      if (other.id !== host.agentId) await removeHost(server.service.store, id, other.id, Date.now());
    }
    const run = await startRun(server);
    await untilEnded(server, run);
    return (await exclusionsOf(server, run)).map((each) => each.description ?? '');
  };
  const first = await told();
  expect(first).toEqual([
    expect.stringMatching(/silent .*has not been heard since .* has left its assessment targets/),
  ]);
  expect((await told()).join('\n')).not.toContain(host.agentId);
  expect((await beat(host)).status).toBe(200);
  expect(await previewed()).toContain(host.agentId);
});

test('a clock that is off is told with the health of its host', async () => {
  const host = await enroll(await newTokens());
  expect((await beat(host)).status).toBe(200);
  expect((await healthOf(host.agentId)).detail).not.toMatch(/clock/);
  expect((await beat(host, 'IDLE', -240)).status).toBe(200);
  expect(await healthOf(host.agentId)).toMatchObject({
    health: 'HEALTHY',
    detail: expect.stringMatching(/its clock is 2(39|4[01]) seconds behind the server's/),
  });
  await beat(host, 'IDLE', 2);
  expect((await healthOf(host.agentId)).detail).not.toMatch(/clock/);
  expect(await beat(host, 'IDLE', 600)).toMatchObject({ status: 401, code: 'ClockSkew' });
  expect(await healthOf(host.agentId)).toMatchObject({
    health: 'UNHEALTHY',
    detail: expect.stringMatching(/clock is (599|60[01]) seconds ahead of the server's.* set it right/),
  });
});
