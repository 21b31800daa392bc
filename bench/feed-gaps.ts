/** Counting the hosts that each gap of the feeds leaves open, as ListFeedGaps has it done, against reading their documents. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createGapCounts } from '../packages/server/src/engine/judging/gap-counts.ts';
import { openAdvisories } from '../packages/server/src/feeds/index/open-advisories.ts';
import { createGapsThread } from '../packages/server/src/runtime/threads/gaps-thread.ts';
import { openStore, type Store } from '../packages/server/src/store/store.ts';
import { agentOf } from '../test/support/accuracy/agent-of.ts';
import { debianIndex, missing } from './debian-index.ts';
import { fleetHost } from './fleet-hosts.ts';
import type { Report, Row } from './report.ts';
import { withDatabase } from './with-database.ts';

const FLEET = 5000;
const KINDS = ['osRelease', 'packages'] as const;
/** Longer than a count is as good as a new one. */
const LATER = 120_000;

export async function feedGaps({
  hosts = FLEET,
  postgres = false,
}: {
  hosts?: number | undefined;
  postgres?: boolean | undefined;
} = {}): Promise<Report> {
  const report = {
    bench: `feed-gaps: hosts with gaps of the feeds among ${hosts.toLocaleString('en-US')}`,
    columns: ['ms', 'hosts/s', 'longest wait in the thread that answers, ms'],
    ratio: "times the floor's time",
  };
  if (missing) {
    console.error(`feed-gaps: not measured, ${missing} is not there`);
    return { ...report, floor: { label: 'not measured: no data', values: [0, 0, 0] }, rows: [] };
  }
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const file = await debianIndex(folder);
    return await withDatabase(postgres, async (url) => {
      const store = await openStore(url === undefined ? { file: join(folder, 'store.sqlite') } : { url });
      try {
        const { scope, packed } = await fill(store, hosts);
        const floor = await timed('the same documents unpacked and parsed in one thread', hosts, async () => {
          for (const document of packed) JSON.parse(gunzipSync(document).toString('utf8'));
        });
        return { ...report, floor, rows: await count(store, scope, file, hosts) };
      } finally {
        await store.close();
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fill(store: Store, hosts: number): Promise<{ scope: number; packed: readonly Uint8Array[] }> {
  const scope = await store.scopes.idOf({ account: '123456789012', region: 'us-east-1' });
  const packed: Uint8Array[] = [];
  const BATCH = 100;
  for (let from = 0; from < hosts; from += BATCH) {
    await store.transaction(async (tables) => {
      for (let index = from; index < Math.min(hosts, from + BATCH); index++) {
        const agent = agentOf(`i-${String(index).padStart(17, '0')}`);
        await tables.agents.insert(scope, {
          ...agent,
          publicKey: new Uint8Array(44),
          operatingSystem: 'Debian GNU/Linux 12',
        });
        const evidence = fleetHost(index);
        for (const kind of KINDS) {
          const text = JSON.stringify(evidence[kind]);
          const content = gzipSync(text, { level: 1 });
          packed.push(content);
          const digest = createHash('sha256').update(text).digest('hex');
          const document = {
            agent: agent.id,
            kind,
            digest,
            size: text.length,
            telemetry: [],
            collectedAt: 1,
            receivedAt: 1,
          };
          await tables.evidence.put(scope, 'run', document, content);
        }
      }
    });
  }
  return { scope, packed };
}

async function count(store: Store, scope: number, file: string, hosts: number): Promise<Row[]> {
  const value = openAdvisories(file);
  const thread = createGapsThread();
  let now = 0;
  const snapshot = { name: 'bench', file, digest: value.digest, feeds: [], value, release: () => undefined };
  const countGaps = createGapCounts({
    store,
    knowledge: { advisories: { current: () => snapshot, named: () => undefined } },
    find: thread.find,
    now: () => now,
  });
  try {
    const rows: Row[] = [];
    for (const label of ['the first count', 'a later count, no host having changed']) {
      rows.push(await timed(label, hosts, () => countGaps(scope, value.digest)));
      now += LATER;
    }
    return rows;
  } finally {
    await thread.end();
    value.close();
  }
}

async function timed(label: string, hosts: number, work: () => Promise<unknown>): Promise<Row> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const begin = performance.now();
  await work();
  const milliseconds = performance.now() - begin;
  await new Promise((resolve) => setTimeout(resolve, 5));
  delays.disable();
  return { label, values: [milliseconds, hosts / (milliseconds / 1000), delays.max / 1e6] };
}
