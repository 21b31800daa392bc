import { generateKeyPairSync } from 'node:crypto';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { agentProtocol } from '@assay/model/agent-protocol.ts';
import { StopAssessmentRunCommand } from '@aws-sdk/client-inspector';
import { describe, expect, test } from 'vitest';
import {
  ask,
  description,
  enrollment,
  enrollRaw,
  exclusionsOf,
  newToken,
  runIdOf,
  scope,
  serverForTest,
  startRun,
  untilEnded,
  untilState,
} from './agent-server.ts';

const HEARTBEAT = '/agent/v1/heartbeat';
const idle = JSON.stringify({ status: 'IDLE', waitSeconds: 0, host: description });
const osRelease = {
  kind: 'osRelease',
  schemaVersion: 1,
  collectedAt: 1_700_000_000,
  sources: [],
  limitations: [],
  data: { id: 'debian', idLike: [], versionId: '12', hostname: 'raw.example', architecture: 'x86_64' },
};

describe('enrolment', () => {
  test('makes one agent of one token, and tells its id again to the same key only', async () => {
    const server = await serverForTest();
    const token = await newToken(server);
    const { body } = enrollment(token);
    const first = await ask(server, 'POST', '/agent/v1/enroll', body);
    expect(first.status).toBe(200);
    expect(await ask(server, 'POST', '/agent/v1/enroll', body)).toEqual(first);
    const thief = await ask(server, 'POST', '/agent/v1/enroll', enrollment(token).body);
    expect(thief).toMatchObject({ status: 403, code: 'InvalidToken' });
    const { store } = server.service;
    const agents = await store.agents.listMatching(await store.scopes.idOf(scope), null, undefined, 10);
    expect(agents.map(({ id }) => id)).toEqual([JSON.parse(first.text).agentId]);
  });

  test('many at once with one token make one agent', async () => {
    const server = await serverForTest();
    const token = await newToken(server);
    const asked = Array.from({ length: 10 }, () => ask(server, 'POST', '/agent/v1/enroll', enrollment(token).body));
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(403)]);
  });

  test('an expired token and an unknown one are refused alike', async () => {
    const server = await serverForTest();
    const expired = await ask(server, 'POST', '/agent/v1/enroll', enrollment(await newToken(server, 0)).body);
    const unknown = await ask(server, 'POST', '/agent/v1/enroll', enrollment('unknown').body);
    expect(expired).toMatchObject({ status: 403, code: 'InvalidToken' });
    expect(unknown).toEqual(expired);
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  test.each([
    ['no JSON', '{', 'NotJson'],
    ['nothing', '', 'NotJson'],
    ['a list', '[]', 'InvalidMessage'],
    ['no token', JSON.stringify({ publicKey: 'x', host: description }), 'InvalidMessage'],
    ['no key', JSON.stringify({ token: 'x', publicKey: 'x', host: description }), 'InvalidPublicKey'],
    [
      'a key of another kind',
      JSON.stringify({
        token: 'x',
        publicKey: rsa.export({ format: 'der', type: 'spki' }).toString('base64').slice(0, 256),
        host: description,
      }),
      'InvalidPublicKey',
    ],
    [
      'a host without a system',
      JSON.stringify({ token: 'x', publicKey: 'x', host: { ...description, operatingSystem: '' } }),
      'InvalidMessage',
    ],
    [
      'a tag without a key',
      JSON.stringify({ token: 'x', publicKey: 'x', host: { ...description, tags: [{ key: '', value: 'x' }] } }),
      'InvalidMessage',
    ],
  ])('%s is a clear error', async (_what, body, code) => {
    const server = await serverForTest({ jobs: false });
    expect(await ask(server, 'POST', '/agent/v1/enroll', body)).toMatchObject({ status: 400, code });
  });
});

