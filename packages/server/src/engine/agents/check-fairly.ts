import { gunzipSync } from 'node:zlib';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import { type CheckDocument, type CheckedDocument, checkUnpacked } from './check-document.ts';
import type { FairLine } from './fair-line.ts';

/** Bytes of a document that is checked at once, packed and unpacked: it costs less than handing it over. */
const SMALL_PACKED = 2048;
const SMALL = 16 * 1024;

/** Checks a document for its agent. Throws {@link AgentFault} as {@link CheckDocument} and {@link FairLine} do. */
export type CheckFairly = (agent: string, kind: EvidenceKind, compressed: Uint8Array) => Promise<CheckedDocument>;

/** Documents that are small when unpacked are checked where they come in; the others one at a time, each agent in its turn. */
export const checkFairly =
  (line: FairLine, checkLarge: CheckDocument): CheckFairly =>
  async (agent, kind, compressed) => {
    const small = compressed.length <= SMALL_PACKED ? unpackSmall(compressed) : undefined;
    if (small) return checkUnpacked(kind, small);
    return line.run(agent, () => checkLarge(kind, compressed));
  };

/** Undefined for what grows larger, and for what is not gzip. */
function unpackSmall(compressed: Uint8Array): Buffer | undefined {
  try {
    return gunzipSync(compressed, { maxOutputLength: SMALL });
  } catch {
    return undefined;
  }
}
