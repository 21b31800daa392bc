// Over 200 lines: everything that a server does, while its database goes away and comes back.
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  DescribeAssessmentRunsCommand,
  StartAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasEnded, type RunState } from '../../packages/server/src/domain/run-machine.ts';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { findings as findingsOf, insecure } from '../rules/security-best-practices/hosts.ts';
import { enrollFleet } from '../support/enroll-fleet.ts';
import { createDatabase } from '../support/postgres/databases.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres/postgres-server.ts';
import { type OneOfSeveral, startOneOfSeveral } from '../support/several-servers.ts';
import type { SimulatedAgent } from '../support/simulated-agent.ts';
import { startSteadyLoad } from '../support/steady-load.ts';
import { newDataDirectory } from '../support/test-store.ts';

const HOSTS = 20;
/** Longest that a call may take while the database is away, in milliseconds: what is waited for a connection and a lock. */
const BOUND = 25_000;
const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDRESTART', secretAccessKey: 'a secret that is only for this test' };
const rulesPackage = rulesPackageArns(region).get('Security Best Practices') ?? '';
const directory = newDataDirectory();

let postgres: PostgresServer;
let server: OneOfSeveral;
let agents: SimulatedAgent[] = [];
let template = '';
const stop = new AbortController();
let working: Promise<unknown> = Promise.resolve();
/** What /health answered, in order. */
const health: number[] = [];

beforeAll(async () => {
  postgres = await startPostgresServer();
  const url = postgres.url('assay');
  await createDatabase(postgres.url('postgres'), url);
  server = await startOneOfSeveral('only', undefined, {
    directory,
    environment: {
      ASSAY_DATABASE_URL: url,
      ASSAY_ACCESS_KEY_ID: credentials.accessKeyId,
      ASSAY_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    credentials,
    region,
  });
  agents = await enrollFleet({ url }, { account: '123456789012', region }, HOSTS, () => () => server.endpoint);
  const { client } = server;
  const { assessmentTargetArn } = await client.send(
    new CreateAssessmentTargetCommand({ assessmentTargetName: 'every host' }),
  );
  const { assessmentTemplateArn } = await client.send(
    new CreateAssessmentTemplateCommand({
      assessmentTargetArn,
      assessmentTemplateName: 'again and again',
      durationInSeconds: 3600,
      rulesPackageArns: [rulesPackage],
    }),
  );
  template = assessmentTemplateArn ?? '';
  working = Promise.all(agents.map((agent) => agent.work(stop.signal)));
});

afterAll(async () => {
  stop.abort();
  await server?.process.end('SIGKILL');
  await working;
  await postgres?.stop();
});

/** Asks after the server's health until `stop`. */
async function watchHealth(): Promise<void> {
  while (!stop.signal.aborted) {
    const answer = await fetch(`${server.endpoint}/health`, { signal: AbortSignal.timeout(BOUND) });
    await answer.text();
    if (health.at(-1) !== answer.status) health.push(answer.status);
    await delay(2);
  }
}

/** Starts a run over all agents, again whenever the last has ended, until `over`; what was acknowledged. */
async function startRuns(over: AbortSignal): Promise<string[]> {
  const started: string[] = [];
  while (!over.aborted) {
    try {
      const { assessmentRunArn = '' } = await server.client.send(
        new StartAssessmentRunCommand({ assessmentTemplateArn: template }),
      );
      started.push(assessmentRunArn);
    } catch (error) {
      const { name } = error as Error;
      // A start whose answer was lost has made the run: it holds the hosts.
      expect(['ServiceTemporarilyUnavailableException', 'AgentsAlreadyRunningAssessmentException']).toContain(name);
    }
    await delay(50);
  }
  return started;
}

test('a database that is stopped and crashes, again and again, under load: what was acknowledged is there, and work goes on', async () => {
  const watching = watchHealth();
  const loads = ['one', 'two', 'three', 'four'].map((name) =>
    startSteadyLoad({ name, client: () => server.client, rulesPackage }),
  );
  const over = new AbortController();
  const starting = startRuns(over.signal);
  for (let restart = 0; restart < 8; restart++) {
    await delay(1500);
    await postgres.restart(restart % 2 === 0 ? 'crash' : 'orderly');
  }
  await delay(1500);
  over.abort();
  await Promise.all(loads.map((load) => load.end()));
  const started = await starting;
  expect(started.length).toBeGreaterThan(0);

  for (const load of loads) {
    expect(load.complaints).toEqual([]);
    await load.check(server.client);
    expect(load.longest()).toBeLessThan(BOUND);
  }
  const met = loads.reduce((sum, { counts }) => sum + counts.unavailable, 0);
  expect(met, 'calls that met a database that was away').toBeGreaterThan(0);
  expect(loads.reduce((sum, { counts }) => sum + counts.noAnswer, 0)).toBe(0);

  for (const arn of started) await untilCompleted(arn);
  expect(health).toContain(503);
  expect(health.at(-1)).toBe(200);
  expect(agents.flatMap(({ faults }) => faults)).toEqual([]);
  await checkStore();
  stop.abort();
  await watching;
  await working;
  expect(await server.process.end('SIGTERM')).toBe(0);
  // It says that the store is away and that it is there again, and of nothing else.
  const said = server.process
    .complaints()
    .split('\n')
    .filter((line) => /^\d{4}-/.test(line));
  const other = said.filter((line) => !/Jobs could not be claimed|The store is there again/.test(line));
  expect(other).toEqual([]);
}, 300_000);

async function untilCompleted(arn: string): Promise<void> {
  for (const begin = Date.now(); ; await delay(100)) {
    const { assessmentRuns } = await server.client.send(
      new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }),
    );
    const [run] = assessmentRuns ?? [];
    expect(run?.arn, 'an acknowledged run').toBe(arn);
    if (hasEnded(run?.state as RunState)) return expect(run?.state).toBe('COMPLETED');
    if (Date.now() - begin > 60_000) throw new Error(`${arn} does not end: ${JSON.stringify(run?.stateChanges)}`);
  }
}

