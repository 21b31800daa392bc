import type { Decision, Match } from './judge-package.ts';
import { type Streams, streamNames } from './red-hat-streams.ts';

/** What the records say of one CVE in one package of Red Hat Enterprise Linux, by the streams that they speak of. */
interface ByStream {
  /** The main stream. */
  readonly main: Match | undefined;
  /** The extended streams of the minor release that the package was built for. */
  readonly build: Match | undefined;
  /** The extended streams that the host gets. */
  readonly own: Match | undefined;
  /** Those of `build` one by one, where the host's are not known. */
  readonly apart: readonly Match[];
}

const hasFix = (match: Match | undefined): boolean => match?.outcome === 'NOT_AFFECTED' && match.fixInstalled === true;
const spoken = (match: Match | undefined): Match | undefined => (match?.beside ? undefined : match);

/**
 * What counts for a host. A build that has a fix of the main stream, or of its own minor release, has the fix, though it
 * may sort before that of another stream. Else the streams that the host gets decide, and then the main one, of which
 * they are kept. Where the host's are not known, what they differ in is not assessed.
 */
export function withStreams({ main: base, build, own, apart }: ByStream, streams: Streams): Match | undefined {
  const [main, ofBuild, ofHost] = [spoken(base), spoken(build), spoken(own)];
  if (hasFix(main)) return main;
  const differ = streams.kinds.length === 0 ? differing(apart) : undefined;
  if (differ) return unsettled(main ?? differ[0], differ, streams);
  if (ofBuild?.outcome === 'NOT_AFFECTED') return ofBuild;
  if (ofHost && (ofHost.outcome !== 'NOT_ASSESSED' || main?.outcome !== 'AFFECTED')) return ofHost;
  if (!main) return ofBuild ?? base ?? build ?? own;
  if (main.outcome !== 'AFFECTED') return ofBuild ?? main;
  const extended = streams.kinds.length > 0 && !streams.kinds.includes('main');
  if (main.fixed !== null) return extended ? elsewhere(main, streams) : main;
  // That there is no fix, but in a stream that the host is not known to get.
  return ofBuild?.outcome === 'AFFECTED' && ofBuild.fixed !== null
    ? { ...main, decisions: [...main.decisions, ...ofBuild.decisions] }
    : main;
}

type Several = readonly [Match, ...Match[]];

/** Matches of several streams of which one has the fix in the build and another has not. */
function differing(apart: readonly Match[]): Several | undefined {
  const [first, ...others] = apart.filter(({ beside, outcome }) => !beside && outcome !== 'NOT_ASSESSED');
  return first && others.some(({ outcome }) => outcome !== first.outcome) ? [first, ...others] : undefined;
}

function unsettled(match: Match, differ: Several, { why }: Streams): Match {
  const said = differ.flatMap(({ decisions }) =>
    decisions.map(({ record, ecosystem, comparison }) => `${record} for ${ecosystem}: ${comparison}`),
  );
  const [decision] = differ[0].decisions;
  const comparison = `which update stream of Red Hat Enterprise Linux the host gets is not known (${why}), and they differ: ${said.sort().join('; ')}`;
  const decisions: Decision[] = decision ? [{ ...decision, outcome: 'NOT_ASSESSED', fixed: null, comparison }] : [];
  return { ...match, outcome: 'NOT_ASSESSED', fixed: null, state: 'UNDETERMINED', decisions };
}

/** The fix is in the main stream, which the host does not get. */
function elsewhere(main: Match, streams: Streams): Match {
  const comparison = (text: string): string => `${text}, in the main stream; ${streamNames(streams)} has no fix`;
  const decisions = main.decisions.map((each) => ({ ...each, fixed: null, comparison: comparison(each.comparison) }));
  return { ...main, fixed: null, state: 'NO_FIX', decisions };
}

/** The first of several streams that says something of each CVE. */
export function firstSpoken(matches: readonly ReadonlyMap<string, Match>[]): ReadonlyMap<string, Match> {
  const found = new Map<string, Match>();
  for (const each of matches) {
    for (const [cve, match] of each) if (spoken(found.get(cve)) === undefined) found.set(cve, match);
  }
  return found;
}
