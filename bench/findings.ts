/**
 * Findings stored durably: hosts of some 300 CVEs each written as a run writes them, packed by a thread of their own while
 * the host before is written, as a server does, and the log taken into the file by another; and history imported. Against
 * the same rows by one bare statement in transactions of the same size.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Finding } from '../packages/server/src/domain/finding.ts';
import { newResourceId } from '../packages/server/src/domain/ids.ts';
import type { Run } from '../packages/server/src/domain/run.ts';
import { importHistory } from '../packages/server/src/engine/history/import/import-history.ts';
import { findingItem } from '../packages/server/src/engine/items/finding-item.ts';
import { compactLists } from '../packages/server/src/engine/jobs/compact-lists.ts';
import { writeJudgement } from '../packages/server/src/engine/judging/write-judgement.ts';
import { keepLogShort } from '../packages/server/src/runtime/keep-log-short.ts';
import { isBusy } from '../packages/server/src/store/database/sqlite.ts';
import { openStore } from '../packages/server/src/store/store.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import type { PackedHost } from './pack-hosts-worker.ts';
import { cvePackage, randomFindings } from './random-findings.ts';
import type { Report, Row } from './report.ts';
import { sampleScope } from './sample-directory.ts';

const ROUNDS = 3;
const SEED = 20_261_122;
/** Hosts between two times that lists are sealed: what the server does a second, at its goal. */
const SEALED = 66;

/** What a way of writing took, in milliseconds, and for how many findings and bytes. */
interface Taken {
  readonly milliseconds: number;
  readonly findings: number;
  readonly bytes: number;
}

