// Over 200 lines: one story of three servers, told in order.
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AssessmentRun,
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  CreateResourceGroupCommand,
  DescribeAssessmentRunsCommand,
  type InspectorClient,
  ListAssessmentRunsCommand,
  paginateListFindings,
  StartAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasEnded, type RunState } from '../../packages/server/src/domain/run-machine.ts';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { findings as findingsOf, insecure } from '../rules/security-best-practices/hosts.ts';
import { enrollFleet } from '../support/enroll-fleet.ts';
import { type OneOfSeveral, startOneOfSeveral } from '../support/several-servers.ts';
import type { SimulatedAgent } from '../support/simulated-agent.ts';
import { startSteadyLoad } from '../support/steady-load.ts';
import { databaseOf, newDataDirectory, storeEnvironment, storeIn } from '../support/test-store.ts';

const HOSTS = 40;
const LEASE = 30_000;
const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDTHREE', secretAccessKey: 'a secret that is only for this test' };
const rulesPackage = rulesPackageArns(region).get('Security Best Practices') ?? '';

const directory = newDataDirectory();
let servers: OneOfSeveral[] = [];
let agents: SimulatedAgent[] = [];
let database: Client;
let template = '';
const stop = new AbortController();
let working: Promise<unknown> = Promise.resolve();

