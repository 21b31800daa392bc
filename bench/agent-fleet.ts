/**
 * The hosts of the bench `agents`, in a process of their own as a fleet is elsewhere: every one a client of the agent's
 * own code with a key and a connection of its own. Told what to do, and asked for its figures, by messages.
 */
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Client, openClient } from '@assay/agent/client.ts';
import { heartbeat, whileBeating } from '@assay/agent/heartbeat.ts';
import type { Identity } from '@assay/agent/identity.ts';
import { retry } from '@assay/agent/retry.ts';
import { agentProtocol, type HeartbeatRequest, type HostDescription } from '@assay/model/agent-protocol.ts';
import { type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { fleetEvidence, fleetHostname } from './fleet-evidence.ts';

export interface FleetOrder {
  readonly endpoint: string;
  /** One enrolment token a host. */
  readonly tokens: readonly string[];
  /** Every so many hosts is one that waits for no answer and asks every minute. */
  readonly pollingEvery: number;
}

export type FleetCommand =
  | { readonly do: 'enrol'; readonly order: FleetOrder }
  | { readonly do: 'beat' | 'tell' | 'end' };

/** What happened since it was asked last. */
export interface FleetFigures {
  readonly heartbeats: number;
  /** Of each heartbeat, milliseconds beyond the time that it asked to be held for: at most 0 where it was answered early. */
  readonly late: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Heartbeats that were not answered within a minute, or with a fault. */
  readonly missed: number;
  readonly delivered: number;
  /** Seconds from a host's instruction to its delivery confirmed. */
  readonly delivery: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Bytes of the documents, and of them on the wire. */
  readonly bytes: number;
  readonly wireBytes: number;
  readonly faults: readonly string[];
  /** One of the hosts, whose key somebody else has as well: its private key in PEM. */
  readonly stolen: { readonly agentId: string; readonly key: string } | undefined;
}

interface Member {
  readonly client: Client;
  readonly identity: Identity;
  readonly host: HostDescription;
  /** Compressed beforehand: a host's own processor does that. */
  readonly evidence: ReadonlyMap<EvidenceKind, { readonly size: number; readonly packed: Buffer }>;
  readonly waitSeconds: number;
}

const MINUTE = 60_000;
const TIMEOUT = 120_000;
const kinds = Object.keys(evidenceKinds) as EvidenceKind[];
const stopping = new AbortController();
const { signal } = stopping;

let members: Member[] = [];
const figures = {
  heartbeats: 0,
  missed: 0,
  delivered: 0,
  bytes: 0,
  wireBytes: 0,
  late: [] as number[],
  delivery: [] as number[],
  faults: [] as string[],
};

process.on('message', (command: FleetCommand) => {
  void obey(command).then(
    (answer) => process.send?.(answer ?? {}),
    (error) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());

async function obey(command: FleetCommand): Promise<FleetFigures | undefined> {
  if (command.do === 'enrol') await enrolAll(command.order);
  if (command.do === 'tell') return tell();
  if (command.do === 'beat') {
    for (const member of members) {
      void attend(member).catch((error) => {
        if (!signal.aborted) figures.faults.push(String(error));
      });
    }
  }
  if (command.do === 'end') {
    stopping.abort();
    for (const { client } of members) client.close();
    await delay(500);
  }
  return undefined;
}

async function enrolAll({ endpoint, tokens, pollingEvery }: FleetOrder): Promise<void> {
  const left = tokens.entries();
  const made: Member[] = [];
  const enrolNext = async (): Promise<void> => {
    for (const [index, token] of left) {
      const client = openClient(new URL(endpoint), {});
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const host: HostDescription = {
        hostname: fleetHostname(index),
        operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
        kernelVersion: '6.1.0-30-amd64',
        agentVersion: '0.1.0',
        ipv4Address: '10.20.0.1',
        privileged: true,
        tags: [{ key: 'fleet', value: 'bench' }],
      };
      const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
      const body = Buffer.from(JSON.stringify({ token, publicKey: key, host }));
      const call = { method: 'POST', path: '/agent/v1/enroll', contentType: 'application/json', body } as const;
      const { agentId } = (await client.call({ ...call, timeoutMs: TIMEOUT, signal })) as { agentId: string };
      const evidence = new Map(
        [...fleetEvidence(index, kinds)].map(([kind, document]) => {
          const text = JSON.stringify(document);
          return [kind, { size: Buffer.byteLength(text), packed: gzipSync(text) }] as const;
        }),
      );
      const waitSeconds = index % pollingEvery === 0 ? 0 : agentProtocol.maxWaitSeconds;
      made.push({ client, identity: { agentId, privateKey }, host, evidence, waitSeconds });
    }
  };
  await Promise.all(Array.from({ length: 16 }, enrolNext));
  members = made;
}

/** As packages/agent/src/loop.ts does, with evidence that is there already. */
async function attend(member: Member): Promise<void> {
  const { host, waitSeconds } = member;
  // Agents were not all started in one moment.
  await delay(Math.random() * (waitSeconds === 0 ? MINUTE : 5000), undefined, { signal });
  const dealtWith = new Set<string>();
  for (;;) {
    const asked = performance.now();
    const answer = await retry(() => beat(member, { status: 'IDLE', waitSeconds, host }), { signal, log: complain });
    const next = answer.instructions.find(({ runId }) => !dealtWith.has(runId));
    if (next) {
      const running = { status: 'RUNNING', waitSeconds: 0, host } as const;
      await whileBeating(
        async () => (await beat(member, running)).nextHeartbeatSeconds,
        () => deliver(member, next),
      );
      dealtWith.add(next.runId);
    } else {
      const least = answer.instructions.length > 0 ? 10_000 : 1000 - (performance.now() - asked);
      await delay(Math.max(0, least, answer.nextHeartbeatSeconds * 1000), undefined, { signal });
    }
  }
}

async function beat({ client, identity }: Member, request: HeartbeatRequest): ReturnType<typeof heartbeat> {
  const asked = performance.now();
  try {
    const answer = await heartbeat(client, identity, request, signal, request.waitSeconds * 1000 + MINUTE);
    figures.heartbeats++;
    figures.late.push(Math.max(0, performance.now() - asked - request.waitSeconds * 1000));
    return answer;
  } catch (error) {
    if (!signal.aborted) {
      figures.missed++;
      complain(String(error));
    }
    throw error;
  }
}

async function deliver(
  { client, identity, evidence }: Member,
  { runId, collect }: { runId: string; collect: string[] },
) {
  const begin = performance.now();
  const send = (message: Pick<Parameters<Client['call']>[0], 'method' | 'path' | 'contentType' | 'body'>) =>
    retry(() => client.call({ ...message, identity, timeoutMs: TIMEOUT, signal }), { signal, log: complain });
  for (const kind of collect as EvidenceKind[]) {
    const { size = 0, packed = Buffer.alloc(0) } = evidence.get(kind) ?? {};
    const path = `/agent/v1/runs/${runId}/evidence/${kind}`;
    await send({ method: 'PUT', path, contentType: 'application/gzip', body: packed });
    figures.bytes += size;
    figures.wireBytes += packed.length;
  }
  const body = Buffer.from('{}');
  await send({ method: 'POST', path: `/agent/v1/runs/${runId}/delivered`, contentType: 'application/json', body });
  figures.delivered++;
  figures.delivery.push((performance.now() - begin) / 1000);
}

function complain(line: string): void {
  if (figures.faults.length < 20) figures.faults.push(line);
}

function tell(): FleetFigures {
  const { late, delivery, ...counts } = figures;
  const { agentId, privateKey } = members[1]?.identity ?? {};
  const key = privateKey?.export({ format: 'pem', type: 'pkcs8' }).toString();
  const stolen = agentId !== undefined && key !== undefined ? { agentId, key } : undefined;
  const told = { ...counts, late: spread(late), delivery: spread(delivery), stolen };
  Object.assign(figures, {
    heartbeats: 0,
    missed: 0,
    delivered: 0,
    bytes: 0,
    wireBytes: 0,
    late: [],
    delivery: [],
    faults: [],
  });
  return told;
}

function spread(samples: number[]): { p50: number; p99: number; max: number } {
  const sorted = samples.sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}
