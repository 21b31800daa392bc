/** The list of findings against brute force, whatever of it stands in segments. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Finding } from '../../packages/server/src/domain/finding.ts';
import { newResourceId } from '../../packages/server/src/domain/ids.ts';
import type { Run } from '../../packages/server/src/domain/run.ts';
import type { FindingFilter } from '../../packages/server/src/store/lists/finding-filter.ts';
import { findingLayout } from '../../packages/server/src/store/lists/finding-layout.ts';
import { openStore, type Store } from '../../packages/server/src/store/store.ts';
import { checkSegments } from '../support/check-segments.ts';
import { propertyRuns } from '../support/effort.ts';
import { historicRun, someFinding } from '../support/scenario.ts';
import { closing, temporaryStore } from './open-temporary.ts';

/** Of the hashes that attributes and the like are found by: with few, what is not the same looks the same. */
const hash = vi.hoisted(() => ({ bits: 32 }));
vi.mock('../../packages/server/src/store/segments/term-hash.ts', async (original) => {
  const { termHash, finishHash, ...others } =
    await original<typeof import('../../packages/server/src/store/segments/term-hash.ts')>();
  return {
    ...others,
    finishHash: (state: number) => finishHash(state) % 2 ** hash.bits,
    termHash: (...texts: string[]) => termHash(...texts) % 2 ** hash.bits,
  };
});

const id = (): string => newResourceId(randomBytes);
const parents = { target: id(), template: id() };
const agent = fc.constantFrom('i-1', 'i-2', 'i-3', 'i-4');
const group = fc.constantFrom('web', 'db', 'é');
const rule = fc.constantFrom('rule a', 'rule b', 'CVE-2020-1');
const severity = fc.constantFrom('High', 'Medium', 'Low', 'Informational', 'Undefined');
const rulesPackage = fc.constantFrom('arn:1', 'arn:2');
const time = fc.integer({ min: 0, max: 20 });
const pair = fc.record({ key: fc.constantFrom('k', 'l'), value: fc.constantFrom('1', '2', '') });
const wanted = fc.oneof(pair, fc.record({ key: fc.constantFrom('k', 'l', 'm') }));
const pairs = fc.uniqueArray(fc.oneof({ weight: 5, arbitrary: pair }, fc.record({ key: fc.constant('l') })), {
  selector: ({ key }) => key,
  maxLength: 2,
});
/** What names a finding's packages, several in one text. */
const packages = fc.record({
  key: fc.constant('package_name'),
  value: fc.constantFrom('curl', 'libcurl4', 'libcurl4, curl', 'libcurl4, curl-doc, and 2 more'),
});
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 });

const filters = {
  agents: some(agent),
  autoScalingGroups: some(group),
  rules: some(rule),
  severities: some(severity),
  rulesPackages: some(rulesPackage),
  attributes: fc.array(wanted, { maxLength: 2 }),
  userAttributes: fc.array(wanted, { maxLength: 2 }),
  package: fc.constantFrom('curl', 'libcurl4', 'and 2 more'),
  created: fc.record({ begin: time, end: time }),
};
const filter = fc
  .shuffledSubarray(Object.keys(filters) as (keyof typeof filters)[], { maxLength: 3 })
  .chain((names) =>
    fc.record(Object.fromEntries(names.map((one) => [one, filters[one]]))),
  ) as fc.Arbitrary<unknown> as fc.Arbitrary<FindingFilter>;

/** A finding of the run in that place; the second run is still going at first. */
const finding = fc.record({
  run: fc.nat({ max: 3 }),
  agent: fc.option(agent),
  autoScalingGroup: fc.option(group),
  rule,
  severity,
  rulesPackage,
  createdAt: time,
  attributes: fc.tuple(pairs, fc.option(packages)).map(([own, named]) => (named ? [...own, named] : own)),
  userAttributes: pairs,
});

type Step =
  | { readonly add: readonly (typeof finding extends fc.Arbitrary<infer T> ? T : never)[] }
  | { readonly remove: number }
  | { readonly end: true }
  | { readonly change: number; readonly to: Finding['document']['userAttributes'] }
  | { readonly seal: { readonly size: number; readonly changes: number; readonly segments: number } }
  | {
      readonly list: FindingFilter;
      readonly ofRuns: readonly number[];
      readonly after: number;
      readonly limit: number;
    };

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: fc.array(finding, { minLength: 1, maxLength: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat({ max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ end: fc.constant(true) }) },
  { weight: 3, arbitrary: fc.record({ change: fc.nat({ max: 60 }), to: pairs }) },
  {
    weight: 6,
    arbitrary: fc.record({
      seal: fc.record({
        size: fc.integer({ min: 1, max: 12 }),
        changes: fc.constantFrom(5, 1000),
        segments: fc.constantFrom(1, 100),
      }),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      list: filter,
      ofRuns: fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
      after: fc.nat({ max: 60 }),
      limit: fc.constantFrom(1, 5, 100),
    }),
  },
) as fc.Arbitrary<Step>;

const newestFirst = (one: Finding, other: Finding): number =>
  other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1);

