import type { Run } from '../packages/server/src/domain/run.ts';
import { runStates } from '../packages/server/src/domain/run-machine.ts';
import type { RunFilter, TimeRange } from '../packages/server/src/store/lists/run-filter.ts';

/** Runs and filters that are the same for the same seed: five years of 200 templates, states and names skewed. */
export interface RandomRuns {
  readonly target: string;
  readonly templates: readonly string[];
  readonly run: (index: number) => Run;
  readonly filter: () => RunFilter;
}

const DAY = 86_400_000;
const BEGIN = Date.UTC(2020, 0, 1);
const END = BEGIN + 5 * 365 * DAY;
const words =
  'nightly weekly adhoc prod staging web db cache edge batch eu us ap canary blue green Release hotfix audit soc2'.split(
    ' ',
  );
const durations = [180, 900, 3600, 3600, 3600, 28_800, 86_400] as const;

/** `packages` are ids of sets of rules packages. */
export function randomRuns(runs: number, packages: readonly number[], random: () => number): RandomRuns {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  /** The first are by far the most frequent. */
  const skewed = <T>(values: readonly T[]): T => values[Math.floor((values.length + 1) ** random()) - 1] as T;
  const some = <T>(most: number, one: () => T): T[] => [...new Set(Array.from({ length: 1 + below(most) }, one))];
  const maybe = <T>(share: number, one: () => T): T | undefined => (random() < share ? one() : undefined);
  const newId = (): string => `0-${Array.from({ length: 8 }, () => below(36).toString(36)).join('')}`;

  const target = newId();
  const templates = Array.from({ length: 200 }, newId);
  const state = (): Run['state'] => {
    const roll = random();
    if (roll < 0.0005) return 'FAILED';
    if (roll < 0.001) return 'ERROR';
    return roll < 0.1 ? 'COMPLETED_WITH_ERRORS' : roll < 0.15 ? 'CANCELED' : 'COMPLETED';
  };
  const run = (index: number): Run => {
    const createdAt = Math.floor(BEGIN + (index * (END - BEGIN)) / runs);
    const duration = pick(durations);
    const ended = createdAt + 2000 + below(duration * 1000);
    const own = state();
    return {
      id: newId(),
      target,
      template: skewed(templates),
      name: `${skewed(words)}-${skewed(words)} ${index}`,
      state: own,
      duration,
      rulesPackages: skewed(packages),
      userAttributes: [],
      createdAt,
      startedAt: own === 'FAILED' ? null : createdAt + 2000,
      completedAt: ended,
      stateChangedAt: ended,
      dataCollected: true,
      findingCounts: { High: 1, Medium: 5, Low: 2, Informational: 0, Undefined: 0 },
      stateChanges: [
        { at: createdAt, state: 'CREATED' },
        { at: ended, state: own },
      ],
      notifications: [],
      imported: true,
    };
  };

  const number = (digits: number): string => String(below(10 ** digits)).padStart(digits, '0');
  const namePattern = (): string =>
    pick([
      () => `*${skewed(words)}*`,
      () => `*${pick(words)}*`,
      () => `${pick(words)}*`,
      () => `*-${pick(words)} *`,
      () => `*${pick(words)}*${pick(words)}*`,
      () => `${pick(words)}*${number(1)}`,
      () => `*${number(1)}*`,
      () => `*${number(2)}*`,
      () => `*${number(4)}*`,
      () => `*${number(6)}*`,
      () => `*${pick(words)}*${number(3)}*${number(1)}`,
      () => `${pick(words)}-${pick(words)} ${below(runs)}`,
      () => '*zq*',
      () => '*no such name*',
      () => '*',
    ])();
  const time = (): TimeRange => {
    const width = pick([3_600_000, DAY, DAY, 30 * DAY, 365 * DAY, 10 * 365 * DAY]);
    const begin = Math.floor(BEGIN - DAY + random() * (END - BEGIN));
    return pick([{ begin, end: begin + width }, { begin, end: begin + width }, { begin }, { end: begin }]);
  };
  const filter = (): RunFilter => {
    // From one filter in a while to nearly all at once.
    const share = pick([0.15, 0.3, 0.5, 0.8]);
    return {
      templates: maybe(share, () => some(pick([1, 5, 50]), () => pick([skewed, pick])(templates))),
      namePattern: maybe(share, namePattern),
      states: maybe(share, () => some(pick([1, 2, 6]), () => pick(runStates))),
      minDuration: maybe(share / 2, () => pick(durations)),
      maxDuration: maybe(share / 2, () => 1 + pick(durations)),
      rulesPackages: maybe(share, () => some(3, () => pick(packages))),
      started: maybe(share / 2, time),
      completed: maybe(share / 2, time),
      stateChanged: maybe(share / 2, time),
    };
  };
  return { target, templates, run, filter };
}
