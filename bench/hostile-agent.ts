/**
 * What somebody does who has a host's key and wants the server of the bench `agents` to stand still: everything at once, each
 * as fast as it is answered. A process of its own, which ends when its parent lets go of it.
 */
import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { signedText } from '@assay/model/agent-protocol.ts';
import { fleetEvidence } from './fleet-evidence.ts';

export interface HostileOrder {
  readonly endpoint: string;
  readonly agentId: string;
  /** PEM. */
  readonly key: string;
  readonly runId: string;
}

/** An address that no other host of the bench has. */
const LOCAL_ADDRESS = '127.0.0.9';
const MiB = 2 ** 20;
/** Connections of each of its ways that ask again and again, and of those that only hold on. */
const BUSY = 8;
const SLOW = 100;
const SILENT = 500;

// Elsewhere it has processors of its own: here it must not be what takes them from the server.
setPriority(19);
process.on('disconnect', () => {
  process.stderr.write(`agents: the hostile host asked ${counts()}\n`);
  process.exit();
});
process.on('message', (order: HostileOrder) => attack(order));

/** Of each way: answers by their status, or why there was none. */
const seen = new Map<string, Map<string, number>>();

function attack({ endpoint, agentId, key, runId }: HostileOrder): void {
  const { hostname, port } = new URL(endpoint);
  const privateKey = createPrivateKey(key);
  const headersOf = (method: string, path: string, body: Uint8Array, id = agentId): Record<string, string> => {
    const date = String(Math.floor(Date.now() / 1000));
    const text = signedText(method, path, date, createHash('sha256').update(body).digest('hex'));
    const signature = sign(null, Buffer.from(text), privateKey).toString('base64');
    return { authorization: `Assay-Agent ${id}:${signature}`, 'x-assay-date': date };
  };
  interface Asked {
    readonly method?: string;
    readonly path: string;
    readonly body: Buffer;
    readonly headers?: Record<string, string>;
  }
  const repeat = (way: string, count: number, next: () => Asked): void => {
    const agent = new Agent({ keepAlive: true, maxSockets: count });
    const once = (): Promise<string> =>
      new Promise((resolve) => {
        const { method = 'POST', path, body, headers = headersOf(method, path, body) } = next();
        const asked = request(
          { hostname, port, method, path, agent, localAddress: LOCAL_ADDRESS, timeout: 60_000 },
          (response) => response.resume().on('close', () => resolve(String(response.statusCode))),
        );
        asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        for (const [name, value] of Object.entries(headers)) asked.setHeader(name, value);
        asked.setHeader('content-length', body.length);
        asked.end(body);
      });
    for (let index = 0; index < count; index++) void forEver(way, once);
  };
  const evidencePath = (kind: string): string => `/agent/v1/runs/${runId}/evidence/${kind}`;

  // Documents that are small on the wire and large when unpacked, or deep.
  for (const text of ['[', '{"a":', '[[],', '1,', '"\\u0000",', ' ']) {
    const body = gzipSync(text.repeat(Math.floor((30 * MiB) / text.length)));
    repeat(`${JSON.stringify(text)}…`, 2, () => ({ method: 'PUT', path: evidencePath('packages'), body }));
  }
  // The largest that are in order but for their end, and very many that are.
  const large = gzipSync(JSON.stringify(largePackages()));
  repeat('large packages', 2, () => ({ method: 'PUT', path: evidencePath('packages'), body: large }));
  const kernel = gzipSync(JSON.stringify(fleetEvidence(1, ['kernel']).get('kernel')));
  repeat('documents', BUSY, () => ({ method: 'PUT', path: evidencePath('kernel'), body: kernel }));
  // What is not even read to its end.
  const noise = randomBytes(4 * MiB - 1);
  repeat('noise', BUSY, () => ({ method: 'PUT', path: evidencePath('sshd'), body: noise }));
  const wrong = (id: string) => (): Asked => {
    const headers = { ...headersOf('PUT', '/another', noise, id), 'x-assay-date': '1' };
    return { method: 'PUT', path: evidencePath('kernel'), body: kernel, headers };
  };
  repeat('wrong signatures', BUSY, wrong(agentId));
  repeat('unknown hosts', BUSY, () => wrong(`i-${randomBytes(9).toString('hex').slice(1)}`)());
  const heartbeat = Buffer.from('{}');
  repeat('heartbeats', BUSY, () => ({ path: '/agent/v1/heartbeat', body: heartbeat }));
  const enrolment = Buffer.from(JSON.stringify({ token: 'a guess', publicKey: 'x', host: {} }));
  repeat('enrolments', BUSY, () => ({ path: '/agent/v1/enroll', body: enrolment, headers: {} }));
  const call = { 'x-amz-target': 'InspectorService.ListFindings', 'content-type': 'application/x-amz-json-1.1' };
  repeat('API calls without a key', BUSY, () => ({ path: '/', body: heartbeat, headers: call }));

  const hold = (way: string, count: number, head: string): void => {
    for (let index = 0; index < count; index++) {
      void forEver(way, async () => {
        const socket = connect({ host: hostname, port: Number(port), localAddress: LOCAL_ADDRESS });
        socket.on('error', () => undefined).resume();
        socket.write(head);
        const drip = setInterval(() => socket.write('x'), 1000);
        await new Promise((resolve) => socket.once('close', resolve));
        clearInterval(drip);
        return 'closed';
      });
    }
  };
  const signed = Object.entries(headersOf('PUT', evidencePath('packages'), noise));
  const lines = [...signed, ['host', 'x'], ['content-length', String(noise.length)]].map((pair) => pair.join(': '));
  hold('slow bodies', SLOW, `PUT ${evidencePath('packages')} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  hold('connections', SILENT, 'POST / HTTP/1.1\r\nhost: ');
}

async function forEver(way: string, once: () => Promise<string>): Promise<never> {
  const outcomes = seen.get(way) ?? new Map<string, number>();
  seen.set(way, outcomes);
  for (;;) {
    const outcome = await once();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    // Only not to spin where connections are refused.
    await delay(1);
  }
}

const counts = (): string =>
  [...seen]
    .map(([way, outcomes]) => `${way}: ${[...outcomes].map(([name, count]) => `${count} × ${name}`).join(', ')}`)
    .join('; ');

/** As many packages as a document may have, and one thing wrong at its end: its run stays what it would be. */
function largePackages(): object {
  const packages = Array.from({ length: 50_000 }, (_, index) => ({
    name: `package-${index}-${'x'.repeat(80)}`,
    version: `1.${index}-1+deb12u1`,
    architecture: 'amd64',
  }));
  const document = fleetEvidence(1, ['packages']).get('packages');
  return { ...document, data: { databases: [{ manager: 'dpkg', packages: [...packages, { name: 1 }] }] } };
}
