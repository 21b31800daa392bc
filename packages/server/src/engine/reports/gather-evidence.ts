import { createHash } from 'node:crypto';
import type { ReportReader } from '../../store/tables/report-reader.ts';
import type { EvidenceDocument, HostEvidenceDigest } from './report-data.ts';

/**
 * The digests of what each host of a run delivered, by agent. A host's own digest is that of its documents' digests, a line
 * `kind sha256` each in the order of the kinds: it tells whether any document is another one. The documents themselves are
 * listed where `listed`.
 */
export async function gatherEvidence(
  reader: Pick<ReportReader, 'evidence'>,
  scope: number,
  run: string,
  listed: boolean,
): Promise<ReadonlyMap<string, HostEvidenceDigest>> {
  const digests = new Map<string, HostEvidenceDigest>();
  let current:
    | { agent: string; hash: ReturnType<typeof createHash>; count: number; all: EvidenceDocument[] }
    | undefined;
  const end = (): void => {
    if (!current) return;
    const { agent, hash, count, all } = current;
    digests.set(agent, { documents: count, digest: hash.digest('hex'), ...(listed && { listed: all }) });
  };
  for await (const { agent, ...document } of reader.evidence.streamDigests(scope, run)) {
    if (current?.agent !== agent) {
      end();
      current = { agent, hash: createHash('sha256'), count: 0, all: [] };
    }
    current.hash.update(`${document.kind} ${document.digest}\n`);
    current.count++;
    if (listed) current.all.push(document);
  }
  end();
  return digests;
}
