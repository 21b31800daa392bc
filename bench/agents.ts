/**
 * A fleet of agents in one server: heartbeats, one run over all of them, and how API calls fare meanwhile; then another, during
 * which somebody with the key of one of the hosts does what is made to stall a server: see hostile-agent.ts. Both runs must
 * end alike, and the p99 of API calls be at most half as long again.
 * `--agents 500` for fewer, `--postgres` for a store in PostgreSQL, which takes its share of the same machine.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { feedsDirectory } from '../packages/server/src/feeds/feeds-directory.ts';
import { updateFeeds } from '../packages/server/src/feeds/update-feeds.ts';
import { rulesPackageArns } from '../packages/server/src/rules/published-arns.ts';
import { openDataDirectory } from '../packages/server/src/runtime/data-directory.ts';
import { issueEnrollmentTokens } from '../packages/server/src/runtime/issue-enrollment-tokens.ts';
import { openStore } from '../packages/server/src/store/store.ts';
import { assayProgram } from '../test/support/assay-program.ts';
import { writeFeed } from '../test/support/debian-host.ts';
import type { FleetCommand, FleetFigures } from './agent-fleet.ts';
import { type ApiCall, openApi, type Probed } from './api-probe.ts';
import { fleetAdvisories } from './fleet-evidence.ts';
import type { HostileOrder } from './hostile-agent.ts';
import { percentile, type Report, type Row } from './report.ts';
import { sampleScope, withSampleDirectory } from './sample-directory.ts';
import { type Started, start } from './server-process.ts';
import { withDatabase } from './with-database.ts';

const AGENTS = 5000;
/** One in ten cannot wait for an answer, and asks every minute. */
const POLLING_EVERY = 10;
const CALLS_A_SECOND = 20;
/** Of a machine of 4 GiB: what the server's heap may take, in MiB. */
const HEAP = 3072;
/** The longest that a run may take before the bench gives up, in milliseconds. */
const PATIENCE = 30 * 60_000;
const PACKAGES = ['Common Vulnerabilities and Exposures', 'Security Best Practices'] as const;

/** Seconds of heartbeats alone before the run, and of each of the two quiet phases after it. */
export interface AgentsOptions {
  readonly agents?: number | undefined;
  readonly quiet?: number | undefined;
  readonly postgres?: boolean | undefined;
}

export const agents = ({ agents: count = AGENTS, quiet = 65, postgres = false }: AgentsOptions = {}): Promise<Report> =>
  withDatabase(postgres, (database) =>
    withSampleDirectory(0, (directory) => measureDirectory(directory, database, { count, quiet })),
  );

async function measureDirectory(
  directory: string,
  database: string | undefined,
  { count, quiet }: { readonly count: number; readonly quiet: number },
): Promise<Report> {
  const tokens = await prepare(directory, database, count);
  const options = ['--data-dir', directory, '--hosts-in-runs', String(count), '--rate-limit', 'off'];
  const started = await start(
    (port) => [`--max-old-space-size=${HEAP}`, assayProgram, 'serve', '--port', String(port), ...options],
    { env: database === undefined ? {} : { ASSAY_DATABASE_URL: database } },
  );
  const fleet = fork(join(import.meta.dirname, 'agent-fleet.ts'), { execArgv: ['--max-old-space-size=4096'] });
  try {
    const report = await measure(started, (command) => ask(fleet, command), tokens, quiet);
    return database === undefined ? report : { ...report, bench: `${report.bench}, on PostgreSQL` };
  } finally {
    fleet.disconnect();
    await started.stop();
  }
}

interface Ran {
  readonly rows: readonly Row[];
  /** What the run came to, in words. */
  readonly result: string;
}

type Ask = (command: FleetCommand) => Promise<FleetFigures>;

