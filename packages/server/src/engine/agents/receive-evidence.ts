import { createHash } from 'node:crypto';
import { agentProtocol } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { type Evidence, type EvidenceKind, evidenceKinds, isEvidenceKind } from '@assay/model/evidence/kinds.ts';
import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import { telemetryOf } from '../../domain/telemetry.ts';
import type { EvidenceRecord } from '../../store/evidence.ts';
import type { Store } from '../../store/store.ts';
import { decompress } from '../load-evidence.ts';
import { AgentFault } from './agent-fault.ts';
import type { GroupCommit } from './group-commit.ts';
import type { KnownAgent } from './heartbeat.ts';
import type { Limit } from './limit.ts';

export interface ReceiveEvidenceDeps {
  readonly store: Pick<Store, 'runAgents'>;
  readonly commit: GroupCommit;
  /** Unpacks few documents at once: each can be as large as the protocol allows. */
  readonly unpacking: Limit;
  readonly now: () => number;
}

/**
 * Takes one document of evidence from the agent that a run asked for it: decompressed and nested within the protocol's
 * limits, checked against its kind's shape, then kept. Sending the same again is no fault. Throws {@link AgentFault}.
 */
export const receiveEvidence =
  ({ store, commit, unpacking, now }: ReceiveEvidenceDeps) =>
  async (agent: KnownAgent, run: string, kind: string, compressed: Uint8Array): Promise<void> => {
    if (!isEvidenceKind(kind)) throw new AgentFault(404, 'UnknownKind', `There is no kind of evidence "${kind}"`);
    if (!(await store.runAgents.find(agent.scope, run, agent.id))) throw notInRun(run);
    const record = await unpacking.run(() => recordOf(agent.id, kind, compressed));
    await commit(async (tables) => {
      const [current] = await tables.runs.findMany(agent.scope, [run]);
      const host = await tables.runAgents.find(agent.scope, run, agent.id);
      if (!current || !host) throw notInRun(run);
      if (current.state !== 'COLLECTING_DATA') {
        throw new AgentFault(409, 'CollectionOver', `The run ${run} does not collect evidence any more`);
      }
      if (host.status === 'DELIVERED') return;
      await tables.evidence.put(agent.scope, run, { ...record, receivedAt: now() }, compressed);
    });
  };

/** What is kept of a document beside its content, once it is found to be one. */
async function recordOf(
  agent: string,
  kind: EvidenceKind,
  compressed: Uint8Array,
): Promise<Omit<EvidenceRecord, 'receivedAt'>> {
  const bytes = await decompress(compressed).catch(() => {
    throw new AgentFault(
      413,
      'NotDecompressible',
      `The body must be gzip of at most ${agentProtocol.maxDocumentBytes} bytes of JSON`,
    );
  });
  const document = read(kind, bytes);
  return {
    agent,
    kind,
    digest: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    telemetry: telemetryOf(document, bytes.length),
    collectedAt: Math.round(document.collectedAt * 1000),
  };
}

/** One fault for a run that does not exist and one of other hosts: an agent learns nothing of runs that are not its own. */
export const notInRun = (run: string): AgentFault =>
  new AgentFault(404, 'NotInRun', `This agent is not part of a run ${run}`);

function read<K extends EvidenceKind>(kind: K, bytes: Buffer): Evidence<K> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new AgentFault(400, 'NotJson', 'The document must be JSON in UTF-8');
  }
  if (deeperThan(value, agentProtocol.maxDepth)) {
    throw new AgentFault(400, 'TooDeep', `The document is nested deeper than ${agentProtocol.maxDepth} levels`);
  }
  try {
    const document = parse(evidenceKinds[kind], value) as Evidence<K>;
    const [fault] = check(evidenceKinds[kind], document);
    if (fault) throw new AgentFault(400, 'InvalidEvidence', `${formatPath(fault.path)} ${fault.expected}`);
    return document;
  } catch (error) {
    if (error instanceof SerializationFault) throw new AgentFault(400, 'InvalidEvidence', error.message);
    throw error;
  }
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((child) => deeperThan(child, levels - 1));
}