describe('signatures', () => {
  test('a good one is taken, and every spoilt one is refused', async () => {
    const server = await serverForTest({ jobs: false });
    const agent = await enrollRaw(server);
    const other = await enrollRaw(server);
    const now = Math.floor(Date.now() / 1000);
    const refused = (code: string) => ({ status: 401, code });
    expect(await agent.send('POST', HEARTBEAT, idle)).toMatchObject({ status: 200 });
    expect(await agent.send('POST', HEARTBEAT, idle, { key: other.key })).toMatchObject(refused('BadSignature'));
    expect(await agent.send('POST', HEARTBEAT, idle, { signedPath: '/agent/v1/runs/x/delivered' })).toMatchObject(
      refused('BadSignature'),
    );
    expect(await agent.send('POST', `${HEARTBEAT}?x`, idle, { signedPath: HEARTBEAT })).toMatchObject(
      refused('BadSignature'),
    );
    for (const skew of [-301, 301, -1e9]) {
      expect(await agent.send('POST', HEARTBEAT, idle, { date: String(now + skew + Math.sign(skew)) })).toMatchObject(
        refused('ClockSkew'),
      );
    }
    for (const skew of [-290, 290]) {
      expect(await agent.send('POST', HEARTBEAT, idle, { date: String(now + skew) })).toMatchObject({ status: 200 });
    }
    for (const headers of [
      { authorization: '' },
      { authorization: 'Assay-Agent x:y' },
      { authorization: `Assay-Agent ${agent.id}:${'A'.repeat(85)}==` },
      { 'x-assay-date': '' },
      { 'x-assay-date': '1e9' },
      { 'x-assay-date': '-1' },
    ]) {
      expect(await agent.send('POST', HEARTBEAT, idle, { headers })).toMatchObject(refused('NotSigned'));
    }
    const unknown = await agent.send('POST', HEARTBEAT, idle, {
      headers: { authorization: `Assay-Agent i-00000000000000000:${'A'.repeat(86)}==` },
    });
    expect(unknown).toMatchObject(refused('BadSignature'));
    expect(await ask(server, 'POST', HEARTBEAT, idle)).toMatchObject(refused('NotSigned'));
  });

  test('a request that was seen on its way cannot be sent to another path', async () => {
    const server = await serverForTest();
    const agent = await enrollRaw(server);
    const run = runIdOf(await startRun(server));
    const body = gzipSync(JSON.stringify(osRelease));
    const path = `/agent/v1/runs/${run}/evidence/`;
    expect(await agent.send('PUT', `${path}kernel`, body, { signedPath: `${path}osRelease` })).toMatchObject({
      status: 401,
      code: 'BadSignature',
    });
  });

  test('many heartbeats over one connection leave nothing behind', async () => {
    const server = await serverForTest({ jobs: false });
    const agent = await enrollRaw(server);
    const sockets = new Set<Socket>();
    server.service.server.server.on('request', ({ socket }) => sockets.add(socket));
    const listeners = () => Math.max(...[...sockets].map((socket) => socket.listenerCount('close')));
    await agent.send('POST', HEARTBEAT, idle);
    const before = listeners();
    for (let count = 0; count < 5; count++) await agent.send('POST', HEARTBEAT, idle);
    expect(listeners()).toEqual(before);
  });
});

