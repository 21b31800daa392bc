import { kindsOfFirstAgents } from '@assay/model/agent-protocol.ts';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';

/** Those of `kinds` that an agent can collect, by what it says of itself. */
export function collectableBy(
  { collects }: { readonly collects?: readonly string[] | null | undefined },
  kinds: readonly EvidenceKind[],
): EvidenceKind[] {
  const known = new Set<string>(collects ?? kindsOfFirstAgents);
  return kinds.filter((kind) => known.has(kind));
}
