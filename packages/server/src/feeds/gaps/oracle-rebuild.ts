import type { FixRecord } from './fix-record.ts';

/**
 * Oracle numbers announcements of its own from 12,000 on, among which Red Hat's numbers of later years fall too. Source:
 * the lists of ELSA on linux.oracle.com.
 */
const OWN_FROM = 12_000;
/** What Oracle puts before the release of a build that it changed: `.0.1` of `38.0.1.el9_4.1`. */
const MARK = /(?:\.0\.\d+)+(?=\.(?:el|module))/;
/** Builds of other lines: with patches of running programs, and with certified cryptography. */
const OTHER_LINE = /\.ksplice|_fips\b/;

/**
 * An announcement of Oracle as Red Hat's of the same sources would be: its versions without Oracle's mark. Nothing for one
 * that only Oracle may have made, because it is numbered so and has builds that Oracle changed.
 */
export function asRebuilt(record: FixRecord): FixRecord[] {
  const fixes = [...record.fixes].filter(([, version]) => !OTHER_LINE.test(version));
  const isMarked = fixes.some(([, version]) => MARK.test(version));
  if (fixes.length === 0 || (isMarked && Number(record.number.split(':')[1]) >= OWN_FROM)) return [];
  return [{ ...record, fixes: new Map(fixes.map(([name, version]) => [name, version.replace(MARK, '')])) }];
}
