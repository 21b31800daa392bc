import type { ContentEntry } from '../../content/content-directory.ts';
import { isoTime } from '../terminal/times.ts';

const DAY = 24 * 60 * 60;
const TWO_YEARS = 2 * 365 * DAY;

/** Content as `--json` shows it. */
export function contentRow(
  { name, systems, profiles, version, date, digest, source, addedAt }: ContentEntry,
  now: number,
) {
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
    contentVersion: version,
    contentDate: date ?? null,
    profiles: profiles.map(({ id, level, role, rules }) => ({ id, level, role, rules: rules.length })),
    digest,
    source,
    addedAt: isoTime(addedAt / 1000),
  };
}
export type ContentRow = ReturnType<typeof contentRow>;
