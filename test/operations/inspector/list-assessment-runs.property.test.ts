/** ListAssessmentRuns against a filter in plain TypeScript over the same runs. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../../packages/server/src/domain/run.ts';
import { runStates } from '../../../packages/server/src/domain/run-machine.ts';
import { matchesWildcard } from '../../../packages/server/src/domain/wildcard.ts';
import { propertyRuns } from '../../support/effort.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { given, historicRun, newId, rulesPackages, scopeOf } from '../../support/scenario.ts';
import { testSeed } from '../../support/test-seed.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const region = 'us-east-1';
const packages: string[] = [];
/** Sets of rules packages by their id in the store. */
const sets = new Map<number, readonly string[]>();
const parents = Array.from({ length: 6 }, () => ({ target: newId(), template: newId() }));
let runs: readonly Run[] = [];

/** Few values, so that filters often match, and times collide. */
const day = Date.UTC(2021, 5, 1);
const time = fc.integer({ min: 0, max: 40 }).map((step) => day + step * 35);
const letters = ['a', 'A', 'b', '%', '_', '?', '[', ']', '\\', '^', 'é', 'É', 'ж', '😀', '𝒳', ' ', "'", '"'];
const name = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 6 });
const duration = fc.constantFrom(1, 179, 180, 181, 3600, 86_400, 604_800);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 });

beforeAll(async () => {
  packages.push(...(await rulesPackages(server().client())));
  const { store } = server().service;
  for (const arns of [[packages[0]], [packages[1], packages[2]], [packages[2], packages[0]], packages, []]) {
    const chosen = arns.map(given);
    sets.set(await store.transaction((tables) => tables.rulesPackageSets.idOf(chosen)), chosen);
  }
  const run = fc
    .record({
      parent: fc.constantFrom(...parents),
      name,
      state: fc.constantFrom(...runStates),
      duration,
      rulesPackages: fc.constantFrom(...sets.keys()),
      createdAt: time,
      startedAt: fc.option(time),
      completedAt: fc.option(time),
      stateChangedAt: time,
    })
    .map(({ parent, ...rest }) => historicRun({ ...parent, ...rest }));
  runs = fc.sample(run, { numRuns: 400, seed: testSeed });
  // A name is taken once a template: what was not written is not expected.
  const scope = await scopeOf(server());
  const first = new Map(runs.map((entry) => [`${entry.template} ${entry.name}`, entry]));
  runs = [...first.values()];
  await store.runs.importMany(scope, runs);
  expect((await ask({ maxResults: 500 })).assessmentRunArns).toHaveLength(runs.length);
});

interface Input {
  readonly assessmentTemplateArns?: readonly string[] | undefined;
  readonly filter?: Filter | undefined;
}
interface Range {
  readonly beginDate?: number | undefined;
  readonly endDate?: number | undefined;
}
interface Filter {
  readonly namePattern?: string | undefined;
  readonly states?: readonly string[] | undefined;
  readonly durationRange?:
    | { readonly minSeconds?: number | undefined; readonly maxSeconds?: number | undefined }
    | undefined;
  readonly rulesPackageArns?: readonly string[] | undefined;
  readonly startTimeRange?: Range | undefined;
  readonly completionTimeRange?: Range | undefined;
  readonly stateChangeTimeRange?: Range | undefined;
}

const arnOf = ({ target, template, id }: Pick<Run, 'target' | 'template' | 'id'>): string =>
  `arn:aws:inspector:${region}:123456789012:target/${target}/template/${template}/run/${id}`;

/** What ListAssessmentRuns should list, newest first. */
function expected({ assessmentTemplateArns = [], filter = {} }: Input): string[] {
  const within = (value: number | null, range: Range | undefined): boolean => {
    const { beginDate, endDate } = range ?? {};
    if (beginDate === undefined && endDate === undefined) return true;
    if (value === null) return false;
    // A hundredth of a millisecond for what seconds lose as binary fractions.
    const [begin, end] = [(beginDate ?? 0) * 1000 - 0.01, (endDate ?? Number.POSITIVE_INFINITY) * 1000 + 0.01];
    return value >= begin && value <= end;
  };
  const anyOf = (wanted: readonly string[] | undefined, own: readonly string[]): boolean =>
    !wanted?.length || own.some((value) => wanted.includes(value));
  const { minSeconds = 0, maxSeconds = Number.POSITIVE_INFINITY } = filter.durationRange ?? {};
  return runs
    .filter(
      (run) =>
        anyOf(assessmentTemplateArns, [arnOf(run).replace(/\/run\/.*/, '')]) &&
        (filter.namePattern === undefined || matchesWildcard(filter.namePattern, run.name)) &&
        anyOf(filter.states, [run.state]) &&
        run.duration >= minSeconds &&
        run.duration <= maxSeconds &&
        anyOf(filter.rulesPackageArns, given(sets.get(run.rulesPackages))) &&
        within(run.startedAt, filter.startTimeRange) &&
        within(run.completedAt, filter.completionTimeRange) &&
        within(run.stateChangedAt, filter.stateChangeTimeRange),
    )
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    .map(arnOf);
}

