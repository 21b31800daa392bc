import type { ContentEntry } from '../../content/content-directory.ts';
import { benchmarkAge } from '../../domain/benchmark-age.ts';
import { isNewer } from '../../domain/benchmarks.ts';
import { isoTime } from '../terminal/times.ts';

/** Content as `--json` shows it. */
export function contentRow(entry: ContentEntry, now: number, all: readonly ContentEntry[] = []) {
  const { name, systems, profiles, version, date, digest, source, addedAt } = entry;
  const newer = all.find((each) => each.systems.some((system) => systems.includes(system)) && isNewer(each, entry));
  const [first] = profiles;
  return {
    name,
    systems,
    benchmark: first?.benchmark ?? null,
    benchmarkVersion: first?.version ?? null,
    ...benchmarkAge(entry, now),
    supersededBy: newer?.name ?? null,
    contentVersion: version,
    contentDate: date ?? null,
    profiles: profiles.map(({ id, level, role, rules }) => ({ id, level, role, rules: rules.length })),
    digest,
    source,
    addedAt: isoTime(addedAt / 1000),
  };
}
export type ContentRow = ReturnType<typeof contentRow>;
