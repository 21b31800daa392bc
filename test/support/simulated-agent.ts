import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type HeartbeatResponse, type HostDescription, signedText } from '@assay/model/agent-protocol.ts';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';

/** A network fault or a server that stops: the server may come back, and the request may or may not have been heard. */
class NoAnswer extends Error {}

export interface SimulatedAgent {
  readonly id: string;
  /** `run/kind` of every document that the server said it has. Nothing is sent again after that. */
  readonly acknowledged: ReadonlySet<string>;
  /** Runs whose delivery the server confirmed. */
  readonly delivered: ReadonlySet<string>;
  /** Answers that an agent must never get. */
  readonly faults: readonly string[];
  /** Heartbeats and follows instructions until `stop` aborts. */
  readonly work: (stop: AbortSignal) => Promise<void>;
}

export interface SimulatedAgentOptions {
  /** Where the server listens now: it may move. */
  readonly endpoint: () => string;
  readonly token: string;
  readonly hostname: string;
  readonly tags: HostDescription['tags'];
  readonly evidence: HostEvidence;
}

/**
 * An agent of the real protocol with a key of its own, over evidence that is given instead of collected. It goes on
 * through every network fault. Resolves when it is enrolled.
 */
export async function enrollSimulatedAgent(options: SimulatedAgentOptions): Promise<SimulatedAgent> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const host: HostDescription = {
    hostname: options.hostname,
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    agentVersion: '0.1.0',
    privileged: true,
    tags: options.tags,
  };
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const body = Buffer.from(JSON.stringify({ token: options.token, publicKey: key, host }));
  const enrolled = await persist(() => send(options, 'POST', '/agent/v1/enroll', body));
  if (enrolled.status !== 200) throw new Error(`Not enrolled: ${enrolled.status} ${enrolled.text}`);
  const { agentId: id } = JSON.parse(enrolled.text) as { agentId: string };
  const signer = { id, privateKey };

  const acknowledged = new Set<string>();
  const delivered = new Set<string>();
  const faults: string[] = [];

  const deliver = async (run: string, kinds: readonly string[]): Promise<void> => {
    for (const kind of kinds) {
      if (acknowledged.has(`${run}/${kind}`)) continue;
      const content = gzipSync(JSON.stringify(documentOf(options, kind)));
      const answer = await send(options, 'PUT', `/agent/v1/runs/${run}/evidence/${kind}`, content, signer);
      if (answer.status === 409) return;
      if (answer.status !== 204) faults.push(`${kind}: ${answer.status} ${answer.text}`);
      else acknowledged.add(`${run}/${kind}`);
    }
    const answer = await send(options, 'POST', `/agent/v1/runs/${run}/delivered`, Buffer.alloc(0), signer);
    if (answer.status === 204) delivered.add(run);
    else if (answer.status !== 409 || answer.text.includes('EvidenceMissing')) {
      faults.push(`delivered: ${answer.status} ${answer.text}`);
    }
  };

  const once = async (): Promise<void> => {
    const heartbeat = Buffer.from(JSON.stringify({ status: 'IDLE', waitSeconds: 2, host }));
    const answer = await send(options, 'POST', '/agent/v1/heartbeat', heartbeat, signer);
    if (answer.status !== 200) {
      faults.push(`heartbeat: ${answer.status} ${answer.text}`);
      return;
    }
    for (const { runId, collect } of (JSON.parse(answer.text) as HeartbeatResponse).instructions) {
      await deliver(runId, collect);
    }
  };

  const work = async (stop: AbortSignal): Promise<void> => {
    while (!stop.aborted && faults.length < 10) {
      await once().catch(async (error) => {
        if (!(error instanceof NoAnswer)) throw error;
        await delay(50);
      });
    }
  };
  return { id, acknowledged, delivered, faults, work };
}

/** A kind without given data is reported as not there, as a collector would. */
function documentOf({ evidence, hostname }: SimulatedAgentOptions, kind: string) {
  const nothing = { code: 'NOT_PRESENT', subject: kind };
  return {
    ...(evidence[kind as keyof HostEvidence] ?? { kind, schemaVersion: 1, sources: [], limitations: [nothing] }),
    collectedAt: 1_700_000_000,
    // A document of its own for every host: none is kept once for all.
    sources: [{ path: `/simulated/${hostname}` }],
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function send(
  { endpoint }: SimulatedAgentOptions,
  method: 'POST' | 'PUT',
  path: string,
  body: Buffer,
  signer?: { readonly id: string; readonly privateKey: KeyObject },
): Promise<Answer> {
  const date = String(Math.floor(Date.now() / 1000));
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (signer) {
    const text = signedText(method, path, date, createHash('sha256').update(body).digest('hex'));
    const signature = sign(null, Buffer.from(text), signer.privateKey).toString('base64');
    headers.authorization = `Assay-Agent ${signer.id}:${signature}`;
    headers['x-assay-date'] = date;
  }
  let answer: Answer;
  try {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(endpoint() + path, { method, headers, body: new Uint8Array(body), signal });
    answer = { status: response.status, text: await response.text() };
  } catch (error) {
    throw new NoAnswer(String(error));
  }
  if (answer.status >= 500) throw new NoAnswer(`${answer.status} ${answer.text}`);
  return answer;
}

async function persist(attempt: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await delay(50);
    }
  }
}