/** Times of the wire: whole milliseconds, and a little beside them. */
const seconds = fc.tuple(time, fc.constantFrom(0, 0, 0.0004, -0.0004)).map(([at, off]) => (at + off * 1000) / 1000);
const range = fc
  .record({ beginDate: optional(seconds), endDate: optional(seconds) })
  .filter(({ beginDate, endDate }) => beginDate === undefined || endDate === undefined || beginDate <= endDate);
const pattern = fc.oneof(
  name,
  fc.string({ unit: fc.constantFrom('*', '*', '*', ...letters), minLength: 1, maxLength: 5 }),
  // A pattern made from a name that is there.
  fc.nat().chain((at) =>
    fc.tuple(fc.nat(5), fc.nat(5)).map(([from, to]) => {
      const text = [...(runs[at % Math.max(1, runs.length)]?.name ?? 'a')];
      return [...text.slice(0, from), '*', ...text.slice(from + to)].join('');
    }),
  ),
);
const inputs = (): fc.Arbitrary<Input> => {
  const template = fc.constantFrom(...new Set(runs.map((run) => arnOf(run).replace(/\/run\/.*/, ''))));
  return fc.record(
    {
      assessmentTemplateArns: fc.array(template, { maxLength: 4 }),
      filter: fc.record(
        {
          namePattern: pattern,
          states: fc.array(fc.constantFrom(...runStates), { maxLength: 6 }),
          durationRange: fc
            .record({ minSeconds: optional(duration), maxSeconds: optional(duration) })
            .filter(({ minSeconds: min, maxSeconds: max }) => min === undefined || max === undefined || min <= max),
          rulesPackageArns: fc.array(fc.constantFrom(...packages), { maxLength: 3 }),
          startTimeRange: range,
          completionTimeRange: range,
          stateChangeTimeRange: range,
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
};

const ask = async (input: Input & { nextToken?: string | undefined; maxResults?: number }) => {
  const reply = await rawRequest(server(), 'ListAssessmentRuns', input);
  expect(reply.status, reply.text).toBe(200);
  return reply.body as { assessmentRunArns: string[]; nextToken?: string };
};

/** All pages, their sizes in turn; each but the last must be full, and no token may come twice. */
async function walk(input: Input, sizes: readonly number[], between: () => Promise<void> = async () => {}) {
  const walked: string[] = [];
  const tokens = new Set<string>();
  for (let page = 0, nextToken: string | undefined; ; page++) {
    const maxResults = sizes[page % sizes.length] ?? 10;
    const reply = await ask({ ...input, maxResults, nextToken });
    walked.push(...reply.assessmentRunArns);
    if (reply.nextToken === undefined) {
      expect(Object.keys(reply)).toEqual(['assessmentRunArns']);
      // A full page that is the last says so: no page is empty but the only one.
      if (page > 0) expect(reply.assessmentRunArns).not.toEqual([]);
      return walked;
    }
    expect(reply.assessmentRunArns).toHaveLength(maxResults);
    expect(tokens.has(reply.nextToken)).toBe(false);
    tokens.add(reply.nextToken);
    nextToken = reply.nextToken;
    await between();
  }
}

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(500)), { minLength: 1, maxLength: 4 });

describe('against a brute-force filter', () => {
  test('any filter lists what it should', async () => {
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(inputs(), async (input) => {
        const { assessmentRunArns } = await ask({ ...input, maxResults: 500 });
        expect(assessmentRunArns).toEqual(expected(input));
        if (assessmentRunArns.length > 0) matched++;
      }),
      { numRuns: propertyRuns(300) },
    );
    // Filters that never match would prove nothing.
    expect(matched).toBeGreaterThan(20);
  });

  const single = [
    'namePattern',
    'states',
    'durationRange',
    'rulesPackageArns',
    'startTimeRange',
    'completionTimeRange',
    'stateChangeTimeRange',
  ] as const;
  test.each(single)('%s alone', async (attribute) => {
    const sizesSeen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(inputs(), async ({ filter }) => {
        const input = { filter: { [attribute]: filter?.[attribute] } };
        const { assessmentRunArns } = await ask({ ...input, maxResults: 500 });
        expect(assessmentRunArns).toEqual(expected(input));
        sizesSeen.add(assessmentRunArns.length);
      }),
      { numRuns: propertyRuns(60) },
    );
    // Filters that let everything through, or nothing, would prove nothing; few sets of packages have few sizes.
    expect(sizesSeen.size).toBeGreaterThan(2);
  });

  test('pages of any sizes, changing on the way, are full and together the whole', async () => {
    await fc.assert(
      fc.asyncProperty(inputs(), sizes, async (input, pageSizes) => {
        // Fewer requests: the smallest pages over the whole are tried elsewhere.
        const enough = pageSizes.map((size) => Math.max(size, Math.ceil(expected(input).length / 12)));
        expect(await walk(input, enough)).toEqual(expected(input));
      }),
      { numRuns: propertyRuns(50) },
    );
  });
});