/** Everything that agents were thanked for, every finding once, and nothing left of the work. */
async function checkStore(): Promise<void> {
  const client = new Client({ connectionString: postgres.url('assay') });
  await client.connect();
  const all = async (text: string) => (await client.query<Record<string, string>>(text)).rows;
  try {
    const documents = await all('select run, agent, kind from evidence');
    const kept = new Set(documents.map(({ run, agent, kind }) => `${agent} ${run}/${kind}`));
    const thanked = agents.flatMap(({ id, acknowledged }) => [...acknowledged].map((document) => `${id} ${document}`));
    expect(thanked.length).toBeGreaterThan(0);
    expect(thanked.filter((document) => !kept.has(document))).toEqual([]);
    const delivered = await all("select run, agent from run_agents where status = 'DELIVERED'");
    const confirmed = agents.flatMap((agent) => [...agent.delivered].map((run) => `${agent.id} ${run}`));
    const known = new Set(delivered.map(({ run, agent }) => `${agent} ${run}`));
    expect(confirmed.filter((delivery) => !known.has(delivery))).toEqual([]);
    expect(await all('select digest from evidence where digest not in (select digest from evidence_blobs)')).toEqual(
      [],
    );
    expect(await all('select digest from evidence_blobs where digest not in (select digest from evidence)')).toEqual(
      [],
    );
    expect(await all('select id from findings where run not in (select id from runs)')).toEqual([]);
    const found = await all(
      `select run, count(*) as count, count(distinct (agent, rule)) as once from findings
       where run in (select id from runs where state = 'COMPLETED') group by run`,
    );
    expect(found.length).toBeGreaterThan(0);
    for (const { count, once } of found) {
      expect([Number(count), Number(once)]).toEqual(Array(2).fill(findingsOf(insecure).length * HOSTS));
    }
    expect(await all('select * from jobs where scope <> 0')).toEqual([]);
  } finally {
    await client.end();
  }
}
