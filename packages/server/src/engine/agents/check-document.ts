import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { agentProtocol } from '@assay/model/agent-protocol.ts';
import { type JsonBounds, JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { check } from '@assay/model/check.ts';
import { type Evidence, type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { mostValues } from '@assay/model/most-values.ts';
import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import { telemetryOf } from '../../domain/telemetry.ts';
import type { EvidenceRecord } from '../../store/tables/evidence.ts';
import { AgentFault } from './agent-fault.ts';

/** What is kept of a document beside its content. */
export type CheckedDocument = Pick<EvidenceRecord, 'digest' | 'size' | 'telemetry' | 'collectedAt'>;

/** Unpacks and checks a document, here or in another thread. Throws {@link AgentFault} where it cannot be evidence. */
export type CheckDocument = (kind: EvidenceKind, compressed: Uint8Array) => Promise<CheckedDocument>;

/** Unpacks and checks a document in the thread that asks: all of it in that thread, whose priority is its own. */
export const checkDocument: CheckDocument = async (kind, compressed) => checkUnpacked(kind, unpack(compressed));

function unpack(compressed: Uint8Array): Buffer {
  try {
    return gunzipSync(compressed, { maxOutputLength: agentProtocol.maxDocumentBytes });
  } catch {
    const most = agentProtocol.maxDocumentBytes;
    throw new AgentFault('NotDecompressible', `The body must be gzip of at most ${most} bytes of JSON`);
  }
}

/** Checks the bytes of a document that is unpacked. Throws {@link AgentFault}. */
export function checkUnpacked(kind: EvidenceKind, bytes: Buffer): CheckedDocument {
  const document = read(kind, bytes);
  return {
    digest: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    telemetry: telemetryOf(document, bytes.length),
    collectedAt: Math.round(document.collectedAt * 1000),
  };
}

function read<K extends EvidenceKind>(kind: K, bytes: Buffer): Evidence<K> {
  let value: unknown;
  try {
    value = parseBoundedJson(bytes, boundsOf(kind));
  } catch (error) {
    if (error instanceof JsonBoundsFault) {
      const code = error.beyond === 'depth' ? 'TooDeep' : 'TooManyValues';
      throw new AgentFault(code, `The document ${error.message}`);
    }
    throw new AgentFault('NotJson', 'The document must be JSON in UTF-8');
  }
  try {
    const document = parse(evidenceKinds[kind], value) as Evidence<K>;
    const [fault] = check(evidenceKinds[kind], document);
    if (fault) throw new AgentFault('InvalidEvidence', `${formatPath(fault.path)} ${fault.expected}`);
    return document;
  } catch (error) {
    if (error instanceof SerializationFault) throw new AgentFault('InvalidEvidence', error.message);
    throw error;
  }
}

/** The most values of a document of any kind: some kinds' lists have no narrower bound together. */
const MAX_VALUES = 2_000_000;

/** Twice what a kind's shape can have: members that this server does not know are ignored. */
const boundsOf = (kind: EvidenceKind): JsonBounds => ({
  depth: agentProtocol.maxDepth,
  values: Math.min(2 * mostValues(evidenceKinds[kind]), MAX_VALUES),
});