test('walking while others insert and delete loses and repeats nothing that stayed', async () => {
  const { store } = server().service;
  const scope = await scopeOf(server());
  const before = expected({});
  const [rulesPackagesOf = 0] = sets.keys();
  const added: Run[] = [];
  const removed = new Set<string>();
  let step = 0;
  const walked = await walk({}, [7, 13], async () => {
    // New ones at the front, in the past and at a time that is taken; and any of the old ones go.
    for (const createdAt of [Date.now() + step, day - 1, day + 250 * (step % 40)]) {
      added.push(
        historicRun({ ...given(parents[0]), rulesPackages: rulesPackagesOf, createdAt, name: `added ${added.length}` }),
      );
    }
    await store.runs.importMany(scope, added.slice(-3));
    const victim = given(before[(step * 37) % before.length]);
    removed.add(victim);
    await store.runs.delete(scope, { run: victim.slice(-10) });
    step++;
  });
  const old = new Set(before);
  expect(new Set(walked).size).toBe(walked.length);
  expect(walked.filter((arn) => old.has(arn) && !removed.has(arn))).toEqual(before.filter((arn) => !removed.has(arn)));
  expect(step).toBeGreaterThan(20);
});

describe('a token', () => {
  const invalid = 'InvalidInputException INVALID_PAGINATION_TOKEN';
  const refusal = async (input: Readonly<Record<string, unknown>>, options = {}, operation = 'ListAssessmentRuns') =>
    errorOf(await rawRequest(server(), operation, input, options));

  test('of another filter, operation, account or region is refused', async () => {
    const filter = { states: ['COMPLETED', 'CANCELED'] };
    const { nextToken } = await ask({ filter, maxResults: 1 });
    expect(nextToken).toBeDefined();
    expect((await ask({ filter, maxResults: 2, nextToken })).assessmentRunArns.length).toBeGreaterThan(0);
    for (const other of [{ states: ['COMPLETED'] }, { states: ['COMPLETED', 'CANCELED'], namePattern: '*' }]) {
      expect(await refusal({ filter: other, nextToken })).toBe(invalid);
    }
    expect(await refusal({ nextToken })).toBe(invalid);
    expect(await refusal({ filter, nextToken }, { region: 'eu-west-1' })).toBe(invalid);
    expect(await refusal({ filter, nextToken }, { key: await server().addKey('AKIDOTHER', '210987654321') })).toBe(
      invalid,
    );
    const bare = (await ask({ maxResults: 1 })).nextToken;
    for (const operation of ['ListFindings', 'ListAssessmentTemplates', 'ListAssessmentTargets']) {
      expect(await refusal({ nextToken: bare }, {}, operation)).toBe(invalid);
    }
    // Another key of the same account goes on.
    const key = await server().addKey('AKIDSAME', '123456789012');
    expect((await rawRequest(server(), 'ListAssessmentRuns', { filter, nextToken }, { key })).status).toBe(200);
  });

  test('the order of a filter’s members does not matter', async () => {
    const { nextToken } = await ask({ filter: { namePattern: '*', states: ['COMPLETED'] }, maxResults: 1 });
    await ask({ filter: { states: ['COMPLETED'], namePattern: '*' }, maxResults: 1, nextToken });
  });

  test('with any bit changed is refused', async () => {
    const token = given((await ask({ maxResults: 1 })).nextToken);
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = given(changed[bit >> 3]) ^ (1 << (bit & 7));
      expect(await refusal({ nextToken: changed.toString('base64url') }), `bit ${bit}`).toBe(invalid);
    }
  });

  test('that is any other text is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), async (nextToken) => {
        expect(await refusal({ nextToken })).toBe(invalid);
      }),
      { numRuns: propertyRuns(60) },
    );
  });
});
