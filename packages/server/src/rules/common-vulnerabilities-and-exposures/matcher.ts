import type { Advisories } from '../../domain/advisories.ts';
import { ecosystemsOf, isCovered } from './covered-ecosystems.ts';
import { judgePackage, type Match } from './judge-package.ts';
import type { Lookup } from './packages.ts';
import { extendedEcosystems, type Streams } from './red-hat-streams.ts';
import type { Release } from './release.ts';
import { firstSpoken, withStreams } from './stream-matches.ts';

export interface Question {
  readonly release: Release;
  readonly lookup: Lookup;
  /** True when the host gets the fixes for subscribers. */
  readonly subscribed: boolean;
  /** Of Red Hat Enterprise Linux: the update streams that the host gets. */
  readonly streams?: Streams;
}

export interface Matcher {
  /** Every CVE that the version is affected by, or that could not be compared, by CVE id. Asked again, it remembers. */
  readonly match: (question: Question) => readonly Match[];
  /** The same judgement of one CVE, whatever its outcome; undefined when no record names the package for it. */
  readonly explain: (question: Question, cve: string) => Match | undefined;
}

/** Answers of the last questions, and at most twice as many. */
const REMEMBERED = 20_000;
const matchers = new WeakMap<Advisories, Matcher>();

/** The matcher of these advisories: one for as long as they live, so that what hosts share is matched once. */
export function matcherOf(advisories: Advisories): Matcher {
  const matcher = matchers.get(advisories) ?? createMatcher(advisories);
  matchers.set(advisories, matcher);
  return matcher;
}

export function createMatcher(advisories: Advisories): Matcher {
  // Two halves, the older one forgotten whole: to take out the oldest answer, a Map would step over all that were taken
  // out before it.
  let recent = new Map<string, readonly Match[]>();
  let older: ReadonlyMap<string, readonly Match[]> = new Map();
  return {
    match: (question) => {
      const key = keyOf(question);
      const known = recent.get(key);
      if (known) return known;
      const matches = older.get(key) ?? ask(advisories, question, undefined);
      if (recent.size >= REMEMBERED) {
        older = recent;
        recent = new Map();
      }
      recent.set(key, matches);
      return matches;
    },
    explain: (question, cve) => ask(advisories, question, cve)[0],
  };
}

/** Asked for every package of every host: put together, which takes a third of the time that JSON would. */
function keyOf({ release, lookup, subscribed, streams }: Question): string {
  const { name, version, epochKnown, stream, binary, line, source, topics } = lookup;
  const flags = `${subscribed ? 'S' : ''}${epochKnown ? '' : 'E'}${source?.epochKnown === false ? 'e' : ''}${stream === null ? 'M' : ''}`;
  const texts = [release.ecosystem, line ?? '', name, version, stream ?? '', topics?.join() ?? '-'];
  for (const also of [binary, source]) texts.push(also?.name ?? '', also?.version ?? '');
  if (lookup.enabledStreams) texts.push(lookup.enabledStreams.join(' '));
  if (streams) texts.push(streams.kinds.join(' '), streams.minor ?? '', streams.kinds.length === 0 ? streams.why : '');
  // With lengths: names come from hosts, and no two questions may look the same.
  return `${flags} ${texts.map(({ length }) => length).join(' ')} ${texts.join(' ')}`;
}

function ask(
  advisories: Advisories,
  { release, lookup, subscribed, streams }: Question,
  cve: string | undefined,
): Match[] {
  const judge = (ecosystems: readonly string[], notAffected: boolean): Map<string, Match> =>
    ecosystems.length === 0
      ? new Map()
      : judgePackage(advisories, ecosystems, release, lookup, { cve, notAffected: notAffected || cve !== undefined });
  const { subscribers } = release;
  const line = release.apart?.(lookup);
  if (line) return settled(judge(ecosystemsOf(advisories, line), false), cve);
  const pro =
    subscribers !== undefined && isCovered(advisories, subscribers) ? judge([subscribers], subscribed) : new Map();
  const base = judge(ecosystemsOf(advisories, release), pro.size > 0 || streams !== undefined);
  // That the release itself is not affected settles what its subscribers have a fix of.
  const main = new Map(
    [...new Set([...base.keys(), ...pro.keys()])].sort().flatMap((name) => {
      const match = weigh(base.get(name), pro.get(name), subscribed);
      return match ? [[name, match] as const] : [];
    }),
  );
  return settled(streams ? byStreams({ main, judge, advisories, release, lookup, streams }) : main, cve);
}

interface Streaming {
  readonly main: ReadonlyMap<string, Match>;
  readonly judge: (ecosystems: readonly string[], notAffected: boolean) => ReadonlyMap<string, Match>;
  readonly advisories: Advisories;
  readonly release: Release;
  readonly lookup: Lookup;
  readonly streams: Streams;
}

/** What the main stream says, and the extended ones of the host and of the build. */
function byStreams({ main, judge, advisories, release, lookup, streams }: Streaming): ReadonlyMap<string, Match> {
  const all = advisories.ecosystems();
  const ofBuild = release.extended?.(lookup.version);
  const ecosystems = ofBuild ? all.filter(ofBuild).sort() : [];
  const build = judge(ecosystems, true);
  const own = firstSpoken(extendedEcosystems(streams, all).map((each) => judge(each, true)));
  const products = streams.kinds.length > 0 ? [] : [...Map.groupBy(ecosystems, productOf).values()];
  const apart = products.length > 1 ? products.map((each) => judge(each, true)) : [];
  const names = [...new Set([...main.keys(), ...build.keys(), ...own.keys()])].sort();
  return new Map(
    names.flatMap((name) => {
      const match = withStreams(
        {
          main: main.get(name),
          build: build.get(name),
          own: own.get(name),
          apart: apart.flatMap((each) => each.get(name) ?? []),
        },
        streams,
      );
      return match ? [[name, match] as const] : [];
    }),
  );
}

/** `rhel_eus` of `Red Hat:rhel_eus:9.2::baseos`. */
const productOf = (ecosystem: string): string => ecosystem.split(':')[1] ?? '';

const settled = (matches: ReadonlyMap<string, Match>, cve: string | undefined): Match[] =>
  [...matches.values()].filter(({ outcome }) => cve !== undefined || outcome !== 'NOT_AFFECTED');

/** Fixes for subscribers decide for a subscriber; for others they are fixes that are not to be had without. */
function weigh(base: Match | undefined, pro: Match | undefined, subscribed: boolean): Match | undefined {
  const settles = base && (base.outcome === 'NOT_AFFECTED' || (base.outcome === 'AFFECTED' && base.fixed !== null));
  if (!pro || (settles && !subscribed)) return base;
  if (subscribed || !(pro.outcome === 'AFFECTED' && pro.fixed !== null)) return subscribed ? pro : (base ?? pro);
  return {
    ...pro,
    state: 'NEEDS_PRO',
    urgencies: [...new Set([...(base?.urgencies ?? []), ...pro.urgencies])],
    decisions: [...(base?.decisions ?? []), ...pro.decisions],
    announcements: [...new Set([...(base?.announcements ?? []), ...pro.announcements])],
  };
}
