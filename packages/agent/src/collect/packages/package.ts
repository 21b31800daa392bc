import type { EvidenceData } from '@assay/model/evidence/kinds.ts';

export type Package = EvidenceData<'packages'>['databases'][number]['packages'][number];

/** A package data base may be this long; the longest seen have some 10 MB. */
export const MAX_DATABASE_BYTES = 32 * 1024 * 1024;

const MAX = 256;

/** What only informs: it is cut where it is too long. */
type Informing = 'vendor' | 'maintainer' | 'signer';

/** Cuts what only informs, and refuses what identifies: a cut name or version would be another's. */
export function makePackage(
  fields: {
    readonly [K in Exclude<keyof Package, 'repositories' | 'otherVersionsIn' | Informing>]: string | undefined;
  } & { readonly [K in Informing]?: string | undefined },
): Package | undefined {
  const { name, version, ...others } = fields;
  if (!name || !version || !isName(name) || !isName(version)) return undefined;
  const made: Package = { name, version };
  for (const key of ['architecture', 'sourceName', 'sourceVersion', 'module'] as const) {
    const value = others[key];
    if (!value) continue;
    if (!isName(value)) return undefined;
    made[key] = value;
  }
  for (const key of ['vendor', 'maintainer', 'signer'] as const) {
    const value = others[key]?.replaceAll('\0', '').slice(0, MAX).toWellFormed();
    if (value) made[key] = value;
  }
  return made;
}

const isName = (text: string): boolean => text.length <= MAX && !text.includes('\0') && text.isWellFormed();
