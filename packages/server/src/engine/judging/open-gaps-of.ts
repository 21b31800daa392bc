import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories, Gap } from '../../domain/advisories.ts';
import { rulesPackages } from '../../rules/index.ts';
import type { Snapshot } from './knowledge-source.ts';
import { unpackEvidence } from './load-evidence.ts';

/** What a host last said of its system and its packages, as it is kept. */
export interface HostDocuments {
  readonly osRelease: Uint8Array;
  readonly packages: Uint8Array;
}

/** Of each host, in their order, the positions in all gaps of the advisories of those that leave a package of it open. */
export type FindOpenGaps = (
  hosts: readonly HostDocuments[],
  snapshot: Pick<Snapshot<'advisories'>, 'value' | 'file' | 'digest'>,
) => Promise<readonly Uint32Array[]>;

/** Every gap, in the order that positions count. */
export const allGaps = (advisories: Advisories): readonly Gap[] => advisories.gaps(() => true);

/** Looks in the thread that asks. */
export const openGapsHere: FindOpenGaps = (hosts, { value }) => openGapsOf(hosts, value);

export async function openGapsOf(hosts: readonly HostDocuments[], advisories: Advisories): Promise<Uint32Array[]> {
  const positions = positionsIn(advisories);
  const found: Uint32Array[] = [];
  for (const { osRelease, packages } of hosts) {
    const host = await unpackEvidence([
      { kind: 'osRelease', content: osRelease },
      { kind: 'packages', content: packages },
    ]);
    found.push(Uint32Array.from(new Set(gapsOf(host, advisories).flatMap((gap) => positions.get(keyOf(gap)) ?? []))));
  }
  return found;
}

const known = new WeakMap<Advisories, ReadonlyMap<string, number>>();

function positionsIn(advisories: Advisories): ReadonlyMap<string, number> {
  const positions = known.get(advisories) ?? new Map(allGaps(advisories).map((gap, at) => [keyOf(gap), at]));
  known.set(advisories, positions);
  return positions;
}

const keyOf = ({ ecosystem, cve, package: name, siblingFixed }: Gap): string =>
  JSON.stringify([ecosystem, cve, name, siblingFixed]);

const gapsOf = (evidence: HostEvidence, advisories: Advisories): readonly Gap[] =>
  rulesPackages.flatMap(({ gapsOn }) => gapsOn?.(evidence, advisories) ?? []);