const start = async (name: string, first?: string): Promise<OneOfSeveral> =>
  startOneOfSeveral(name, first, {
    directory,
    environment: {
      ...(await storeEnvironment(directory)),
      ASSAY_ACCESS_KEY_ID: credentials.accessKeyId,
      ASSAY_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    credentials,
    region,
  });

const rows = async (text: string, values: unknown[] = []): Promise<Record<string, string>[]> =>
  (await database.query<Record<string, string>>(text, values)).rows;
const count = async (text: string, values: unknown[] = []): Promise<number> =>
  Number((await rows(`select count(*) as count from ${text}`, values))[0]?.count);

beforeAll(async () => {
  const first = await start('a');
  servers = [first, ...(await Promise.all([start('b', 'a'), start('c', 'a')]))];
  database = new Client({ connectionString: await databaseOf(directory) });
  await database.connect();
  agents = await enrollFleet(
    await storeIn(directory),
    { account: '123456789012', region },
    HOSTS,
    // An agent of a server that is gone goes to another, as a load balancer would send it.
    (index) => () => servers[index % servers.length]?.endpoint ?? '',
  );
  const { assessmentTargetArn } = await first.client.send(
    new CreateAssessmentTargetCommand({ assessmentTargetName: 'every host' }),
  );
  const { assessmentTemplateArn } = await one(1).send(
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
  await Promise.all(servers.map(({ process }) => process.end('SIGKILL')));
  await working;
  await database?.end();
});

/** A client of the server with this number among those that are there. */
const one = (number: number): InspectorClient => {
  const server = servers[number % servers.length];
  if (!server) throw new Error('No server is left');
  return server.client;
};

const startRun = async (client: InspectorClient): Promise<string> =>
  (await client.send(new StartAssessmentRunCommand({ assessmentTemplateArn: template }))).assessmentRunArn ?? '';

async function describeRun(client: InspectorClient, arn: string): Promise<AssessmentRun> {
  const { assessmentRuns } = await client.send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
  const [run] = assessmentRuns ?? [];
  if (!run) throw new Error(`There is no run ${arn}`);
  return run;
}

async function untilEnded(arn: string): Promise<AssessmentRun> {
  for (const begin = Date.now(); ; await delay(50)) {
    const run = await describeRun(one(0), arn);
    if (hasEnded(run.state as RunState)) return run;
    if (Date.now() - begin > 150_000) throw new Error(`The run does not end: ${JSON.stringify(run.stateChanges)}`);
  }
}

const idOf = (arn: string): string => arn.slice(-10);

/** Ends a server without a word and forgets it. Returns its process's id. */
async function kill(server: OneOfSeveral): Promise<void> {
  const gone = server.process.end('SIGKILL');
  servers = servers.filter((other) => other !== server);
  await gone;
}

/** The server that works on a job at the moment, by the name that it gave to its lease. */
async function holderOf(kind: string, run: string): Promise<OneOfSeveral | undefined> {
  const [job] = await rows('select lease_owner from jobs where kind = $1 and subject = $2', [kind, run]);
  const owner = job?.lease_owner?.split('/')[1];
  return servers.find(({ process }) => String(process.pid) === owner);
}

/** A run in the middle of its evaluation, and the server that is at it. */
async function untilJudged(run: string): Promise<OneOfSeveral | undefined> {
  for (;;) {
    const judged = await count('evaluations where run = $1', [run]);
    const [{ state } = {}] = await rows('select state from runs where id = $1', [run]);
    if (hasEnded(state as RunState) || judged > HOSTS / 2) return undefined;
    if (judged > 0) return holderOf('evaluate', run);
  }
}

/** What a run that nothing disturbed would have: every host's evidence, every finding once, and a history in order. */
async function checkRun(arn: string): Promise<void> {
  const run = idOf(arn);
  const { state, stateChanges, findingCounts } = await describeRun(one(0), arn);
  expect(state).toBe('COMPLETED');
  expect(stateChanges?.map((change) => change.state)).toEqual([
    'CREATED',
    'START_DATA_COLLECTION_PENDING',
    'START_DATA_COLLECTION_IN_PROGRESS',
    'COLLECTING_DATA',
    'STOP_DATA_COLLECTION_PENDING',
    'DATA_COLLECTED',
    'START_EVALUATING_RULES_PENDING',
    'EVALUATING_RULES',
    'COMPLETED',
  ]);
  const times = (stateChanges ?? []).map(({ stateChangedAt }) => Number(stateChangedAt));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const documents = await rows('select agent, kind from evidence where run = $1', [run]);
  const kept = new Set(documents.map(({ agent, kind }) => `${agent} ${kind}`));
  for (const { id, acknowledged, delivered } of agents) {
    const own = [...acknowledged].filter((document) => document.startsWith(`${run}/`));
    expect(own.length).toBeGreaterThan(0);
    for (const document of own) expect(kept).toContain(`${id} ${document.slice(run.length + 1)}`);
    expect([...delivered], 'every host was thanked').toContain(run);
  }
  expect(await count("run_agents where run = $1 and status = 'DELIVERED' and active = 0", [run])).toBe(HOSTS);
  const found = await rows('select agent, rule, count(*) as count from findings where run = $1 group by 1, 2', [run]);
  expect(found.filter((each) => Number(each.count) !== 1)).toEqual([]);
  expect(found).toHaveLength(findingsOf(insecure).length * HOSTS);
  expect(Object.values(findingCounts ?? {}).reduce((sum, each) => sum + each, 0)).toBe(found.length);
  expect(await count('jobs where subject = $1', [run])).toBe(0);
  const listed: string[] = [];
  for await (const page of paginateListFindings({ client: one(1), pageSize: 500 }, { assessmentRunArns: [arn] })) {
    listed.push(...(page.findingArns ?? []));
  }
  expect(new Set(listed).size).toBe(found.length);
}

test('three servers share a run; one is killed while it collects and one while it judges, and the third ends it', async () => {
  let turn = 0;
  const loads = ['one', 'two', 'three'].map((name) =>
    startSteadyLoad({ name, client: () => one(turn++), rulesPackage }),
  );
  const arn = await startRun(one(0));
  const run = idOf(arn);
  expect((await describeRun(one(1), arn)).arn).toBe(arn);
  for (let there = 0; there < HOSTS; there = await count('evidence where run = $1', [run])) await delay(2);
  const [first] = servers;
  if (!first) throw new Error('There is no server');
  await kill(first);
  expect(await count("run_agents where run = $1 and status = 'DELIVERED'", [run])).toBeLessThan(HOSTS);

  const second = await untilJudged(run);
  expect(second, 'a server was found at its work').toBeDefined();
  if (!second) return;
  const killedAt = Date.now();
  await kill(second);
  const [lease] = await rows(
    "select lease_owner, lease_expires_at from jobs where subject = $1 and kind = 'evaluate'",
    [run],
  );
  expect(lease?.lease_owner).toContain(`/${second.process.pid}/`);
  expect(Number(lease?.lease_expires_at)).toBeLessThanOrEqual(killedAt + LEASE);
  expect(await count('evaluations where run = $1', [run])).toBeLessThan(HOSTS);
  // Nobody else touches the job before that; then whoever is there takes it. The test does not wait for the clock.
  await database.query("update jobs set lease_expires_at = $1 where subject = $2 and kind = 'evaluate'", [
    Date.now(),
    run,
  ]);
  await untilEnded(arn);
  const loaded = loads.map((load) => load.end());
  await Promise.all(loaded);
  await checkRun(arn);
  for (const load of loads) {
    expect(load.complaints).toEqual([]);
    await load.check(one(0));
  }
  expect(agents.flatMap(({ faults }) => faults)).toEqual([]);
  expect(servers.map(({ process }) => process.complaints().replaceAll(/^.*Other servers have.*\n/gm, ''))).toEqual([
    '',
  ]);
}, 300_000);

test('a server that is stopped gives its work back at once', async () => {
  servers.push(...(await Promise.all([start('d', 'a'), start('e', 'a')])));
  let stopped: OneOfSeveral | undefined;
  let arn = '';
  for (let attempts = 0; stopped === undefined && attempts < 5; attempts++) {
    arn = await startRun(one(attempts));
    stopped = await untilJudged(idOf(arn));
    if (!stopped) await untilEnded(arn);
  }
  expect(stopped, 'a server was found at its work').toBeDefined();
  if (!stopped) return;
  servers = servers.filter((other) => other !== stopped);
  expect(await stopped.process.end('SIGTERM')).toBe(0);
  const held = await rows('select subject, kind, lease_owner from jobs where lease_owner like $1', [
    `%/${stopped.process.pid}/%`,
  ]);
  expect(held).toEqual([]);
  const run = await untilEnded(arn);
  expect(run.state).toBe('COMPLETED');
  await checkRun(arn);
}, 300_000);

test('what one server gives, another takes; what is taken from a key, it has lost everywhere', async () => {
  const [client, other] = [one(0), one(1)];
  const { assessmentRunArns: all = [] } = await client.send(new ListAssessmentRunsCommand({ maxResults: 500 }));
  const first = await client.send(new ListAssessmentRunsCommand({ maxResults: 1 }));
  const next = await other.send(new ListAssessmentRunsCommand({ maxResults: 1, nextToken: first.nextToken ?? '' }));
  expect([...(first.assessmentRunArns ?? []), ...(next.assessmentRunArns ?? [])]).toEqual(all.slice(0, 2));

  const create = new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'a', value: 'b' }] });
  for (const server of servers) await server.client.send(create);
  const store = await openStore(await storeIn(directory));
  try {
    await store.accessKeys.setPolicy(credentials.accessKeyId, '{"Version":"2012-10-17","Statement":[]}');
    for (const server of servers) await expect(server.client.send(create)).rejects.toThrow('not authorized');
    await store.accessKeys.revoke(credentials.accessKeyId, Date.now());
    for (const server of servers) {
      await expect(server.client.send(create)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    }
  } finally {
    await store.close();
  }
});