const json = (text: string): Buffer => gzipSync(text);
const spoilt = (change: object): Buffer => json(JSON.stringify({ ...osRelease, ...change }));
const hostile: [string, Buffer, number, string][] = [
  ['nothing', Buffer.alloc(0), 413, 'NotDecompressible'],
  ['no gzip', Buffer.from(JSON.stringify(osRelease)), 413, 'NotDecompressible'],
  ['a cut gzip', spoilt({}).subarray(0, -9), 413, 'NotDecompressible'],
  ['a bomb', gzipSync(Buffer.alloc(agentProtocol.maxDocumentBytes + 1, 0x20)), 413, 'NotDecompressible'],
  ['a body over the limit', Buffer.alloc(agentProtocol.maxCompressedBytes + 1), 413, 'BadRequest'],
  ['no JSON', json('{'), 400, 'NotJson'],
  ['invalid UTF-8', gzipSync(Buffer.from([0x22, 0xff, 0x22])), 400, 'NotJson'],
  ['NaN', json(JSON.stringify(osRelease).replace('1700000000', 'NaN')), 400, 'NotJson'],
  ['nesting of 100,000 levels', json('['.repeat(100_000) + ']'.repeat(100_000)), 400, 'TooDeep'],
  [
    'nesting in a member that nobody knows',
    spoilt({ x: JSON.parse('[['.repeat(10) + ']]'.repeat(10)) }),
    400,
    'TooDeep',
  ],
  ['a list', json('[]'), 400, 'InvalidEvidence'],
  ['null', json('null'), 400, 'InvalidEvidence'],
  ['a number', json('1'), 400, 'InvalidEvidence'],
  ['an empty object', json('{}'), 400, 'InvalidEvidence'],
  ['another kind', spoilt({ kind: 'kernel' }), 400, 'InvalidEvidence'],
  ['another version', spoilt({ schemaVersion: 2 }), 400, 'InvalidEvidence'],
  ['a number for a text', spoilt({ data: { ...osRelease.data, hostname: 1 } }), 400, 'InvalidEvidence'],
  ['a lone surrogate', json(JSON.stringify(osRelease).replace('raw.example', '\\ud800')), 400, 'InvalidEvidence'],
  ['a NUL', json(JSON.stringify(osRelease).replace('raw.example', '\\u0000')), 400, 'InvalidEvidence'],
  ['a missing member', spoilt({ data: { id: 'debian' } }), 400, 'InvalidEvidence'],
  ['a number beyond all', json(JSON.stringify(osRelease).replace('1700000000', '1e999')), 400, 'InvalidEvidence'],
  ['a time that no clock has', spoilt({ collectedAt: 1e300 }), 400, 'InvalidEvidence'],
  ['a time before all', spoilt({ collectedAt: -1 }), 400, 'InvalidEvidence'],
  [
    'too many limitations',
    spoilt({ limitations: Array(2001).fill({ code: 'TOO_LARGE', subject: 'x' }) }),
    400,
    'InvalidEvidence',
  ],
  ['members of the prototype', json('{"__proto__":{"kind":"osRelease"},"constructor":{}}'), 400, 'InvalidEvidence'],
];

