import type { ContentEntry } from '../../content/content-directory.ts';
import { isNewer } from '../../domain/benchmarks.ts';
import { isoTime } from '../terminal/times.ts';

const DAY = 24 * 60 * 60;
const TWO_YEARS = 2 * 365 * DAY;

/** Content as `--json` shows it. */
export function contentRow(entry: ContentEntry, now: number, all: readonly ContentEntry[] = []) {
  const { name, systems, profiles, version, date, digest, source, addedAt } = entry;
  const newer = all.find((each) => each.systems.some((system) => systems.includes(system)) && isNewer(each, entry));
  const [first] = profiles;
  const released = first?.released ?? null;
  const ageSeconds = released === null ? null : Math.max(0, Math.round((now - Date.parse(released)) / 1000));
  return {
    name,
    systems,
    benchmark: first?.benchmark ?? null,
    benchmarkVersion: first?.version ?? null,
    released,
    ageSeconds,
    old: ageSeconds !== null && ageSeconds > TWO_YEARS,
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
