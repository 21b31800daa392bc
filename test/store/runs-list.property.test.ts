/** The list of runs against brute force, whatever of it stands in segments, and the segments against the table. */
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newResourceId } from '../../packages/server/src/domain/ids.ts';
import type { Run } from '../../packages/server/src/domain/run.ts';
import { runStates } from '../../packages/server/src/domain/run-machine.ts';
import { matchesWildcard } from '../../packages/server/src/domain/wildcard.ts';
import { compactLists } from '../../packages/server/src/engine/jobs/compact-lists.ts';
import type { RunFilter, TimeRange } from '../../packages/server/src/store/lists/run-filter.ts';
import { runLayout } from '../../packages/server/src/store/lists/run-layout.ts';
import { openStore, type Store } from '../../packages/server/src/store/store.ts';
import { checkSegments } from '../support/check-segments.ts';
import { propertyRuns } from '../support/effort.ts';
import { historicRun } from '../support/scenario.ts';
import { closing, temporaryStore } from './open-temporary.ts';

const id = (): string => newResourceId(randomBytes);
const templates = Array.from({ length: 4 }, () => ({ template: id(), target: id() }));
const template = fc.constantFrom(...templates);
const state = fc.constantFrom(...runStates);
const rulesPackages = fc.constantFrom(1, 2, 3);
/** Few values that collide, and some that do not fit narrow columns. */
const time = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 30 }) },
  fc.constantFrom(0, 300, 70_000, 5_000_000_000, 1_700_000_000_000),
);
const duration = fc.constantFrom(1, 180, 3600, 86_400, 604_800);
const letters = ['a', 'A', 'b', 'ab', '*', '?', '[', '%', '_', '\\', 'é', 'ж', '😀', ' '];
const name = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 });
const pattern = fc.oneof(
  name,
  fc.array(fc.constantFrom('*', ...letters), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
);

/** Bytes that other servers over the same store keep of its lists: nothing, a few columns that push each other out, many. */
const caches = [0, 40_000, 1_000_000];

const newRuns = fc.array(
  fc.record({
    parent: template,
    name,
    state,
    duration,
    rulesPackages,
    createdAt: time,
    startedAt: fc.option(time),
    completedAt: fc.option(time),
    stateChangedAt: time,
  }),
  { minLength: 1, maxLength: 25 },
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const range: fc.Arbitrary<TimeRange> = fc.record({ begin: optional(time), end: optional(time) });
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 });
const filters = {
  templates: some(template.map((one) => one.template)),
  namePattern: pattern,
  states: fc.array(state, { minLength: 1, maxLength: 8 }),
  minDuration: duration,
  maxDuration: duration,
  rulesPackages: fc.array(rulesPackages, { maxLength: 2 }),
  started: range,
  completed: range,
  stateChanged: range,
};
/** One to three of them: more match nothing of so few runs. */
const filter: fc.Arbitrary<RunFilter> = fc
  .shuffledSubarray(Object.keys(filters) as (keyof typeof filters)[], { maxLength: 3 })
  .chain((names) => fc.record(Object.fromEntries(names.map((one) => [one, filters[one]])))) as fc.Arbitrary<RunFilter>;

type Step =
  | { readonly add: readonly Run[] }
  | { readonly advance: number; readonly to: Run['state']; readonly at: number }
  | { readonly remove: number; readonly what: 'run' | 'template' | 'target' }
  | { readonly seal: { readonly size: number; readonly changes: number; readonly segments: number } }
  | {
      readonly list: RunFilter;
      readonly after: number | undefined;
      readonly limit: number;
      readonly by: number;
    };

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: newRuns.map(
      (runs): Step => ({ add: runs.map(({ parent, ...rest }) => historicRun({ ...parent, ...rest })) }),
    ),
  },
  { weight: 3, arbitrary: fc.record({ advance: fc.nat(), to: state, at: time }) },
  {
    weight: 1,
    arbitrary: fc.record({ remove: fc.nat(), what: fc.constantFrom('run', 'run', 'run', 'run', 'template', 'target') }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      seal: fc.record({
        size: fc.integer({ min: 1, max: 12 }),
        changes: fc.constantFrom(1, 5, 1000),
        segments: fc.constantFrom(1, 2, 100),
      }),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      list: filter,
      after: optional(fc.nat()),
      limit: fc.constantFrom(1, 2, 7, 100),
      by: fc.nat({ max: caches.length }),
    }),
  },
) as fc.Arbitrary<Step>;