describe('hostile evidence', () => {
  test('is refused with a clear error, nothing of it is kept, and the run goes on', async () => {
    const server = await serverForTest();
    const { store } = server.service;
    const agent = await enrollRaw(server);
    const arn = await startRun(server);
    const run = runIdOf(arn);
    await untilState(server, arn, 'COLLECTING_DATA');
    const path = `/agent/v1/runs/${run}/evidence/osRelease`;
    const stored = async () => store.evidence.list(await store.scopes.idOf(scope), run, [agent.id]);
    for (const [what, body, status, code] of hostile) {
      const answer = await agent.send('PUT', path, body);
      expect({ what, status: answer.status, code: answer.code }).toEqual({ what, status, code });
      expect(JSON.parse(answer.text).message).toMatch(/^.{10,300}$/s);
    }
    expect(await stored()).toEqual([]);
    const good = { ...osRelease, ...JSON.parse('{"__proto__":{"polluted":true},"extra":[1,{"a":2}]}') };
    const body = json(JSON.stringify(good));
    expect(await agent.send('PUT', path, body)).toMatchObject({ status: 204 });
    expect(await agent.send('PUT', path, body)).toMatchObject({ status: 204 });
    expect(await stored()).toHaveLength(1);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);

    const delivered = `/agent/v1/runs/${run}/delivered`;
    // Of an agent that names what it could not send, the rest is asked for again.
    const named = JSON.stringify({ undelivered: [{ kind: 'sshd', reason: 'no' }] });
    expect(await agent.send('POST', delivered, named)).toMatchObject({ status: 409, code: 'EvidenceMissing' });
    const tooMuch = JSON.stringify({ undelivered: [{ kind: 'sshd', reason: 'x'.repeat(501) }] });
    expect(await agent.send('POST', delivered, tooMuch)).toMatchObject({ status: 400, code: 'InvalidMessage' });
    expect(await agent.send('POST', delivered, '[')).toMatchObject({ status: 400, code: 'NotJson' });
    await server.client().send(new StopAssessmentRunCommand({ assessmentRunArn: arn }));
    expect((await untilEnded(server, arn)).state).toBe('COMPLETED_WITH_ERRORS');
    expect(await exclusionsOf(server, arn)).not.toEqual([]);
    expect(await agent.send('PUT', path, body)).toMatchObject({ status: 409, code: 'CollectionOver' });
    expect(await agent.send('POST', delivered, '{}')).toMatchObject({ status: 409, code: 'CollectionOver' });
  });

  test('documents that are valid and say nothing of use end the run with what was not assessed', async () => {
    const server = await serverForTest();
    const agent = await enrollRaw(server);
    const arn = await startRun(server);
    await untilState(server, arn, 'COLLECTING_DATA');
    const { text } = await agent.send('POST', HEARTBEAT, idle);
    const [instruction] = JSON.parse(text).instructions;
    for (const kind of instruction.collect) {
      const document = { ...osRelease, kind, data: undefined };
      const path = `/agent/v1/runs/${instruction.runId}/evidence/${kind}`;
      expect(await agent.send('PUT', path, json(JSON.stringify(document)))).toMatchObject({ status: 204 });
    }
    const delivered = `/agent/v1/runs/${instruction.runId}/delivered`;
    expect(await agent.send('POST', delivered, '{}')).toMatchObject({ status: 204 });
    expect(await agent.send('POST', delivered, '{}')).toMatchObject({ status: 204 });
    expect((await untilEnded(server, arn)).state).toBe('COMPLETED_WITH_ERRORS');
    expect(await exclusionsOf(server, arn)).not.toEqual([]);
  });

  test('for another host or run, or of an unknown kind, is not found', async () => {
    const server = await serverForTest();
    const agent = await enrollRaw(server);
    const arn = await startRun(server);
    await untilState(server, arn, 'COLLECTING_DATA');
    const late = await enrollRaw(server);
    const body = json(JSON.stringify(osRelease));
    const put = (sender: typeof agent, run: string, kind = 'osRelease') =>
      sender.send('PUT', `/agent/v1/runs/${run}/evidence/${kind}`, body);
    const foreign = await put(late, runIdOf(arn));
    expect(foreign).toMatchObject({ status: 404, code: 'NotInRun' });
    expect(await late.send('POST', `/agent/v1/runs/${runIdOf(arn)}/delivered`, '{}')).toMatchObject({ status: 404 });
    expect(await put(late, '0-00000000')).toMatchObject({ status: 404, code: 'NotInRun' });
    expect(await put(agent, '0-00000000')).toMatchObject({ status: 404, code: 'NotInRun' });
    for (const kind of ['notAKind', '__proto__', 'constructor', 'toString']) {
      expect(await put(agent, runIdOf(arn), kind)).toMatchObject({ status: 404, code: 'UnknownKind' });
    }
  });
});

describe('who asks too much', () => {
  test('and is not known is refused without being looked at; a host behind the same address goes on', async () => {
    const server = await serverForTest();
    const agent = await enrollRaw(server);
    const headers = { authorization: `Assay-Agent i-${'0'.repeat(17)}:${'A'.repeat(86)}==` };
    const guess = () => agent.send('POST', HEARTBEAT, idle, { headers });
    const codes = async (count: number, send: () => Promise<{ code: string | undefined }>) =>
      new Set((await Promise.all(Array.from({ length: count }, send))).map(({ code }) => code));
    // One more a second is looked at.
    expect(await codes(120, guess)).toEqual(new Set(['BadSignature', 'TooManyRequests']));
    const enrol = () => ask(server, 'POST', '/agent/v1/enroll', enrollment('a guess').body);
    expect(await codes(20, enrol)).toContain('TooManyRequests');
    expect(await agent.send('POST', HEARTBEAT, idle)).toMatchObject({ status: 200 });
  });

  test('and is not enrolled may not send what is large', async () => {
    const server = await serverForTest();
    const agent = await enrollRaw(server);
    const body = Buffer.alloc(100_000);
    const headers = { authorization: `Assay-Agent i-${'0'.repeat(17)}:${'A'.repeat(86)}==` };
    const path = '/agent/v1/runs/0-12345678/evidence/kernel';
    expect(await agent.send('PUT', path, body, { headers })).toMatchObject({ code: 'TooManyRequests' });
    expect(await agent.send('PUT', path, body)).toMatchObject({ code: 'NotInRun' });
  });
});