async function measure(started: Started, tell: Ask, tokens: readonly string[], quiet: number): Promise<Report> {
  const { endpoint } = started;
  const count = tokens.length;
  let begin = performance.now();
  await tell({ do: 'enrol', order: { endpoint, tokens, pollingEvery: POLLING_EVERY } });
  say(
    `${count} agents enrolled in ${seconds(begin)} s (${Math.round((count * 1000) / (performance.now() - begin))} a second)`,
  );
  await tell({ do: 'beat' });
  await delay(quiet * 1000);
  sayHeartbeats('before the run', await tell({ do: 'tell' }));

  const api = openApi(endpoint);
  const arns = rulesPackageArns(sampleScope.region);
  const { assessmentTargetArn } = await api.call('CreateAssessmentTarget', { assessmentTargetName: 'every host' });
  const { assessmentTemplateArn } = await api.call('CreateAssessmentTemplate', {
    assessmentTargetArn,
    assessmentTemplateName: 'every host',
    durationInSeconds: 3600,
    rulesPackageArns: PACKAGES.map((name) => arns.get(name)),
  });
  let run: unknown;
  const phase = async (label: string, work: () => Promise<void>): Promise<Row> => {
    const calls: readonly ApiCall[] = [
      ['ListAssessmentRuns', {}],
      ['DescribeAssessmentRuns', { assessmentRunArns: [run] }],
      ['ListAssessmentRunAgents', { assessmentRunArn: run, maxResults: 100 }],
      ['GetTelemetryMetadata', { assessmentRunArn: run }],
      ['ListFindings', { assessmentRunArns: [run], maxResults: 100 }],
    ];
    const over = new AbortController();
    const usage = watchServer(started, over.signal);
    const probing = api.probe(calls, CALLS_A_SECOND, over.signal);
    await work();
    over.abort();
    const probed = await probing;
    const { loop, processor, resident } = await usage;
    const row = { label, values: [...pooled(probed), loop, processor, resident] };
    sayOperations(label, probed);
    return row;
  };
  const runOver = async (beside: string, begun: () => Promise<void> = async () => undefined): Promise<Ran> => {
    begin = performance.now();
    ({ assessmentRunArn: run } = await api.call('StartAssessmentRun', { assessmentTemplateArn }));
    say(`StartAssessmentRun over ${count} hosts${beside}: ${(performance.now() - begin).toFixed(0)} ms`);
    await begun();
    const collecting = await phase(`collecting${beside}`, () => untilState(api, run, 'COLLECTING_DATA'));
    const collected = performance.now() - begin;
    const evaluating = await phase(`evaluating${beside}`, () => untilState(api, run, 'EVALUATING_RULES'));
    const took = performance.now() - begin;
    const figures = await tell({ do: 'tell' });
    sayHeartbeats(`during the run${beside}`, figures);
    const { delivered, delivery, bytes, wireBytes } = figures;
    say(
      `${delivered} hosts delivered ${kib(bytes / count)} KiB each (${kib(wireBytes / count)} on the wire) in ${(collected / 1000).toFixed(1)} s; ` +
        `one took p50 ${delivery.p50.toFixed(1)}, p99 ${delivery.p99.toFixed(1)}, max ${delivery.max.toFixed(1)} s; ` +
        `judged in ${((took - collected) / 1000).toFixed(1)} s`,
    );
    return { rows: [collecting, evaluating], result: await resultOf(api, String(run)) };
  };

  const calm = await runOver('');
  const { stolen } = await tell({ do: 'tell' });
  if (!stolen) throw new Error('The fleet has no second host');
  const hostile = fork(join(import.meta.dirname, 'hostile-agent.ts'));
  const attacked = await runOver(', one host hostile', async () => {
    hostile.send({ endpoint, ...stolen, runId: String(run).slice(-10) } satisfies HostileOrder);
  });
  hostile.disconnect();
  say(
    attacked.result === calm.result
      ? 'both runs ended alike'
      : `the runs did NOT end alike:\n  ${calm.result}\n  ${attacked.result}`,
  );
  const beating = await phase('heartbeats alone, after the run', () => delay(quiet * 1000));
  sayHeartbeats('after the run', await tell({ do: 'tell' }));
  await tell({ do: 'end' });
  await delay(1000);
  const floor = await phase('at rest, after the run', () => delay(quiet * 500));
  api.close();
  say(`${availableParallelism()} processors shared with the load; load average ${loadavg()[0]?.toFixed(1)}`);
  return {
    bench: `agents: ${count.toLocaleString('en-US')} agents, one run over all, ${CALLS_A_SECOND} API calls a second meanwhile`,
    columns: ['p99 ms', 'p50 ms', 'max ms', 'calls', 'loop p99 ms', 'CPU %', 'RSS MiB'],
    floor,
    rows: [...calm.rows, ...attacked.rows, beating],
    ratio: "times the floor's p99",
  };
}

/** Keeps so many enrolment tokens, and the advisories that the fleet is judged by. */
async function prepare(directory: string, database: string | undefined, count: number): Promise<string[]> {
  const store = await openStore(openDataDirectory(directory, database).store);
  const tokens = await issueEnrollmentTokens(store, sampleScope, 86_400_000, count);
  await store.close();
  const source = join(directory, 'fleet-advisories.jsonl.gz');
  writeFeed(source, fleetAdvisories());
  const ports = {
    now: Date.now,
    fetch: () => Promise.reject(new Error('no network')),
    sleep: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  };
  const { feeds } = await updateFeeds(ports, feedsDirectory(directory), [{ name: 'Debian', source }]);
  if (feeds.some(({ outcome }) => outcome === 'failed')) throw new Error(JSON.stringify(feeds));
  return tokens;
}

