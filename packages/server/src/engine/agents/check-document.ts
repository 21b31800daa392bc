import { createHash } from 'node:crypto';
import { agentProtocol } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { type Evidence, type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import { telemetryOf } from '../../domain/telemetry.ts';
import type { EvidenceRecord } from '../../store/tables/evidence.ts';
import { decompress } from '../judging/load-evidence.ts';
import { AgentFault } from './agent-fault.ts';

/** What is kept of a document beside its content. */
export type CheckedDocument = Pick<EvidenceRecord, 'digest' | 'size' | 'telemetry' | 'collectedAt'>;

/** Checks a document wherever it is done. Throws {@link AgentFault} where it is none. */
export type CheckDocument = (kind: EvidenceKind, compressed: Uint8Array) => Promise<CheckedDocument>;

/** Unpacks and checks a document in the thread that asks. */
export const checkDocument: CheckDocument = async (kind, compressed) => {
  const bytes = await decompress(compressed).catch(() => {
    throw new AgentFault(
      413,
      'NotDecompressible',
      `The body must be gzip of at most ${agentProtocol.maxDocumentBytes} bytes of JSON`,
    );
  });
  const document = read(kind, bytes);
  return {
    digest: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    telemetry: telemetryOf(document, bytes.length),
    collectedAt: Math.round(document.collectedAt * 1000),
  };
};

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
