/**
 * ListAssessmentRuns under a thousand random combinations of filters, a page of 100: the store alone and the whole
 * operation without HTTP, against reading as many rows by their primary keys. `--runs 1000000` for a million,
 * `--postgres` for a store in PostgreSQL.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { templateArn } from '@assay/model/arn.ts';
import { compactLists } from '../packages/server/src/engine/jobs/compact-lists.ts';
import { openDataDirectory } from '../packages/server/src/runtime/data-directory.ts';
import { openService } from '../packages/server/src/runtime/service.ts';
import type { StoreLocation } from '../packages/server/src/store/database/store-location.ts';
import type { RunFilter, TimeRange } from '../packages/server/src/store/lists/run-filter.ts';
import { openStore, type Store } from '../packages/server/src/store/store.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { bestOfGoes, GOES, goesColumns, rowOf } from './best-of-goes.ts';
import { pointReads } from './point-reads.ts';
import { type RandomRuns, randomRuns } from './random-runs.ts';
import type { Report, Row } from './report.ts';
import { sampleScope } from './sample-directory.ts';
import { withDatabase } from './with-database.ts';

const FILTERS = 1000;
const PAGE = 100;
const DEEP_PAGE = 10_000;
const SEED = 20_261_122;

export const listFilters = ({
  runs = 50_000,
  postgres = false,
}: {
  readonly runs?: number | undefined;
  readonly postgres?: boolean | undefined;
} = {}): Promise<Report> => withDatabase(postgres, (database) => measureFilters(runs, database));

async function measureFilters(runs: number, database: string | undefined): Promise<Report> {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  const directory = openDataDirectory(path, database);
  const service = await openService({ directory, report: console.error });
  try {
    const { store, handler } = service;
    const scope = await store.scopes.idOf(sampleScope);
    const arns = [1, 2, 3, 4, 5, 6].map(
      (one) => `arn:aws:inspector:us-east-1:316112463485:rulespackage/0-0000000${one}`,
    );
    const sets = await store.transaction(({ rulesPackageSets }) =>
      arns.reduce(
        async (made, _, at) => [...(await made), await rulesPackageSets.idOf(arns.slice(at, at + 2))],
        Promise.resolve<number[]>([]),
      ),
    );
    const sample = randomRuns(runs, sets, seededRandom(SEED));
    const filled = await fill(store, scope, sample, runs);
    const filters = Array.from({ length: FILTERS }, sample.filter);

    const columns = 'id, target, template, created_at';
    const { read } = await pointReads(directory.store, scope, { table: 'runs', columns, page: PAGE });
    const floor = await bestOfGoes(`${PAGE} rows by primary key`, FILTERS, read);
    const list = (filter: RunFilter) => store.runs.list(scope, filter, undefined, PAGE + 1);
    const caller = { ...sampleScope, scope, accessKeyId: 'BENCH', policy: undefined };
    const origin = { address: '127.0.0.1', userAgent: undefined, secure: false };
    const ask = (input: object) =>
      handler.handle('ListAssessmentRuns', Buffer.from(JSON.stringify(input)), { ...caller, origin });
    const inputs = filters.map((filter) => inputOf(filter, sample, (set) => arns[sets.indexOf(set)] ?? ''));
    for (const filter of filters.slice(0, 100)) await list(filter);

    let full = 0;
    const rows: Row[] = [
      await bestOfGoes('store, any filters', FILTERS, async (at) => {
        const { length } = await list(filters[at] ?? {});
        if (length > 0) full += 1 / GOES;
      }),
      await bestOfGoes('operation, the same filters', FILTERS, (at) => ask(inputs[at] ?? {})),
      await bestOfGoes('operation, no filter', FILTERS, () => ask({ maxResults: PAGE })),
      await firstReads(directory.store, scope, filters),
      ...(await deepPages(store, scope, runs)),
    ];
    return {
      bench: `list-filters${database === undefined ? '' : ' on PostgreSQL'}: ${FILTERS} combinations, ${Math.round(full)} of them with a match, of ${runs.toLocaleString('en-US')} runs; ${filled}`,
      columns: goesColumns,
      floor,
      rows,
      ratio: "times the floor's p50",
    };
  } finally {
    await service.stop();
    rmSync(path, { recursive: true, force: true });
  }
}

async function fill(store: Store, scope: number, { run }: RandomRuns, runs: number): Promise<string> {
  const { transaction, lists } = store;
  const started = performance.now();
  let sealing = 0;
  const seal = async (): Promise<void> => {
    const began = performance.now();
    await compactLists({ transaction, changed: lists.changed }, 1);
    sealing += performance.now() - began;
  };
  for (let from = 0; from < runs; from += 1000) {
    const batch = Array.from({ length: Math.min(1000, runs - from) }, (_, at) => run(from + at));
    await transaction((tables) => tables.runs.importMany(scope, batch));
    if ((from / 1000) % 50 === 49) await seal();
  }
  await seal();
  await store.analyze('ALL');
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  return `written in ${seconds(performance.now() - started)} s, ${seconds(sealing)} s of it for segments`;
}

/** What a server that was just started takes, with nothing in memory but what the system keeps of the file. */
async function firstReads(location: StoreLocation, scope: number, filters: readonly RunFilter[]): Promise<Row> {
  const taken: number[] = [];
  for (const filter of filters.filter((_, at) => at % 20 === 0)) {
    const store = await openStore(location);
    const began = performance.now();
    await store.runs.list(scope, filter, undefined, PAGE + 1);
    taken.push(performance.now() - began);
    await store.close();
  }
  return rowOf('store, every 20th filter, nothing in memory', taken, taken);
}

