import { oneLine } from '@assay/model/safe-text.ts';
import type { Advisories, Gap } from '../../domain/advisories.ts';
import { notAssessedBecause } from '../../domain/not-assessed.ts';
import type { Verdict } from '../../domain/rules-package.ts';
import type { Inventory, Subject } from './packages.ts';
import type { Release } from './release.ts';
import { enumerate } from './wording.ts';

/** A gap of the feeds that leaves an installed package open. */
export interface OpenGap {
  readonly subject: Subject;
  readonly gap: Gap;
}

/** CVEs that have a verdict of their own; the others are named together. */
const MAX_VERDICTS = 200;

type ByPackage = ReadonlyMap<string, readonly Gap[]>;
const remembered = new WeakMap<Advisories, Map<string, ByPackage>>();

/** The gaps of a release's feeds, by every name of their packages; made once for all hosts of the release. */
function gapsOf(advisories: Advisories, release: Release): ByPackage {
  const known = remembered.get(advisories) ?? new Map<string, ByPackage>();
  remembered.set(advisories, known);
  const found = known.get(release.ecosystem);
  if (found) return found;
  const gaps = new Map<string, Gap[]>();
  for (const gap of advisories.gaps(release.holds)) {
    for (const name of new Set([gap.package, ...gap.names])) {
      const of = gaps.get(name);
      if (of) of.push(gap);
      else gaps.set(name, [gap]);
    }
  }
  known.set(release.ecosystem, gaps);
  return gaps;
}

/** What the feeds seem to have forgotten of an installed package that does not have the fix that others know. */
export function gapsOfSubject(subject: Subject, release: Release, advisories: Advisories): Gap[] {
  if (subject.aside) return [];
  const gaps = gapsOf(advisories, release);
  const named = new Set([subject.name, subject.sourceName, subject.lookup.name]);
  const all = new Set([...named].flatMap((name) => gaps.get(name) ?? []));
  return [...all].filter((gap) => lacks(subject, gap, release));
}

/** Every gap that leaves a package of a host open. */
export const openGaps = ({ subjects }: Inventory, release: Release, advisories: Advisories): OpenGap[] =>
  subjects.flatMap((subject) => gapsOfSubject(subject, release, advisories).map((gap): OpenGap => ({ subject, gap })));

function lacks({ lookup }: Subject, { siblingFixed }: Gap, { order }: Release): boolean {
  if (siblingFixed === null) return true;
  // Each stream of a module has its own fixes.
  if (isModular(siblingFixed) && streamOf(siblingFixed) !== streamOf(lookup.version)) return false;
  const epoch = /^\d+:/;
  // An epoch that only one of both tells decides nothing.
  const both = epoch.test(siblingFixed) && epoch.test(lookup.version);
  const [own, fixed] = both
    ? [lookup.version, siblingFixed]
    : [lookup.version.replace(epoch, ''), siblingFixed.replace(epoch, '')];
  return !order.isValid(fixed) || order.compare(own, fixed) < 0;
}

const isModular = (version: string): boolean => /\.module[+_]/.test(version);
const streamOf = (version: string): string | undefined => /^(?:\d+:)?(\d+(?:\.\d+)?)/.exec(version)?.[1];

const isExploited = (open: readonly OpenGap[]): boolean => open.some(({ gap }) => gap.exploited === true);

/**
 * A verdict under the CVE for each that has no finding, those that are known to be exploited first, and one that names
 * those past the bound.
 */
export function gapVerdicts(open: readonly OpenGap[], found: ReadonlyMap<string, unknown>): Verdict[] {
  const byCve = new Map<string, OpenGap[]>();
  for (const each of open) {
    if (found.has(each.gap.cve)) continue;
    const of = byCve.get(each.gap.cve);
    if (of) of.push(each);
    else byCve.set(each.gap.cve, [each]);
  }
  const all = [...byCve].sort(([a, x], [b, y]) => Number(isExploited(y)) - Number(isExploited(x)) || (a < b ? -1 : 1));
  const verdicts = all.slice(0, MAX_VERDICTS).map(([cve, of]) => {
    const reasons = [...new Set(of.map(({ gap }) => gap.why))];
    const packages = [...new Set(of.map(({ subject }) => `${subject.name} ${subject.installedVersion}`))];
    const why = `${enumerate(packages, 400)} may be affected: ${enumerate(reasons, 1600, '; ')}`;
    return notAssessedBecause(cve, 'SOURCE_GAP', { why: oneLine(why, 2500) });
  });
  const rest = all.slice(MAX_VERDICTS).map(([cve]) => cve);
  if (rest.length === 0) return verdicts;
  const why = `the feeds have no record of ${enumerate(rest, 2000)} for installed packages, though others have`;
  return [...verdicts, notAssessedBecause('Gaps of the feeds', 'SOURCE_GAP', { why })];
}
