import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { DeliveredRequest } from '@assay/model/agent-protocol.ts';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../domain/agent.ts';
import type { EvidenceRecord } from '../../store/tables/evidence.ts';
import { collectableBy } from './collectable-by.ts';

/** Why a host's agent did not send a kind of evidence that a run needs. */
export function whyLacking(
  agent: Pick<Agent, 'agentVersion' | 'collects'>,
  kind: EvidenceKind,
  undelivered: DeliveredRequest['undelivered'] = [],
): string {
  const subject = `this host's agent (version ${agent.agentVersion})`;
  if (collectableBy(agent, [kind]).length === 0) return `${subject} does not collect ${kind}`;
  const said = undelivered.find((each) => each.kind === kind);
  return said ? `${subject} could not deliver ${kind}: ${said.reason}` : `${subject} did not deliver ${kind}`;
}

/**
 * The document that stands in the place of one that a host does not deliver. It has no data, and its only limitation
 * says why, so that every rule that needs this kind has its reason. It counts as no telemetry: nothing was sent.
 */
export function lackingDocument(
  agent: string,
  kind: EvidenceKind,
  reason: string,
  now: number,
): { readonly record: EvidenceRecord; readonly content: Uint8Array } {
  const limitations = [{ code: 'NOT_COLLECTED', subject: `collector ${kind}`, detail: reason.slice(0, 2000) }];
  const bytes = Buffer.from(
    JSON.stringify({ kind, schemaVersion: 1, collectedAt: now / 1000, sources: [], limitations }),
  );
  const digest = createHash('sha256').update(bytes).digest('hex');
  const times = { collectedAt: now, receivedAt: now };
  return { record: { agent, kind, digest, size: bytes.length, telemetry: [], ...times }, content: gzipSync(bytes) };
}
