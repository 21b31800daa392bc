/** From the start of the process to the first 200 on /health, against Node starting a server that does nothing. */
import { percentile, type Report, type Row } from './report.ts';
import { withSampleDirectory } from './sample-directory.ts';
import { type Started, start, startAssay } from './server-process.ts';

const STARTS = 9;
const RUNS = 50_000;
const BARE =
  'require("node:http").createServer((_, reply) => reply.end()).listen(Number(process.argv[1]), "127.0.0.1")';

export async function startUp(): Promise<Report> {
  const floor = await measure('node -e with a bare node:http server', () =>
    start((port) => ['-e', BARE, String(port)]),
  );
  const made = await measure('assay serve, store made on this start', () => withSampleDirectory(0, startAndStop));
  const empty = await withSampleDirectory(0, async (path) => {
    await startAndStop(path);
    return measure('assay serve, empty store', () => startAssay(path));
  });
  const full = await withSampleDirectory(RUNS, (path) =>
    measure(`assay serve, ${RUNS.toLocaleString('en-US')} runs`, () => startAssay(path)),
  );
  return {
    bench: `start-up, ${STARTS} starts each`,
    columns: ['median ms', 'fastest ms', 'slowest ms'],
    floor,
    rows: [made, empty, full],
    ratio: "times the floor's",
  };
}

async function startAndStop(path: string): Promise<Started> {
  const started = await startAssay(path);
  await started.stop();
  return { ...started, stop: async () => undefined };
}

async function measure(label: string, begin: () => Promise<Started>): Promise<Row> {
  const times: number[] = [];
  for (let index = 0; index < STARTS; index++) {
    const { milliseconds, stop } = await begin();
    times.push(milliseconds);
    await stop();
  }
  return { label, values: [percentile(times, 0.5), Math.min(...times), Math.max(...times)] };
}
