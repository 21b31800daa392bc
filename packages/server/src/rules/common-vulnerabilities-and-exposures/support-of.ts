import type { Advisories } from '../../domain/advisories.ts';
import { DAY } from '../../domain/durations.ts';
import type { SourcedSupport, SupportEnd, SupportPhase } from '../../domain/release-support.ts';
import { knownEndOfLife } from './known-ends-of-life.ts';
import type { Release } from './release.ts';

export interface SupportStatus {
  /**
   * `UNCERTAIN`: past the end for everyone, and whether this host has the extended support that goes on is not known, or no
   * advisories of that are read. `UNKNOWN`: nothing says when the release ends.
   */
  readonly status: 'SUPPORTED' | 'EXTENDED' | 'UNCERTAIN' | 'ENDED' | 'UNKNOWN';
  /** A sentence without its full stop, with what says so and of which date that is. */
  readonly text: string;
}

/** Past the end for everyone, and not known to go on for this host. */
export const isOver = ({ status }: SupportStatus): boolean => status === 'ENDED' || status === 'UNCERTAIN';

/** What is known beside the release. */
export interface SupportKnowledge {
  readonly advisories?: Pick<Advisories, 'support'> | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of a phase for subscribers: whether this host gets its fixes, and is judged by advisories of them. */
  readonly has?: (phase: SupportPhase) => 'YES' | 'NO' | 'UNKNOWN';
}

/** Those that are no release: they get fixes for as long as somebody updates them. */
const ROLLING: readonly string[] = ['wolfi', 'chainguard', 'opensuse-tumbleweed'];

/** An end that nobody has announced is believed for so long after what says so. */
const OPEN_FOR = 365 * DAY;

/** How a release stands for a host; the last day counts as supported, in UTC. */
export function supportOf(
  { name, key }: Pick<Release, 'name' | 'key'>,
  { advisories, at, has = () => 'UNKNOWN' }: SupportKnowledge,
): SupportStatus {
  if (ROLLING.includes(key))
    return { status: 'SUPPORTED', text: `${name} is a rolling release, which gets security fixes` };
  const [latest, ...others] = sourcesOf(key, advisories);
  if (!latest) return { status: 'UNKNOWN', text: `when ${name} ends is not known: no data on ends of life names it` };
  const by = `(by ${latest.source} of ${dayOf(latest.date)})`;
  const { security } = latest;
  const stands = (end: SupportEnd): boolean =>
    end === 'OPEN' ? at < latest.date + OPEN_FOR : end !== 'OVER' && at < Date.parse(`${end}T00:00:00Z`) + DAY;
  if (stands(security)) return { status: 'SUPPORTED', text: `${name} gets security fixes ${untilOf(security)} ${by}` };
  if (security === 'OPEN') {
    return { status: 'UNKNOWN', text: `when ${name} ends is not known: no end was announced ${by}, long ago` };
  }
  const names = new Set(latest.extended.map((phase) => phase.name));
  const further = others.flatMap(({ extended }) => extended.filter((phase) => !names.has(phase.name)));
  const phases = [...latest.extended, ...further];
  const since = security === 'OVER' ? 'before' : `since ${security}`;
  const going = phases.filter(({ until }) => stands(until));
  const mine = going.find((phase) => phase.of === 'EVERYONE' || has(phase) === 'YES');
  if (mine) {
    const some = mine.of === 'EVERYONE' ? `fixes most of its packages` : 'fixes it on this host';
    return {
      status: 'EXTENDED',
      text: `${name} has been past its regular end of life ${since}; ${mine.name} ${some} ${untilOf(mine.until)} ${by}`,
    };
  }
  const over = phases.filter(({ of, until }) => of === 'EVERYONE' && !stands(until));
  const ends = [since, ...over.map((phase) => `${phase.name} since ${phase.until}`)].join(', ');
  const unsure = going.filter((phase) => has(phase) === 'UNKNOWN');
  const offered = going.map((phase) => `${phase.name} ${untilOf(phase.until)}`).join(', ');
  const ended = `end of life ${ends}${offered ? `; for subscribers: ${offered}` : ''}`;
  return unsure.length === 0
    ? { status: 'ENDED', text: `${ended} ${by}` }
    : { status: 'UNCERTAIN', text: `${ended}; whether this host gets these is not known ${by}` };
}

const untilOf = (end: SupportEnd): string => (end === 'OPEN' ? 'with no end announced' : `until ${end}`);
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** What is known of a release, the latest first. */
function sourcesOf(key: string, advisories: SupportKnowledge['advisories']): readonly SourcedSupport[] {
  const known = knownEndOfLife(key);
  const own = known ? [{ ...known, source: "Assay's own table" }] : [];
  return [...(advisories?.support(key) ?? []), ...own].toSorted((a, b) => b.date - a.date);
}
