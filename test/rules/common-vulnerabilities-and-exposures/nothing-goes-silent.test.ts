import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FeedItem } from '../../../packages/server/src/feeds/imported-record.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { at, type HostOptions, hostOf, type InstalledPackage, record } from './hosts.ts';

const sources = ['openssl', 'zlib', 'linux', 'mariadb'];
const cves = ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003'];
const version = fc.constantFrom('1.0-1', '1.0-1+deb12u1', '2.0-1', '2.0-1~bpo12+1', '1:1.0+maria~deb12', '2.0-0ppa1');
const source = fc.constantFrom(...sources);
const cve = fc.constantFrom(...cves);

/** A record or a statement, and what it is about: only for that may it silence anything. */
interface Piece {
  readonly about: string;
  readonly record?: object;
  readonly more?: FeedItem;
}

const piece: fc.Arbitrary<Piece> = fc
  .record({
    cve,
    source,
    fixed: fc.constantFrom(undefined, '1.0-1', '3.0-1', '3.0-1', '2:1-1', 'no version, with spaces'),
    ecosystem: fc.oneof(
      { weight: 6, arbitrary: fc.constant('Debian:12') },
      { weight: 1, arbitrary: fc.constantFrom('Debian:11', 'Ubuntu:22.04:LTS', 'AlmaLinux:9') },
    ),
    kind: fc.constantFrom('CVE', 'DSA', 'DSA', 'BROKEN', 'TRACKER'),
    number: fc.integer({ min: 1, max: 9999 }),
  })
  .map(({ cve: id, source: name, fixed, ecosystem, kind, number }): Piece => {
    const about = `${id} ${name}`;
    const entry = { ecosystem, name, ...(fixed === undefined ? {} : { fixed }) };
    switch (kind) {
      case 'CVE':
        return { about, record: record(`DEBIAN-${id}`, [entry], { modified: '1970-01-01T00:00:00Z' }) };
      case 'DSA':
        return { about, record: record(`DSA-${number}-1`, [entry], { upstream: [id] }) };
      case 'BROKEN':
        return {
          about,
          record: record(`DEBIAN-${id}`, [{ ecosystem, name, events: [{ nothing: '1' }] }], {
            modified: '1970-01-01T00:00:00Z',
          }),
        };
      default: {
        const statement = fixed?.includes(' ') || fixed === undefined ? {} : { fixed };
        return { about, more: { kind: 'disposition', ecosystem: 'Debian:12', package: name, cve: id, ...statement } };
      }
    }
  });

const repositories = [
  { name: 'deb.debian.org/debian bookworm main', origin: 'Debian', codename: 'bookworm' },
  { name: 'apt.example/debian stable main', origin: 'Example' },
];
/** Facts that say whose a package is, but for the one that it is the distribution's. */
const facts = fc.constantFrom<Partial<InstalledPackage>>(
  {},
  { repositories: [1] },
  { otherVersionsIn: [0] },
  { maintainer: 'Debian Team <team@lists.debian.org>' },
  { maintainer: 'Example Inc. <packages@example.com>' },
  { vendor: 'Example' },
);
const installedPackage = fc
  .record({
    name: fc.constantFrom(
      'libssl3',
      'zlib1g',
      'mariadb-server',
      'linux-image-6.1.0-1-amd64',
      'linux-image-6.1.0-2-amd64',
    ),
    version,
    facts,
  })
  .map(({ name, version: own, facts: more }): InstalledPackage => {
    const of = { libssl3: 'openssl', zlib1g: 'zlib', 'mariadb-server': 'mariadb' } as Record<string, string>;
    return { name, version: own, sourceName: of[name] ?? 'linux', ...more };
  });
const host = fc.record({
  packages: fc.uniqueArray(installedPackage, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  known: fc.boolean(),
  uname: fc.option(fc.constantFrom('6.1.0-1-amd64', '6.1.0-9-amd64'), { nil: undefined }),
});

interface Host {
  readonly packages: readonly InstalledPackage[];
  readonly known: boolean;
  readonly uname: string | undefined;
}

/** What is said: `CVE package` for each finding, and the names of packages that are not assessed. */
async function said({ packages, known, uname }: Host, pieces: readonly Piece[]) {
  const options: HostOptions = {
    os: { versionCodename: 'bookworm' },
    ...(known ? { repositories } : {}),
    ...(uname === undefined ? {} : { uname }),
  };
  const own = [...new Map(pieces.map((each) => [JSON.stringify(each), each])).values()];
  const advisories = await advisoriesFromRecords(
    own.flatMap((each) => each.record ?? []),
    { more: own.flatMap((each) => each.more ?? []) },
  );
  const verdicts = rules.evaluate(hostOf(packages, options), { at, advisories });
  const found = new Set<string>();
  const unassessed = new Set<string>();
  for (const verdict of verdicts) {
    if (verdict.outcome === 'FINDING') {
      for (const { name } of verdict.finding.packages ?? []) found.add(`${verdict.ruleId} ${name}`);
    } else if (verdict.outcome === 'NOT_ASSESSED') {
      for (const { name } of packages) if (verdict.reason.includes(`${name} `)) unassessed.add(name);
      // Where there are no advisories at all, nothing is assessed.
      if (verdict.ruleId === 'Advisories of the release') for (const { name } of packages) unassessed.add(name);
    }
  }
  return { found, unassessed };
}

/** What was said before and is not any more: it must be about what was added. */
async function silenced(before: readonly [Host, readonly Piece[]], after: readonly [Host, readonly Piece[]]) {
  const [was, is] = [await said(...before), await said(...after)];
  const sourceOf = new Map(before[0].packages.map(({ name, sourceName }) => [name, sourceName]));
  return [...was.found].flatMap((pair) => {
    const [id = '', name = ''] = pair.split(' ');
    return is.found.has(pair) || is.unassessed.has(name) ? [] : [`${id} ${sourceOf.get(name)}`];
  });
}

const runs = { numRuns: 200 };

test('a record, an announcement or a statement more silences nothing but what it speaks of', () =>
  fc.assert(
    fc.asyncProperty(host, fc.array(piece, { minLength: 1, maxLength: 4 }), piece, async (on, pieces, added) => {
      const gone = await silenced([on, pieces], [on, [...pieces, added]]);
      expect(gone.filter((pair) => pair !== added.about)).toEqual([]);
    }),
    runs,
  ));

test('a package more silences nothing', () =>
  fc.assert(
    fc.asyncProperty(
      host,
      fc.array(piece, { minLength: 1, maxLength: 4 }),
      installedPackage,
      async (on, pieces, added) => {
        fc.pre(!on.packages.some(({ name }) => name === added.name));
        const more = { ...on, packages: [...on.packages, added] };
        expect(await silenced([on, pieces], [more, pieces])).toEqual([]);
      },
    ),
    runs,
  ));

test('to know where packages come from, or which kernel runs, silences nothing', () =>
  fc.assert(
    fc.asyncProperty(host, fc.array(piece, { minLength: 1, maxLength: 4 }), async (on, pieces) => {
      const bare = {
        packages: on.packages.map(({ name, version: own, sourceName }) => ({ name, version: own, sourceName })),
        known: false,
        uname: undefined,
      };
      expect(await silenced([bare, pieces], [on, pieces])).toEqual([]);
    }),
    runs,
  ));
