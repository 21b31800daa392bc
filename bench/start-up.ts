/**
 * From the start of the process to the first 200 on /health, against Node starting a server that does nothing; and the
 * memory of a server that nobody has asked anything yet.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile, type Report, type Row } from './report.ts';
import { withSampleDirectory } from './sample-directory.ts';
import { type Started, start, startAssay } from './server-process.ts';

const STARTS = 9;
/** When memory is looked at, in milliseconds after the first answer. */
const IDLE = 5000;
const BARE =
  'require("node:http").createServer((_, reply) => reply.end()).listen(Number(process.argv[1]), "127.0.0.1")';

/** `runs` and as many findings; a million each unless told otherwise. */
export async function startUp({ runs = 1_000_000 }: { readonly runs?: number | undefined } = {}): Promise<Report> {
  const bare = (): Promise<Started> => start((port) => ['-e', BARE, String(port)]);
  const number = runs.toLocaleString('en-US');
  return withSampleDirectory(
    runs,
    async (full) => {
      const floor = await measure('node -e with a bare node:http server', bare);
      const made = await measure('assay serve, store made on this start', startNew);
      const empty = await withSampleDirectory(0, async (path) => {
        await (await startAssay(path)).stop();
        return measure('assay serve, empty store', () => startAssay(path));
      });
      return {
        bench: `start-up, ${STARTS} starts each`,
        columns: ['median ms', 'fastest ms', 'slowest ms', 'idle MiB'],
        floor,
        rows: [
          made,
          empty,
          await measure(`assay serve, ${number} runs and ${number} findings`, () => startAssay(full)),
        ],
        ratio: "times the floor's",
      };
    },
    { findings: runs },
  );
}

async function startNew(): Promise<Started> {
  const path = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  const started = await startAssay(path);
  return { ...started, stop: () => started.stop().then(() => rmSync(path, { recursive: true })) };
}

async function measure(label: string, begin: () => Promise<Started>): Promise<Row> {
  const times: number[] = [];
  let memory = 0;
  for (let index = 1; index <= STARTS; index++) {
    const { milliseconds, pid, stop } = await begin();
    times.push(milliseconds);
    if (index === STARTS) {
      await delay(IDLE);
      memory = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
    }
    await stop();
  }
  return { label, values: [percentile(times, 0.5), Math.min(...times), Math.max(...times), memory] };
}