export async function storeFindings({
  findings = 50_000,
}: {
  readonly findings?: number | undefined;
} = {}): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const ways = [
      ['the same rows by one bare statement', bare],
      ['as a run writes them', (file: string, hosts: number) => judged(file, hosts, false)],
      ['as a run writes them, and segments of the list', (file: string, hosts: number) => judged(file, hosts, true)],
      ['imported, with segments of the list', imported],
    ] as const;
    const each = randomFindings(seededRandom(SEED)).judgement(0).findings.length;
    const hosts = Math.ceil(findings / each);
    const taken = ways.map((): Taken[] => []);
    // In turn, so that whatever else the machine does is the same for all.
    for (let round = 0; round < ROUNDS; round++) {
      for (const [at, [, work]] of ways.entries()) {
        const file = join(folder, `${round}-${at}.db`);
        taken[at]?.push(await work(file, hosts));
        for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
      }
    }
    const [floor, ...rows] = ways.map(([label], at) => rowOf(label, taken[at] ?? []));
    if (!floor) throw new Error('nothing was measured');
    return {
      bench: `store-findings: ${findings.toLocaleString('en-US')} findings of ${hosts} hosts, each in a transaction that is durable; best of ${ROUNDS}`,
      columns: ['findings/s', 'µs each', 'bytes each'],
      floor,
      rows,
      ratio: "of the floor's rate",
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(label: string, taken: readonly Taken[]): Row {
  const costs = taken.map(({ milliseconds, findings }) => (milliseconds * 1000) / findings);
  const best = Math.min(...costs);
  const { bytes = 0, findings = 1 } = taken[0] ?? {};
  return { label, values: [1e6 / best, best, bytes / findings] };
}

const sizeOf = (file: string): number => statSync(file).size;

/** The floor: the columns of a finding, by its key alone. */
async function bare(file: string, hosts: number): Promise<Taken> {
  const { judgement } = randomFindings(seededRandom(SEED));
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32768;
    create table findings (scope integer not null, id text not null, target text not null, template text not null,
      run text not null, agent text, auto_scaling_group text, rules_package text not null, rule text not null,
      severity text not null, numeric_severity real not null, document text not null, created_at integer not null,
      updated_at integer not null, primary key (scope, id)) strict;`);
  const insert = database.prepare('insert into findings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const [target, template, run] = [0, 1, 2].map(() => newResourceId(randomBytes)) as [string, string, string];
  let [milliseconds, findings] = [0, 0];
  for (let host = 0; host < hosts; host++) {
    const own = judgement(host).findings;
    const began = performance.now();
    database.exec('begin immediate');
    for (const { rule, severity, numericSeverity, document } of own) {
      const [id, agent] = [newResourceId(randomBytes), document.assetAttributes.agentId];
      const text = JSON.stringify(document);
      insert.run(
        1,
        id,
        target,
        template,
        run,
        agent,
        null,
        cvePackage,
        rule,
        severity,
        numericSeverity,
        text,
        host,
        host,
      );
    }
    database.exec('commit');
    milliseconds += performance.now() - began;
    findings += own.length;
  }
  database.close();
  return { milliseconds, findings, bytes: sizeOf(file) };
}

/** With verdicts, indexes and notes for the lists; and, where it is asked for, segments as the server makes them. */
async function judged(file: string, hosts: number, sealed: boolean): Promise<Taken> {
  const store = await openStore({ file });
  const stopping = new AbortController();
  const keeping = keepLogShort({ file }, { sleep, report: console.error }, stopping.signal);
  const worker = new Worker(new URL('./pack-hosts-worker.ts', import.meta.url), { workerData: SEED });
  const pack = async (host: number): Promise<PackedHost> => {
    worker.postMessage(host);
    const [packed] = (await once(worker, 'message')) as [PackedHost];
    return packed;
  };
  const { transaction } = store;
  const changed = store.lists.changed;
  const scope = await store.scopes.idOf(sampleScope);
  const under = { at: 0, versions: {} };
  const run: Run = {
    ...{ id: newResourceId(randomBytes), target: newResourceId(randomBytes), template: newResourceId(randomBytes) },
    ...{ name: 'bench', state: 'EVALUATING_RULES', duration: 3600, rulesPackages: 1, userAttributes: [] },
    ...{ createdAt: 0, startedAt: 0, completedAt: null, stateChangedAt: 0, dataCollected: true, findingCounts: {} },
    ...{ stateChanges: [], notifications: [], imported: false, knowledge: under },
  };
  await store.runs.importMany(scope, [run]);
  // The thread loads what it needs before it is timed.
  await pack(0);
  let findings = 0;
  const began = performance.now();
  let packing = pack(0);
  for (let host = 0; host < hosts; host++) {
    const { agent, judgement } = await packing;
    if (host + 1 < hosts) packing = pack(host + 1);
    const one = { agent: { id: agent }, rulesPackage: cvePackage, judgement, under };
    await transaction((tables) => writeJudgement(tables, scope, run, one, Date.now(), randomBytes));
    if (sealed && (host % SEALED === SEALED - 1 || host === hosts - 1)) await compactLists({ changed, transaction });
    findings += judgement.findings.length;
  }
  const milliseconds = performance.now() - began;
  await worker.terminate();
  stopping.abort();
  await keeping;
  await store.close();
  return { milliseconds, findings, bytes: sizeOf(file) };
}

const sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
};

/** From lines of JSON, each checked against the API's shape. */
async function imported(file: string, hosts: number): Promise<Taken> {
  const { judgement } = randomFindings(seededRandom(SEED));
  const store = await openStore({ file });
  const [target, template, run] = [0, 1, 2].map(() => newResourceId(randomBytes)) as [string, string, string];
  const lines: Buffer[] = [];
  for (let host = 0; host < hosts; host++) {
    const own = judgement(host).findings.map(
      (each): Finding => ({
        ...each,
        id: newResourceId(randomBytes),
        target,
        template,
        run,
        agent: each.document.assetAttributes.agentId,
        autoScalingGroup: null,
        rulesPackage: cvePackage,
        document: { ...each.document, userAttributes: [] },
        createdAt: host * 1000,
        updatedAt: host * 1000,
      }),
    );
    for (const row of own)
      lines.push(Buffer.from(`${JSON.stringify({ kind: 'finding', item: findingItem(sampleScope, row) })}\n`));
  }
  const deps = {
    transaction: store.transaction,
    isUnavailable: isBusy,
    sleep: async () => undefined,
    onProgress: () => undefined,
  };
  const began = performance.now();
  const { added } = await importHistory(deps, chunked(lines));
  const milliseconds = performance.now() - began;
  await store.close();
  if (added !== lines.length) throw new Error(`Only ${added} of ${lines.length} findings were imported`);
  return { milliseconds, findings: added, bytes: sizeOf(file) };
}

async function* chunked(lines: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < lines.length; from += 32) yield Buffer.concat(lines.slice(from, from + 32));
}