function matches(own: Finding, filter: FindingFilter): boolean {
  const named = own.document.attributes.find(({ key }) => key === 'package_name')?.value?.split(', ') ?? [];
  if (filter.package === 'and 2 more' || (filter.package !== undefined && !named.includes(filter.package)))
    return false;
  const among = (values: readonly string[] | undefined, value: string | null): boolean =>
    values === undefined || (value !== null && values.includes(value));
  const has = (
    held: readonly { key: string; value?: string | undefined }[],
    asked: FindingFilter['attributes'] = [],
  ): boolean =>
    asked.every(({ key, value }) =>
      held.some((one) => one.key === key && (value === undefined || (one.value ?? '') === value)),
    );
  const { begin = 0, end = Number.POSITIVE_INFINITY } = filter.created ?? {};
  return (
    among(filter.runs, own.run) &&
    among(filter.agents, own.agent) &&
    among(filter.autoScalingGroups, own.autoScalingGroup) &&
    among(filter.rules, own.rule) &&
    among(filter.severities, own.severity) &&
    among(filter.rulesPackages, own.rulesPackage) &&
    has(own.document.attributes, filter.attributes) &&
    has(own.document.userAttributes, filter.userAttributes) &&
    own.createdAt >= begin &&
    own.createdAt <= end
  );
}

interface Model {
  readonly runs: readonly Run[];
  findings: Finding[];
  going: boolean;
}

/** Makes one step on the store and on the model of it; returns how many it listed. */
async function take(store: Store, scope: number, model: Model, one: Step): Promise<number> {
  const runAt = (at: number): string => model.runs[at]?.id ?? '';
  if ('add' in one) {
    const added = one.add.map(({ run, attributes, userAttributes, ...rest }) =>
      someFinding({ ...parents, ...rest, run: runAt(run), document: { attributes, userAttributes } }),
    );
    await store.transaction((tables) => tables.findings.insertMany(scope, added));
    model.findings.push(...added);
  } else if ('remove' in one) {
    await store.transaction((tables) => tables.findings.delete(scope, { run: runAt(one.remove) }));
    model.findings = model.findings.filter(({ run }) => run !== runAt(one.remove));
  } else if ('end' in one) {
    const [, run] = model.runs;
    if (!run || !model.going) return 0;
    await store.transaction((tables) =>
      tables.runs.advance(scope, run, { ...run, state: 'COMPLETED', completedAt: 5 }),
    );
    model.going = false;
  } else if ('change' in one) {
    const own = model.findings[one.change];
    if (!own) return 0;
    await store.transaction((tables) => tables.findings.setUserAttributes(scope, own, one.to, 7));
    const changed = { ...own, document: { ...own.document, userAttributes: one.to }, updatedAt: 7 };
    model.findings = model.findings.map((other) => (other === own ? changed : other));
  } else if ('seal' in one) {
    await store.transaction((tables) => tables.lists.compact(findingLayout.list, scope, one.seal));
  } else {
    const sorted = [...model.findings].sort(newestFirst);
    const last = sorted[one.after];
    const asked = one.ofRuns.length === 0 ? one.list : { ...one.list, runs: one.ofRuns.map(runAt) };
    const after = last && { at: last.createdAt, id: last.id };
    const list = async () => (await store.findings.list(scope, asked, after, one.limit)).map((row) => ({ ...row }));
    const listed = await list();
    const expected = sorted
      .filter((own) => !(model.going && own.run === runAt(1)))
      .filter((own) => matches(own, asked) && (!last || newestFirst(own, last) > 0))
      .slice(0, one.limit);
    expect(listed).toEqual(
      expected.map(({ id: own, target, template, run, createdAt }) => ({ id: own, target, template, run, createdAt })),
    );
    // Now with what the first look has left in memory.
    expect(await list()).toEqual(listed);
    return listed.length;
  }
  return 0;
}

describe.each([
  ['as it is', 32],
  ['of five bits, so that much looks the same', 5],
])('with a hash %s', (_, bits) => {
  test('after any steps in any order the list is as brute force says, and its segments tell the truth', async () => {
    hash.bits = bits;
    let [listed, sealed, accounts] = [0, 0, 0];
    const location = await temporaryStore();
    const store = closing(await openStore(location), (open) => open.close());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 50 }), async (steps) => {
        const scope = await store.scopes.idOf({ account: String(++accounts).padStart(12, '0'), region: 'eu-west-1' });
        const runs = [
          {},
          { imported: false, state: 'EVALUATING_RULES', completedAt: null },
          { imported: true, completedAt: null },
        ] as const;
        const model: Model = {
          // The last one is not in the store at all.
          runs: [...runs, {}].map((change) => historicRun({ ...parents, rulesPackages: 1, ...change })),
          findings: [],
          going: true,
        };
        await store.runs.importMany(scope, model.runs.slice(0, 3));
        for (const one of steps) listed += (await take(store, scope, model, one)) > 0 ? 1 : 0;
        sealed += await checkSegments(location, findingLayout, scope);
      }),
      { numRuns: propertyRuns(80) },
    );
    // Lists of nothing, and segments that never were, would prove nothing.
    expect(listed).toBeGreaterThan(100);
    expect(sealed).toBeGreaterThan(300);
  }, 120_000);
});
