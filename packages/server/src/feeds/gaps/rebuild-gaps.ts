import type { Gap } from '../../domain/advisories.ts';
import { rpm } from '../../domain/versions/rpm.ts';
import { type FixRecord, sourcesOf } from './fix-record.ts';

/** What one of several distributions that build the same sources announces for one release. */
export interface Rebuild {
  /** `Rocky Linux:9`, and all ecosystems below it. */
  readonly ecosystem: string;
  /** For texts: `Rocky Linux`. */
  readonly name: string;
  readonly records: readonly FixRecord[];
  /** Packages that its records name for any release. */
  readonly everNamed: ReadonlySet<string>;
  /** Whether it only tells what others forgot: no host is assessed by its records. */
  readonly isWitness?: boolean;
}

/** Packages that one alone ships: Red Hat's patches of the running kernel, for subscribers, and Oracle's own kernels. */
const ALONE = /^(?:kpatch-patch|kernel-uek)/;

/**
 * CVEs that one of the rebuilds of a release announced a fix of and another did not: its feed has no record of the CVE for
 * the source that would find a host without the fix. `shipped` says whether its feed shows that it builds the source.
 */
export function rebuildGaps(rebuilds: readonly Rebuild[], sourceOf: ReadonlyMap<string, string>): Gap[] {
  const views = rebuilds.map((rebuild) => viewOf(rebuild, sourceOf));
  return views.flatMap((target) => {
    if (target.rebuild.isWitness) return [];
    const found = new Map<string, Gap>();
    for (const sibling of views) {
      if (sibling === target) continue;
      for (const gap of missingIn(target, sibling)) {
        const key = `${gap.cve} ${gap.package} ${streamOf(gap.siblingFixed ?? '')}`;
        const known = found.get(key);
        // Two that know it show that it is no package of one alone.
        if (!known) found.set(key, gap);
        else if (!known.shipped) found.set(key, { ...known, shipped: true });
      }
    }
    return [...found.values()];
  });
}

interface View {
  readonly rebuild: Rebuild;
  readonly sources: ReadonlyMap<FixRecord, readonly string[]>;
  /** The announcements of each CVE. */
  readonly numbers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of each CVE, the fixed versions of each binary and source package. */
  readonly fixes: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** Fixed versions of each package and source. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
}

function viewOf(rebuild: Rebuild, sourceOf: ReadonlyMap<string, string>): View {
  const sources = new Map<FixRecord, readonly string[]>();
  const numbers = new Map<string, Set<string>>();
  const fixes = new Map<string, Map<string, string[]>>();
  const versions = new Map<string, string[]>();
  for (const record of rebuild.records) {
    const of = sourcesOf(record, sourceOf);
    sources.set(record, of);
    const [only, ...others] = of;
    const named = [...record.fixes].flatMap(([name, fixed]) => {
      const source = others.length === 0 && only !== undefined ? only : (sourceOf.get(name) ?? name);
      return name === source
        ? [[name, fixed] as const]
        : ([
            [name, fixed],
            [source, fixed],
          ] as const);
    });
    for (const [name, fixed] of named) add(versions, name, fixed);
    for (const cve of record.cves) {
      numbers.set(cve, (numbers.get(cve) ?? new Set()).add(record.number));
      const each = fixes.get(cve) ?? new Map<string, string[]>();
      fixes.set(cve, each);
      for (const [name, fixed] of named) add(each, name, fixed);
    }
  }
  return { rebuild, sources, numbers, fixes, versions };
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (!known) map.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
}

function* missingIn(target: View, sibling: View): Generator<Gap> {
  const { name: own, ecosystem, everNamed } = target.rebuild;
  for (const record of sibling.rebuild.records) {
    const missing = record.cves.filter((cve) => !target.numbers.get(cve)?.has(record.number));
    if (missing.length === 0) continue;
    const sources = (sibling.sources.get(record) ?? []).filter((name) => !ALONE.test(name));
    for (const source of sources) {
      const names = sources.length === 1 ? [...record.fixes.keys()] : [source].filter((name) => record.fixes.has(name));
      const fixed = record.fixes.get(names[0] ?? '');
      if (fixed === undefined) continue;
      const all = [...new Set([source, ...names])];
      const known = all.flatMap((each) => target.versions.get(each) ?? []);
      if (known.length > 0 && !isOfLine(fixed, known)) continue;
      const shipped = known.length > 0 || all.some((each) => everNamed.has(each));
      for (const cve of missing) {
        const said = all.flatMap((each) => target.fixes.get(cve)?.get(each) ?? []);
        if (said.some((other) => findsHostsWithout(fixed, other))) continue;
        yield {
          ecosystem,
          cve,
          package: source,
          names,
          sibling: `${sibling.rebuild.name} (${record.id})`,
          siblingFixed: fixed,
          why: `${own} has no record of ${cve} for ${source}, which it builds from the same source as ${sibling.rebuild.name}; there ${record.id} fixed it in ${fixed}`,
          shipped,
        };
      }
    }
  }
}

const epochOf = (version: string): string | undefined => /^(\d+):/.exec(version)?.[1];
const bare = (version: string): string => version.replace(/^\d+:/, '');
const upstreamOf = (version: string): string => bare(version).replace(/-[^-]*$/, '');
const firstNumber = (version: string): string => /^[^\d]*(\d+)/.exec(version)?.[1] ?? version;

/** Of a module's package, the stream as far as its version tells; nothing of others. */
const streamOf = (version: string): string =>
  /\.module[+_]/.test(version) ? (/^\d+(?:\.\d+)?/.exec(upstreamOf(version))?.[0] ?? '') : '';

/** Whether a record with one fix finds the hosts that lack another: it is as late, and of the same stream. */
const findsHostsWithout = (fixed: string, other: string): boolean =>
  streamOf(fixed) === streamOf(other) && rpm.compare(bare(other), withoutTag(bare(fixed))) >= 0;

/** Rebuilds of one source differ in what follows `.el9`. */
const withoutTag = (version: string): string => version.replace(/(\.el\d+)[._+].*$/, '$1');

/** Whether a version is one of the line that others are of: among them, or with the same first number, and the same epoch. */
function isOfLine(version: string, known: readonly string[]): boolean {
  const [epoch, epochs] = [epochOf(version), known.flatMap((each) => epochOf(each) ?? [])];
  if (epoch !== undefined && epochs.length === known.length && !epochs.includes(epoch)) return false;
  const own = upstreamOf(version);
  const others = known.map(upstreamOf);
  if (others.some((each) => firstNumber(each) === firstNumber(own))) return true;
  return others.some((each) => rpm.compare(each, own) < 0) && others.some((each) => rpm.compare(each, own) > 0);
}
