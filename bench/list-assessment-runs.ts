/** Signed ListAssessmentRuns over sockets, against the query behind it asked straight of the store. */
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { openStore } from '../packages/server/src/store/store.ts';
import { signRequest } from '../packages/server/src/wire/sigv4/sign.ts';
import { percentile, type Report, type Row } from './report.ts';
import { sampleScope, withSampleDirectory } from './sample-directory.ts';
import { benchKey, startAssay } from './server-process.ts';

const RUNS = 50_000;
const CONNECTIONS = 32;
const PAGE = 10;
const WARM_UP = 2000;
const MEASURED = 6000;
/** Signed beforehand, each of another second, so that signing takes nothing from the client and no two are alike. */
const SIGNED = 200;

export const listAssessmentRuns = (): Promise<Report> =>
  withSampleDirectory(RUNS, async (directory) => {
    const floor = await askStore(join(directory, 'assay.db'));
    const { endpoint, stop } = await startAssay(directory);
    try {
      return {
        bench: `list-assessment-runs: pages of ${PAGE} of ${RUNS.toLocaleString('en-US')} runs, ${CONNECTIONS} connections`,
        columns: ['a second', 'p50 ms', 'p99 ms'],
        floor,
        rows: [await askServer(endpoint)],
        ratio: "of the floor's rate",
      };
    } finally {
      await stop();
    }
  });

async function askStore(file: string): Promise<Row> {
  const store = await openStore(file);
  const scope = await store.scopes.idOf(sampleScope);
  const row = await measure('the same query on the store', 1, async () => {
    const runs = await store.runs.list(scope, {}, undefined, PAGE + 1);
    if (runs.length !== PAGE + 1) throw new Error(`The store gave ${runs.length} runs`);
  });
  await store.close();
  return row;
}

async function askServer(endpoint: string): Promise<Row> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const body = JSON.stringify({ maxResults: PAGE });
  const signed = [...Array(SIGNED).keys()].map((age) => headersOf(endpoint, body, Date.now() - age * 1000));
  let next = 0;
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = signed[next++ % SIGNED] ?? {};
      const call = request(endpoint, { agent, method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200 && text.includes('nextToken')) resolve();
          else reject(new Error(`The server said ${response.statusCode}: ${text.slice(0, 300)}`));
        });
      });
      call.on('error', reject).end(body);
    });
  try {
    return await measure('signed requests to the server', CONNECTIONS, ask);
  } finally {
    agent.destroy();
  }
}

const headersOf = (url: string, body: string, now: number): Record<string, string> => ({
  ...signRequest({
    ...benchKey,
    region: sampleScope.region,
    service: 'inspector',
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'InspectorService.ListAssessmentRuns' },
    body,
    now,
  }),
  'content-length': String(Buffer.byteLength(body)),
});

/** Calls `ask` from so many loops at once, after a warm-up that does not count. */
async function measure(label: string, loops: number, ask: () => Promise<void>): Promise<Row> {
  const begin = performance.now() + WARM_UP;
  const end = begin + MEASURED;
  const times: number[] = [];
  const loop = async (): Promise<void> => {
    for (let started = performance.now(); started < end; ) {
      await ask();
      const now = performance.now();
      if (started >= begin && now <= end) times.push(now - started);
      started = now;
    }
  };
  await Promise.all([...Array(loops)].map(loop));
  return { label, values: [(times.length * 1000) / MEASURED, percentile(times, 0.5), percentile(times, 0.99)] };
}
