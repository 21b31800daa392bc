import { gunzip, gunzipSync } from 'node:zlib';
import { agentProtocol } from '@assay/model/agent-protocol.ts';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Tables } from '../../store/store.ts';
import type { EvidenceRecord } from '../../store/tables/evidence.ts';

/** A host's evidence of one run, as documents. */
export const loadEvidence = async (
  evidence: Pick<Tables['evidence'], 'load'>,
  scope: number,
  run: string,
  agent: string,
): Promise<HostEvidence> => unpackEvidence(await evidence.load(scope, run, agent));

/** Documents as they are kept. They were checked when they arrived. */
export async function unpackEvidence(
  documents: readonly (Pick<EvidenceRecord, 'kind'> & { readonly content: Uint8Array })[],
): Promise<HostEvidence> {
  const entries = await Promise.all(
    documents.map(
      async ({ kind, content }) => [kind, JSON.parse((await decompress(content)).toString('utf8'))] as const,
    ),
  );
  return Object.fromEntries(entries) as HostEvidence;
}

/** Bytes of gzip that take less time to unpack than to hand to another thread, whatever they grow to. */
const SMALL = 2048;

/** Rejects when the content is no gzip or grows beyond the protocol's limit. */
export const decompress = (content: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const bounds = { maxOutputLength: agentProtocol.maxDocumentBytes };
    if (content.length <= SMALL) return resolve(gunzipSync(content, bounds));
    gunzip(content, bounds, (error, result) => (error ? reject(error) : resolve(result)));
  });
