import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type DeliveryDeps, deliver } from '@assay/agent/deliver.ts';
import { pack } from '@assay/agent/pack.ts';
import { ServerFault } from '@assay/agent/server-fault.ts';
import { agentProtocol } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { expect, test } from 'vitest';
import { fixtureHost } from './fixture-host.ts';

const unpack = (body: Uint8Array) => JSON.parse(gunzipSync(body).toString());

/** A server that answers as `refuse` says, and what it was sent. */
function delivering(collect: string[], refuse: (path: string, count: number) => Error | undefined = () => undefined) {
  const sent: { path: string; body: Uint8Array }[] = [];
  const log: string[] = [];
  const counts = new Map<string, number>();
  const deps: DeliveryDeps = {
    host: fixtureHost({ 'etc/passwd': 'root:x:0:0::/root:/bin/sh\n', 'etc/group': 'root:x:0:\n' }),
    log: (line) => log.push(line),
    signal: new AbortController().signal,
    scapContentOf: () => ({}) as never,
    send: async ({ path, body }) => {
      const short = path.replace('/agent/v1/runs/0-abcdefgh/', '');
      const count = (counts.get(short) ?? 0) + 1;
      counts.set(short, count);
      const refusal = refuse(short, count);
      if (refusal) throw refusal;
      sent.push({ path: short, body });
    },
  };
  return { result: deliver(deps, { runId: '0-abcdefgh', collect }), sent, log };
}
const paths = (sent: readonly { path: string }[]): string[] => sent.map(({ path }) => path);

test('sends a message a kind, then says that all is there, and tells what could not be seen', async () => {
  const { result, sent, log } = delivering(['accounts', 'interfaces']);
  expect(await result).toBe('delivered');
  expect(paths(sent)).toEqual(['evidence/accounts', 'evidence/interfaces', 'delivered']);
  expect(sent[0] && unpack(sent[0].body)).toMatchObject({ kind: 'accounts', data: { accounts: [{ name: 'root' }] } });
  expect(log.join('\n')).toMatch(/collected 2 kinds[\s\S]*What could not be seen:\n {2}\/etc\/shadow: NOT_PRESENT/);
});

const body = (sent: readonly { path: string; body: Uint8Array }[]): unknown => {
  const last = sent.findLast(({ path }) => path === 'delivered');
  return last && JSON.parse(Buffer.from(last.body).toString());
};

test('of a kind that it does not know it sends nothing, says so, and delivers the rest', async () => {
  const { result, sent, log } = delivering(['lunarPhase', '__proto__', 'accounts', '../../x\u001b']);
  expect(await result).toBe('delivered');
  expect(paths(sent)).toEqual(['evidence/accounts', 'delivered']);
  expect(body(sent)).toEqual({ undelivered: [{ kind: 'lunarPhase', reason: 'this agent does not know this kind' }] });
  expect(log[0]).toBe(
    'Run 0-abcdefgh: this agent does not know the evidence lunarPhase, __proto__, ../../x , and sends none of it. A newer agent may.',
  );
});

test('evidence that the server lacks is sent again, but not for ever', async () => {
  const missing = new ServerFault(409, 'EvidenceMissing', 'missing');
  const twice = delivering(['accounts'], (path, count) => (path === 'delivered' && count < 3 ? missing : undefined));
  expect(await twice.result).toBe('delivered');
  expect(paths(twice.sent)).toEqual(['evidence/accounts', 'evidence/accounts', 'evidence/accounts', 'delivered']);
  expect(body(twice.sent), 'the last word: take what there is').toEqual({});
  expect(await delivering(['accounts'], (path) => (path === 'delivered' ? missing : undefined)).result).toBe('refused');
});

test.each([
  [413, 'TOO_LARGE'],
  [400, 'UNSUPPORTED'],
])('a document that is refused with %i is replaced by one that says so', async (status, code) => {
  const { result, sent } = delivering(['accounts'], (path, count) =>
    path === 'evidence/accounts' && count === 1 ? new ServerFault(status, 'X', 'no') : undefined,
  );
  expect(await result).toBe('delivered');
  const document = sent[0] && unpack(sent[0].body);
  expect(check(evidenceKinds.accounts, document)).toEqual([]);
  expect(document.data).toBeUndefined();
  expect(document.limitations).toMatchObject([{ code, subject: 'collector accounts' }]);
});

test.each([
  ['UnknownKind', 404],
  ['InvalidEvidence', 400],
  ['TooLarge', 413],
])('a kind that is refused whatever is sent (%s) costs no other', async (code, status) => {
  const { result, sent } = delivering(['accounts', 'interfaces'], (path) =>
    path === 'evidence/accounts' ? new ServerFault(status, code, 'no\u001b') : undefined,
  );
  expect(await result).toBe('delivered');
  expect(paths(sent)).toEqual(['evidence/interfaces', 'delivered']);
  expect(body(sent)).toEqual({ undelivered: [{ kind: 'accounts', reason: 'the server refused it: no ' }] });
});

test.each([
  ['CollectionOver', 409, 'over'],
  ['NotInRun', 404, 'over'],
])('%s ends it', async (code, status, result) => {
  expect(await delivering(['accounts'], () => new ServerFault(status, code, 'no')).result).toBe(result);
});

test('a server that does not know the agent is the caller’s to deal with', async () => {
  const { result } = delivering(['accounts'], () => new ServerFault(401, 'BadSignature', 'no'));
  await expect(result).rejects.toMatchObject({ code: 'BadSignature' });
});

test('a document that stays too large when compressed goes without its data', async () => {
  const name = (): string => randomBytes(192).toString('base64');
  const packages = Array.from({ length: 25_000 }, () => ({ name: name(), version: '1' }));
  const data = { databases: [{ manager: 'dpkg' as const, packages }] };
  const document = { kind: 'packages' as const, schemaVersion: 1, collectedAt: 1, sources: [], limitations: [], data };
  expect(JSON.stringify(document).length).toBeLessThan(agentProtocol.maxDocumentBytes);
  const sent = unpack(await pack(document));
  expect(check(evidenceKinds.packages, sent)).toEqual([]);
  expect(sent.data).toBeUndefined();
  expect(sent.limitations).toMatchObject([{ code: 'TOO_LARGE', subject: 'collector packages' }]);
  const small = { ...document, data: { databases: [{ manager: 'dpkg' as const, packages: packages.slice(0, 9) }] } };
  expect(unpack(await pack(small))).toEqual(small);
});
