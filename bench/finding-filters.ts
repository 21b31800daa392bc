/**
 * ListFindings under a thousand random combinations of filters, a page of 100, and DescribeFindings of 100, against
 * reading as many rows by their primary keys. The texts of the findings are short. `--findings 10000000` for ten million,
 * `--postgres` for a store in PostgreSQL.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactLists } from '../packages/server/src/engine/jobs/compact-lists.ts';
import { listCacheBytes } from '../packages/server/src/runtime/list-cache-bytes.ts';
import type { StoreLocation } from '../packages/server/src/store/database/store-location.ts';
import { openStore, type Store } from '../packages/server/src/store/store.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { bestOfGoes, goesColumns } from './best-of-goes.ts';
import { pointReads } from './point-reads.ts';
import { BEGIN, END, type RandomFindings, randomFindings } from './random-findings.ts';
import type { Report } from './report.ts';
import { sampleScope } from './sample-directory.ts';
import { withDatabase } from './with-database.ts';

const FILTERS = 1000;
const PAGE = 100;
const SEED = 20_261_122;
/** Hosts of a run, of some 300 findings each. */
const HOSTS = 10;
/** Findings between two times that lists are sealed, as an import does. */
const UNSEALED = 50_000;

export const findingFilters = ({
  findings = 50_000,
  postgres = false,
}: {
  readonly findings?: number | undefined;
  readonly postgres?: boolean | undefined;
} = {}): Promise<Report> => withDatabase(postgres, (database) => measureFilters(findings, database));

async function measureFilters(findings: number, database: string | undefined): Promise<Report> {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  const location: StoreLocation = database === undefined ? { file: join(path, 'assay.db') } : { url: database };
  const store = await openStore(location, { listCache: listCacheBytes() });
  try {
    const scope = await store.scopes.idOf(sampleScope);
    const sample = randomFindings(seededRandom(SEED));
    const filled = await fill(store, scope, sample, findings);
    const filters = Array.from({ length: FILTERS }, sample.filter);
    const columns = 'id, target, template, run, created_at';
    const floorOf = await pointReads(location, scope, { table: 'findings', columns, page: PAGE });
    const list = (at: number) => store.findings.list(scope, filters[at] ?? {}, undefined, PAGE + 1);
    let matching = 0;
    for (let at = 0; at < FILTERS; at++) matching += (await list(at)).length > 0 ? 1 : 0;
    const floor = await bestOfGoes(`${PAGE} rows by primary key`, FILTERS, floorOf.read);
    const rows = [
      await bestOfGoes('ListFindings, any filters', FILTERS, list),
      await bestOfGoes('ListFindings, no filter', FILTERS, () => store.findings.list(scope, {}, undefined, PAGE + 1)),
      await bestOfGoes('DescribeFindings of 100', FILTERS, (at) => store.findings.findMany(scope, floorOf.some(at))),
    ];
    return {
      bench: `finding-filters${database === undefined ? '' : ' on PostgreSQL'}: ${FILTERS} combinations, ${matching} of them with a match, of ${findings.toLocaleString('en-US')} findings; ${filled}`,
      columns: goesColumns,
      floor,
      rows,
      ratio: "times the floor's p50",
    };
  } finally {
    await store.close();
    rmSync(path, { recursive: true, force: true });
  }
}

async function fill(store: Store, scope: number, sample: RandomFindings, findings: number): Promise<string> {
  const { transaction, lists } = store;
  const started = performance.now();
  let sealing = 0;
  const seal = async (): Promise<void> => {
    const began = performance.now();
    await compactLists({ transaction, changed: lists.changed }, 1);
    sealing += performance.now() - began;
  };
  const each = 300 * HOSTS;
  const runs = Math.ceil(findings / each);
  let loose = 0;
  for (let at = 0, left = findings; left > 0; at++) {
    const createdAt = Math.floor(BEGIN + (at * (END - BEGIN)) / runs);
    const rows = sample.run(at * HOSTS, HOSTS, createdAt).slice(0, left);
    await transaction((tables) => tables.findings.insertMany(scope, rows));
    left -= rows.length;
    loose += rows.length;
    if (loose < UNSEALED) continue;
    await seal();
    loose = 0;
  }
  await seal();
  await store.analyze('ALL');
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  return `written in ${seconds(performance.now() - started)} s, ${seconds(sealing)} s of it for segments`;
}
