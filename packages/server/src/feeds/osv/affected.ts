import type { AffectedPackage, Disposition } from '../../domain/advisories.ts';
import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf, tokenOf } from '../hostile-value.ts';
import type { EcosystemEntry } from '../imported-record.ts';
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

/** One element of `affected`; undefined for one that names no package or nothing of it. Throws {@link FeedFault}. */
export function affectedOf(record: string, value: unknown): EcosystemEntry | undefined {
  const entry = objectOf(value, 'an affected entry');
  const named = objectOf(member(entry, 'package') ?? {}, 'package');
  // Commits of a repository: there is no package then, or one of no name.
  if (Object.keys(named).length === 0) return undefined;
  const ecosystem = tokenOf(member(named, 'ecosystem'), 'package.ecosystem');
  const name = tokenOf(member(named, 'name'), 'package.name');
  const ranges = rangesOf(member(entry, 'ranges'), ALPINE.test(record));
  const listed = versionsOf(member(entry, 'versions'));
  const versions =
    ranges.kind === 'none' ? listed : ranges.kind === 'some' ? uncovered(ecosystem, ranges.ranges, listed) : [];
  if (ranges.kind === 'none' && versions.length === 0) return undefined;
  const specific = objectOf(member(entry, 'ecosystem_specific') ?? {}, 'ecosystem_specific');
  const urgency = urgencyOf(specific, member(entry, 'severity'));
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
  return { ecosystem, affected };
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