const newestFirst = (one: Run, other: Run): number => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1);

function matches(run: Run, wanted: RunFilter): boolean {
  const within = (value: number | null, { begin, end }: TimeRange = {}): boolean =>
    (begin === undefined && end === undefined) ||
    (value !== null && value >= (begin ?? value) && value <= (end ?? value));
  return (
    (wanted.templates?.includes(run.template) ?? true) &&
    (wanted.namePattern === undefined || matchesWildcard(wanted.namePattern, run.name)) &&
    (wanted.states?.includes(run.state) ?? true) &&
    run.duration >= (wanted.minDuration ?? 0) &&
    run.duration <= (wanted.maxDuration ?? run.duration) &&
    (wanted.rulesPackages?.includes(run.rulesPackages) ?? true) &&
    within(run.startedAt, wanted.started) &&
    within(run.completedAt, wanted.completed) &&
    within(run.stateChangedAt, wanted.stateChanged)
  );
}

/** Makes one step on the store and on the model of it; returns how many it listed, through one of several servers. */
async function take(
  [store, ...others]: readonly [Store, ...Store[]],
  scope: number,
  model: Map<string, Run>,
  one: Step,
): Promise<number> {
  const sorted = [...model.values()].sort(newestFirst);
  if ('add' in one) {
    const added = await store.transaction((tables) => tables.runs.importMany(scope, one.add));
    for (const run of one.add) if (added.has(run.id)) model.set(run.id, run);
  } else if ('advance' in one) {
    const run = sorted[one.advance % Math.max(1, sorted.length)];
    if (!run) return 0;
    const after: Run = { ...run, state: one.to, stateChangedAt: one.at, completedAt: one.at };
    expect(await store.transaction((tables) => tables.runs.advance(scope, run, after))).toBe(true);
    model.set(run.id, after);
  } else if ('remove' in one) {
    const run = sorted[one.remove % Math.max(1, sorted.length)];
    if (!run) return 0;
    const which =
      one.what === 'run'
        ? { run: run.id }
        : one.what === 'template'
          ? { template: run.template }
          : { target: run.target };
    const gone = sorted.filter((other) => (one.what === 'run' ? other.id === run.id : other.template === run.template));
    expect(await store.transaction((tables) => tables.runs.delete(scope, which))).toBe(gone.length);
    for (const other of gone) model.delete(other.id);
  } else if ('seal' in one) {
    await store.transaction((tables) => tables.lists.compact(runLayout.list, scope, one.seal));
  } else {
    const last = one.after === undefined ? undefined : sorted[one.after % Math.max(1, sorted.length)];
    const after = last && { at: last.createdAt, id: last.id };
    const reader = others[one.by] ?? store;
    const listed = await reader.runs.list(scope, one.list, after, one.limit);
    const expected = sorted
      .filter((run) => matches(run, one.list) && (!last || newestFirst(run, last) > 0))
      .slice(0, one.limit)
      .map((run) => ({ id: run.id, target: run.target, template: run.template, createdAt: run.createdAt }));
    expect(listed.map((row) => ({ ...row }))).toEqual(expected);
    return listed.length;
  }
  return 0;
}

test('after any steps in any order the list is as brute force says, and its segments tell the truth', async () => {
  let [listed, sealed] = [0, 0];
  const location = await temporaryStore();
  const store = closing(await openStore(location), (open) => open.close());
  const others: Store[] = [];
  for (const listCache of caches)
    others.push(closing(await openStore(location, { listCache }), (open) => open.close()));
  let accounts = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 60 }), async (steps) => {
      const scope = await store.scopes.idOf({ account: String(++accounts).padStart(12, '0'), region: 'eu-west-1' });
      const model = new Map<string, Run>();
      for (const one of steps) listed += (await take([store, ...others], scope, model, one)) > 0 ? 1 : 0;
      sealed += await checkSegments(location, runLayout, scope);
    }),
    { numRuns: propertyRuns(120) },
  );
  // Lists of nothing, and segments that never were, would prove nothing.
  expect(listed).toBeGreaterThan(200);
  expect(sealed).toBeGreaterThan(500);
}, 120_000);