/** Page 1 and page 10,000 of a list that an index gives and of one that segments give: pages of ten. */
async function deepPages(store: Store, scope: number, runs: number): Promise<Row[]> {
  const size = Math.max(1, Math.min(10, Math.floor(runs / 2 / DEEP_PAGE)));
  const rows: Row[] = [];
  for (const [name, filter] of [
    ['no filter', {}],
    ['COMPLETED, three minutes to eight hours', { states: ['COMPLETED'], minDuration: 180, maxDuration: 28_800 }],
  ] as const) {
    const skipped = await store.runs.list(scope, {}, undefined, DEEP_PAGE * size);
    const last = skipped.at(-1);
    if (!last) throw new Error('There is no page 10,000');
    const after = { at: last.createdAt, id: last.id };
    for (const [page, from] of [
      ['page 1', undefined],
      ['page 10,000', after],
    ] as const) {
      rows.push(
        await bestOfGoes(`store, ${name}, ${page} of ${size}`, FILTERS, () =>
          store.runs.list(scope, filter, from, size + 1),
        ),
      );
    }
  }
  return rows;
}

function inputOf(filter: RunFilter, { target }: RandomRuns, packageOf: (set: number) => string) {
  const seconds = (range: TimeRange | undefined) =>
    range && {
      ...(range.begin === undefined ? {} : { beginDate: range.begin / 1000 }),
      ...(range.end === undefined ? {} : { endDate: range.end / 1000 }),
    };
  const { minDuration, maxDuration } = filter;
  const ranged = minDuration !== undefined && maxDuration !== undefined && minDuration > maxDuration;
  return {
    maxResults: PAGE,
    assessmentTemplateArns: filter.templates?.map((template) => templateArn(sampleScope, target, template)),
    filter: {
      namePattern: filter.namePattern,
      states: filter.states,
      ...(minDuration === undefined && maxDuration === undefined
        ? {}
        : { durationRange: { minSeconds: minDuration, maxSeconds: ranged ? undefined : maxDuration } }),
      rulesPackageArns: filter.rulesPackages?.map(packageOf),
      startTimeRange: seconds(filter.started),
      completionTimeRange: seconds(filter.completed),
      stateChangeTimeRange: seconds(filter.stateChanged),
    },
  };
}
