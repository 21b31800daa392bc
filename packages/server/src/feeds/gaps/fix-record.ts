/** An announcement of fixes in one release of a distribution of the rpm world. */
export interface FixRecord {
  /** `ALSA-2024:4312`, and what it shares with the announcements of other rebuilds (`ELSA-2024-4312`): `2024:4312`. */
  readonly id: string;
  readonly number: string;
  readonly cves: readonly string[];
  readonly summary: string;
  /** The fixed version of each package, binary or source as the distribution's records have them. */
  readonly fixes: ReadonlyMap<string, string>;
}

export const numberOf = (id: string): string => id.slice(id.indexOf('-') + 1).replace('-', ':');

/** `openssh` of `Important: openssh security update`, `nodejs:18` of a module; undefined where it names several or none. */
export function sourceInTitle(summary: string): string | undefined {
  const [, title = ''] = /^(?:[\w ]{1,40}: )?(.*)$/.exec(summary) ?? [];
  return /^([A-Za-z0-9][\w.+:-]*) (?:security|bug fix|enhancement|update|and\b|regression)/.exec(title)?.[1];
}

/** The source packages that an announcement is about: as it says, else as others of the same packages do. */
export function sourcesOf({ summary, fixes }: FixRecord, sourceOf: ReadonlyMap<string, string>): readonly string[] {
  const known = new Set([...fixes.keys()].flatMap((name) => sourceOf.get(name) ?? []));
  const title = sourceInTitle(summary);
  // The packages of a module are of many sources.
  if (title?.includes(':')) return known.size > 0 ? [...known] : [...fixes.keys()];
  if (known.size > 0) return [...known];
  if (title !== undefined) return [title];
  const [shortest] = [...fixes.keys()].sort((a, b) => a.length - b.length);
  return shortest === undefined ? [] : [shortest];
}

/**
 * The source of each binary package, learned where one rebuild's announcement names the one source and another's, under the
 * same number, its packages; and where an announcement's title is the name of its source.
 */
export function learnSources(
  bySource: readonly FixRecord[],
  byBinary: readonly FixRecord[],
): ReadonlyMap<string, string> {
  const sourceOf = new Map<string, string>();
  const named = new Map<string, string>();
  for (const { number, fixes } of bySource) {
    const [only, ...others] = fixes.keys();
    if (only === undefined) continue;
    if (others.length === 0) named.set(number, only);
    for (const name of fixes.keys()) sourceOf.set(name, name);
  }
  for (const record of byBinary) {
    const title = sourceInTitle(record.summary);
    const source = named.get(record.number) ?? (title?.includes(':') ? undefined : title);
    if (source !== undefined)
      for (const name of record.fixes.keys()) if (!sourceOf.has(name)) sourceOf.set(name, source);
  }
  return sourceOf;
}