async function ask(fleet: ReturnType<typeof fork>, command: FleetCommand): Promise<FleetFigures> {
  fleet.send(command);
  const [answer] = (await once(fleet, 'message')) as [FleetFigures & { readonly error?: string }];
  if (answer.error !== undefined) throw new Error(`The fleet says: ${answer.error}`);
  return answer;
}

/** Until the run has left a state, and those before it. */
async function untilState(api: ReturnType<typeof openApi>, run: unknown, state: string): Promise<void> {
  const order = ['COLLECTING_DATA', 'EVALUATING_RULES'];
  for (const begin = performance.now(); performance.now() - begin < PATIENCE; await delay(500)) {
    const { assessmentRuns } = await api.call('DescribeAssessmentRuns', { assessmentRunArns: [run] });
    const [now] = assessmentRuns as { state: string; stateChanges: { state: string }[] }[];
    const seen = new Set(now?.stateChanges.map((change) => change.state));
    const later = order.slice(order.indexOf(state) + 1);
    if (later.some((each) => seen.has(each)) || /^(?:COMPLETED|FAILED|ERROR|CANCELED)/.test(now?.state ?? '')) return;
  }
  throw new Error(`The run stayed in ${state}`);
}

async function resultOf(api: ReturnType<typeof openApi>, run: string): Promise<string> {
  const { assessmentRuns } = await api.call('DescribeAssessmentRuns', { assessmentRunArns: [run] });
  const [ended] = assessmentRuns as { state: string; findingCounts: object }[];
  const { exclusionArns } = await api.call('ListExclusions', { assessmentRunArn: run, maxResults: 500 });
  const [some] = exclusionArns as string[];
  if (some !== undefined) {
    const { exclusions } = await api.call('DescribeExclusions', { exclusionArns: [some] });
    const [excluded] = Object.values(exclusions as Record<string, { title: string; description: string }>);
    say(`an exclusion, for one: ${excluded?.title}. ${excluded?.description.slice(0, 300)}`);
  }
  const filter = { agentHealths: ['UNHEALTHY'], agentHealthCodes: ['UNHEALTHY'] };
  const { assessmentRunAgents } = await api.call('ListAssessmentRunAgents', { assessmentRunArn: run, filter });
  const result =
    `the run is ${ended?.state}: findings ${JSON.stringify(ended?.findingCounts)}, ` +
    `${(exclusionArns as unknown[]).length} exclusions, ${(assessmentRunAgents as unknown[]).length} hosts that did not deliver`;
  say(result);
  return result;
}

/** The server's longest 99th percentile of its loop's delay over 2 seconds, share of a processor, and most memory. */
async function watchServer({ endpoint, pid }: Started, over: AbortSignal) {
  const [begin, before] = [performance.now(), processorTime(pid)];
  let [loop, resident] = [0, 0];
  do {
    await delay(2000, undefined, { signal: over }).catch(() => undefined);
    const text = await (await fetch(`${endpoint}/metrics`)).text();
    const [, lag = '0'] = /^assay_nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text) ?? [];
    loop = Math.max(loop, Number(lag) * 1000);
    const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    resident = Math.max(resident, Number(kilobytes) / 1024);
  } while (!over.aborted);
  return { loop, resident, processor: ((processorTime(pid) - before) / (performance.now() - begin)) * 100 };
}

/** Milliseconds of processor that a process took so far: the 14th and 15th field of its stat, in hundredths of a second. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function pooled({ times }: Probed): number[] {
  const all = [...times.values()].flat();
  return [percentile(all, 0.99), percentile(all, 0.5), Math.max(...all), all.length];
}

function sayOperations(label: string, { times, faults }: Probed): void {
  const each = [...times].map(
    ([operation, samples]) =>
      `${operation} ${percentile(samples, 0.5).toFixed(1)}/${percentile(samples, 0.99).toFixed(1)}/${Math.max(...samples).toFixed(1)}`,
  );
  say(`${label}: p50/p99/max ms ${each.join(', ')}`);
  if (faults.length > 0) say(`${label}: ${faults.length} calls failed, such as ${faults[0]}`);
}

function sayHeartbeats(label: string, { heartbeats, missed, late, faults }: FleetFigures): void {
  say(
    `heartbeats ${label}: ${heartbeats} answered, ${missed} missed; late p50 ${late.p50.toFixed(0)}, p99 ${late.p99.toFixed(0)}, max ${late.max.toFixed(0)} ms`,
  );
  for (const fault of new Set(faults)) say(`  the fleet complains: ${fault}`);
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);
const kib = (bytes: number): string => (bytes / 1024).toFixed(0);
const say = (line: string): void => console.error(`agents: ${line}`);
