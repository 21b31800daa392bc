import type { AffectedPackage, Disposition } from '../../domain/advisories.ts';
import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf, tokenOf } from '../hostile-value.ts';
import type { EcosystemEntry } from '../imported-record.ts';
import { inconsistencyIn } from './inconsistency.ts';
import { ornament } from './ornament.ts';
import { rangesOf } from './ranges.ts';
import { uncovered } from './uncovered.ts';

const MAX_VERSIONS = 50_000;
const MAX_BINARIES = 5_000;

/**
 * What OSV.dev's converter writes as `introduced` for Alpine is a version of upstream's, in places above the fix; Alpine
 * itself publishes fixes alone.
 */
const ALPINE = /^ALPINE-CVE-/;

/** Ubuntu's states, where a converter kept them (https://documentation.ubuntu.com/security/). */
const STATES: ReadonlyMap<string, Disposition> = new Map([
  ['deferred', 'DEFERRED'],
  ['ignored', 'WILL_NOT_FIX'],
  ['end-of-life', 'END_OF_LIFE'],
  ['not-affected', 'NOT_AFFECTED'],
]);

/** One element of `affected`, or why it is not known what it says. Null where it is of no package. */
export type AffectedOutcome =
  | { readonly entry: EcosystemEntry; readonly notes: readonly string[]; readonly fault?: string }
  | { readonly fault: string };

/** Reads an element of `affected`. What names its package and cannot be read otherwise becomes an entry that says so. */
export function affectedOf(record: string, value: unknown): AffectedOutcome | undefined {
  let named: Named | undefined;
  try {
    named = namedIn(value);
    if (!named) return undefined;
    return readEntry(record, named, objectOf(value, 'an affected entry'));
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    return named
      ? { entry: unreadableEntry(record, named, error.message), notes: [], fault: error.message }
      : { fault: error.message };
  }
}

/** The packages that a record names which cannot be read as a whole. */
export function namedPackages(record: string, affected: unknown, reason: string): EcosystemEntry[] {
  if (!Array.isArray(affected)) return [];
  const found = new Map<string, Named>();
  for (const value of affected.slice(0, MAX_NAMED)) {
    try {
      const named = namedIn(value);
      if (named) found.set(JSON.stringify(named), named);
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
    }
  }
  return [...found.values()].map((named) => unreadableEntry(record, named, reason));
}

const MAX_NAMED = 5_000;

interface Named {
  readonly ecosystem: string;
  readonly name: string;
}

/** Undefined for commits of a repository: there is no package then, or one without a name. */
function namedIn(value: unknown): Named | undefined {
  const named = objectOf(member(objectOf(value, 'an affected entry'), 'package') ?? {}, 'package');
  if (Object.keys(named).length === 0) return undefined;
  const ecosystem = tokenOf(member(named, 'ecosystem'), 'package.ecosystem');
  return { ecosystem, name: tokenOf(member(named, 'name'), 'package.name') };
}

const unreadableEntry = (record: string, { ecosystem, name }: Named, reason: string): EcosystemEntry => ({
  ecosystem,
  // Red Hat's converter gives the names of files where it misreads a module.
  affected: { record, package: packageIn(name), ranges: [], unreadable: reason.slice(0, 300) },
});

/** `openssh` of `openssh-8.7p1-38.el9.x86_64.rpm`, `bash_5.2.15-2_amd64.deb` and `bash-5.2-r0.apk`. */
function packageIn(name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1);
  const found =
    /^(.+)-[^-]+-[^-]+\.[a-z0-9_]+\.rpm$/.exec(file) ??
    /^([^_]+)_[^_]+_[a-z0-9-]+\.deb$/.exec(file) ??
    /^(.+)-[^-]+-r\d+\.apk$/.exec(file);
  return found?.[1] ?? name;
}

function readEntry(
  record: string,
  { ecosystem, name }: Named,
  entry: Readonly<Record<string, unknown>>,
): AffectedOutcome | undefined {
  const notes: string[] = [];
  const ranges = rangesOf(member(entry, 'ranges'), ALPINE.test(record));
  const listed = versionsOf(member(entry, 'versions'));
  const versions =
    ranges.kind === 'none' ? listed : ranges.kind === 'some' ? uncovered(ecosystem, ranges.ranges, listed) : [];
  if (ranges.kind === 'none' && versions.length === 0) return undefined;
  const odd = inconsistencyIn(ecosystem, name, ranges.kind === 'some' ? ranges.ranges : []);
  if (odd !== undefined) throw new FeedFault(odd);
  const specific =
    ornament(notes, () => objectOf(member(entry, 'ecosystem_specific') ?? {}, 'ecosystem_specific')) ?? {};
  const urgency = ornament(notes, () => urgencyOf(specific, member(entry, 'severity')));
  const disposition =
    ranges.kind === 'never'
      ? 'NOT_AFFECTED'
      : (STATES.get(String(member(specific, 'status'))) ?? (urgency === 'end-of-life' ? 'END_OF_LIFE' : undefined));
  const binaries = binariesOf(member(specific, 'binaries'));
  const affected: AffectedPackage = {
    record,
    package: name,
    ranges: ranges.kind === 'some' ? ranges.ranges : [],
    ...(versions.length > 0 && { versions }),
    ...(urgency !== undefined && { urgency }),
    ...(disposition !== undefined && { disposition }),
    ...(binaries !== undefined && { binaries }),
  };
  // What OSV.dev exports of Alpine is of one of its repositories.
  const repository = ecosystem.startsWith('Alpine:') ? { repository: 'main' } : {};
  return { entry: { ecosystem, affected, ...repository }, notes };
}

const versionsOf = (value: unknown): string[] =>
  listOf(value, 'versions', MAX_VERSIONS)
    .map((version) => tokenOf(version, 'a version'))
    .sort();

/** Debian writes `urgency`, Ubuntu `ubuntu_priority` and, since schema 1.7, a severity of the package. */
function urgencyOf(specific: Readonly<Record<string, unknown>>, severity: unknown): string | undefined {
  const said = member(specific, 'urgency') ?? member(specific, 'ubuntu_priority');
  if (said !== undefined) return tokenOf(said, 'urgency', 40);
  for (const each of listOf(severity, 'affected.severity', 20)) {
    const rating = objectOf(each, 'a severity');
    if (member(rating, 'type') === 'Ubuntu') return tokenOf(member(rating, 'score'), 'a severity', 40);
  }
  return undefined;
}

/** Ubuntu: a list of `{binary_name, binary_version}`. SUSE: a list of `{name: version, …}`. */
function binariesOf(value: unknown): Readonly<Record<string, string>> | undefined {
  const found = listOf(value, 'binaries', MAX_BINARIES).flatMap((each): (readonly [string, string])[] => {
    const binary = objectOf(each, 'a binary');
    const name = member(binary, 'binary_name');
    const pairs = name === undefined ? Object.entries(binary) : [[name, member(binary, 'binary_version')] as const];
    return pairs.map(([binaryName, version]) => [
      tokenOf(binaryName, 'a binary’s name'),
      tokenOf(version, 'a binary’s version'),
    ]);
  });
  if (found.length > MAX_BINARIES) throw new FeedFault(`there are more than ${MAX_BINARIES} binaries`);
  return found.length === 0 ? undefined : Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
