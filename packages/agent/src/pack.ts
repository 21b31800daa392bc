import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Limitation } from '@assay/model/evidence/document.ts';
import type { Evidence, EvidenceKind } from '@assay/model/evidence/kinds.ts';
import { evidenceSizes } from '@assay/model/evidence/sizes.ts';
import { bounded } from './collection.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/** More than gzip adds to bytes that it cannot make smaller, as long as they are few megabytes. */
const GZIP_OVERHEAD = 65_536;

/** One document as the message that carries it: gzip within the size of its kind, without its data where that is too much. */
export async function pack(document: Evidence<EvidenceKind>): Promise<Buffer> {
  const packed = await compress(JSON.stringify(document));
  const most = evidenceSizes[document.kind].packed;
  if (packed.length <= most) return packed;
  return packWithout(document, 'TOO_LARGE', `compressed it has ${packed.length} bytes; a message takes ${most}`);
}

/** A document's bytes as {@link pack} would send them, before they are compressed: for whoever judges in this process. */
export async function sentBytes(document: Evidence<EvidenceKind>): Promise<Buffer> {
  const bytes = Buffer.from(JSON.stringify(document));
  // What is small as it is has no need to be compressed to know that it fits.
  if (bytes.length + GZIP_OVERHEAD <= evidenceSizes[document.kind].packed) return bytes;
  return decompress(await pack(document));
}

/** The message that says only why there is nothing of this kind. */
export function packWithout(
  { kind, collectedAt }: Pick<Evidence<EvidenceKind>, 'kind' | 'collectedAt'>,
  code: Limitation['code'],
  detail: string,
): Promise<Buffer> {
  const limitation: Limitation = { code, subject: `collector ${kind}`, detail: bounded(detail, 2000) };
  return compress(JSON.stringify({ kind, schemaVersion: 1, collectedAt, sources: [], limitations: [limitation] }));
}