describe('sealed', () => {
  const many = async (count: number) => {
    const location = await temporaryStore();
    const store = closing(await openStore(location), (open) => open.close());
    const scope = await store.scopes.idOf({ account: '123456789012', region: 'eu-west-1' });
    const [parent = { template: id(), target: id() }] = templates;
    const runs = Array.from({ length: count }, (_, at) =>
      historicRun({ ...parent, rulesPackages: 1, createdAt: (at * 7919) % count }),
    );
    for (let from = 0; from < count; from += 1000) await store.runs.importMany(scope, runs.slice(from, from + 1000));
    return { location, store, scope, runs };
  };

  test('in several transactions, of a list that came in no order, and pages of it are whole', async () => {
    const { location, store, scope, runs } = await many(10_000);
    const { transaction, lists } = store;
    await compactLists({ transaction, changed: lists.changed }, 1);
    expect(await lists.changed(1)).toEqual([]);
    expect(await checkSegments(location, runLayout, scope)).toBe(10_000);
    const walked: string[] = [];
    for (let after: { at: number; id: string } | undefined; ; ) {
      const page = await store.runs.list(scope, { minDuration: 1 }, after, 700);
      walked.push(...page.map((run) => run.id));
      const last = page.at(-1);
      if (!last || page.length < 700) break;
      after = { at: last.createdAt, id: last.id };
    }
    expect(walked).toEqual([...runs].sort(newestFirst).map((run) => run.id));
  });

  test('by one server while others list, each with what it has in memory', async () => {
    const { location, store, scope, runs } = await many(2000);
    const expected = [...runs].sort(newestFirst).map((run) => run.id);
    const readers: Store[] = [];
    for (const listCache of caches)
      readers.push(closing(await openStore(location, { listCache }), (open) => open.close()));
    let sealing = true;
    const seal = async (): Promise<number> => {
      let times = 0;
      for (let taken = 1; taken > 0; times++) {
        taken = await store.transaction((tables) =>
          tables.lists.compact(runLayout.list, scope, { size: 37, changes: 100, segments: 3 }),
        );
      }
      sealing = false;
      return times;
    };
    const read = async (reader: Store, at: number): Promise<number> => {
      let times = 0;
      for (; sealing || times === 0; times++) {
        // An embedded store answers without a turn of the event loop, which the one who seals may wait for.
        await setImmediate();
        const skip = (times * 331 + at * 97) % 1900;
        const before = runs.find((run) => run.id === expected[skip]);
        const after = before && { at: before.createdAt, id: before.id };
        const page = await reader.runs.list(scope, { namePattern: '*', minDuration: 1 }, after, 50);
        expect(page.map((run) => run.id)).toEqual(expected.slice(skip + 1, skip + 51));
      }
      return times;
    };
    const [sealed = 0, ...listed] = await Promise.all([seal(), ...readers.map(read)]);
    expect(sealed).toBeGreaterThan(20);
    expect(Math.min(...listed)).toBeGreaterThan(5);
    expect(await checkSegments(location, runLayout, scope)).toBe(2000);
  });

  test('a few changes are left to themselves', async () => {
    const { store } = await many(255);
    await compactLists({ transaction: store.transaction, changed: store.lists.changed });
    expect(await store.lists.changed(255)).toHaveLength(1);
  });

  test('what is rolled back is in no segment and no list', async () => {
    const { location, store, scope } = await many(300);
    const fault = new Error('rolled back');
    const work = store.transaction(async (tables) => {
      await tables.runs.delete(scope, { target: templates[0]?.target ?? '' });
      await tables.lists.compact(runLayout.list, scope);
      throw fault;
    });
    await expect(work).rejects.toBe(fault);
    expect(await checkSegments(location, runLayout, scope)).toBe(0);
    expect(await store.runs.list(scope, { minDuration: 1 }, undefined, 500)).toHaveLength(300);
  });
});
