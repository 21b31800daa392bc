/**
 * Signed ListAssessmentRuns over sockets, against a bare node:http server that answers the same requests with as many
 * bytes, without looking at them or waiting for their bodies. Beside them: a signed operation that reads no list, the query alone, and moto's inspector2 server.
 * `--runs 50000` for fewer runs, `--postgres` for a store in PostgreSQL, which takes its share of the same machine.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { StoreLocation } from '../packages/server/src/store/database/store-location.ts';
import { openStore } from '../packages/server/src/store/store.ts';
import { type Load, loadServer } from './http-load.ts';
import { percentile, type Report, type Row } from './report.ts';
import { sampleScope, withSampleDirectory } from './sample-directory.ts';
import { type Started, start, startAssay } from './server-process.ts';
import { httpPost, signedRequests } from './signed-requests.ts';
import { withDatabase } from './with-database.ts';

const CONNECTIONS = 32;
const PAGE = 10;
/** Each is measured so often, in turn with the others, and its best goes down: the first rounds warm up, and others may work on the machine. */
const ROUNDS = 12;
/** Answers so many bytes to whatever it is sent. */
const BARE = `const body = Buffer.alloc(Number(process.argv[2]), "x");
  require("node:http").createServer((request, reply) => {
    reply.writeHead(200, { "content-type": "application/x-amz-json-1.1", "content-length": body.length }).end(body);
  }).listen(Number(process.argv[1]), "127.0.0.1")`;

export const listAssessmentRuns = ({
  runs = 1_000_000,
  postgres = false,
}: {
  readonly runs?: number | undefined;
  readonly postgres?: boolean | undefined;
} = {}): Promise<Report> => withDatabase(postgres, (database) => measureLists(runs, database));

const measureLists = (runs: number, database: string | undefined): Promise<Report> =>
  withSampleDirectory(runs, measureDirectory(runs, database), { database });

const measureDirectory =
  (runs: number, database: string | undefined) =>
  async (directory: string): Promise<Report> => {
    const store = await askStore(database === undefined ? { file: join(directory, 'assay.db') } : { url: database });
    const servers: Started[] = [];
    const serve = async (server: Promise<Started>): Promise<string> => {
      const started = await server;
      servers.push(started);
      return started.endpoint;
    };
    try {
      const assay = await serve(startAssay(directory, database));
      const load = (endpoint: string, requests: readonly Buffer[], expected: string): Promise<Load> =>
        loadServer(endpoint, requests, { connections: CONNECTIONS, expected });
      const page = (endpoint: string, expected: string): Promise<Load> =>
        load(endpoint, signedRequests(endpoint, 'ListAssessmentRuns', { maxResults: PAGE }), expected);
      const { bytes } = await page(assay, '"nextToken"');
      const bare = await serve(start((port) => ['-e', BARE, String(port), String(bytes)]));
      const moto = await startMoto();
      if (moto) servers.push(moto);
      const [floor, ...rows] = await inTurn([
        [`node:http, ${bytes} bytes whatever is asked`, () => page(bare, 'xxx')],
        [`signed ListAssessmentRuns, a page of ${PAGE}`, () => page(assay, '"nextToken"')],
        [
          'signed ListEventSubscriptions, of none',
          () => load(assay, signedRequests(assay, 'ListEventSubscriptions', {}), 'subscriptions'),
        ],
        ...(moto ? ([["moto's inspector2, unsigned ListFindings of none", () => askMoto(moto, load)]] as const) : []),
      ]);
      return {
        bench: `list-assessment-runs${database === undefined ? '' : ' on PostgreSQL'}: ${runs.toLocaleString('en-US')} runs, ${CONNECTIONS} connections, best of ${ROUNDS}`,
        columns: ['a second', 'p50 ms', 'p99 ms'],
        floor: floor ?? store,
        rows: [...rows, store],
        ratio: "of the floor's rate",
      };
    } finally {
      for (const server of servers) await server.stop();
    }
  };

type Contender = readonly [label: string, measure: () => Promise<Load>];

async function inTurn(contenders: readonly Contender[]): Promise<Row[]> {
  const best = new Map<string, Load>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [label, measure] of contenders) {
      const load = await measure();
      if (load.rate > (best.get(label)?.rate ?? 0)) best.set(label, load);
    }
  }
  return [...best].map(([label, { rate, times }]) => ({
    label,
    values: [rate, percentile(times, 0.5), percentile(times, 0.99)],
  }));
}

/** One after the other, without a server. */
async function askStore(location: StoreLocation): Promise<Row> {
  const store = await openStore(location);
  const scope = await store.scopes.idOf(sampleScope);
  const times: number[] = [];
  const ask = async (): Promise<void> => {
    const began = performance.now();
    const runs = await store.runs.list(scope, {}, undefined, PAGE + 1);
    times.push(performance.now() - began);
    if (runs.length !== PAGE + 1) throw new Error(`The store gave ${runs.length} runs`);
  };
  for (const until = performance.now() + 1000; performance.now() < until; ) await ask();
  times.length = 0;
  for (const until = performance.now() + 3000; performance.now() < until; ) await ask();
  await store.close();
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    label: 'the query alone, no server',
    values: [(times.length * 1000) / total, percentile(times, 0.5), percentile(times, 0.99)],
  };
}

/** The server of the Python package moto, which verifies no signature and keeps no findings unless it is given them. */
async function startMoto(): Promise<Started | undefined> {
  const program = process.env.ASSAY_BENCH_MOTO ?? 'moto_server';
  if (spawnSync(program, ['--help']).status !== 0) {
    console.error(`list-assessment-runs: moto is left out, there is no ${program}`);
    return undefined;
  }
  return start((port) => ['-H', '127.0.0.1', '-p', String(port)], {
    program,
    path: '/moto-api/',
    // Any will do; without one it looks for a cloud to be in.
    env: { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', AWS_EC2_METADATA_DISABLED: 'true' },
  });
}

/** The Authorization header only says which service is meant. */
function askMoto(
  { endpoint }: Started,
  load: (endpoint: string, requests: readonly Buffer[], expected: string) => Promise<Load>,
): Promise<Load> {
  const credential = 'Credential=AKIDEXAMPLE/20260101/us-east-1/inspector2/aws4_request';
  const headers = [
    `Host: ${new URL(endpoint).host}`,
    'Content-Type: application/json',
    `Authorization: AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`,
  ];
  return load(endpoint, [httpPost('/findings/list', headers, '{"maxResults":10}')], '"findings"');
}
