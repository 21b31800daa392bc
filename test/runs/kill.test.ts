import { setTimeout as delay } from 'node:timers/promises';
import {
  type AssessmentRun,
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  CreateResourceGroupCommand,
  DescribeAssessmentRunsCommand,
  DescribeFindingsCommand,
  type Finding,
  InspectorClient,
  ListAssessmentRunsCommand,
  paginateListAssessmentRuns,
  paginateListFindings,
  StartAssessmentRunCommand,
  StopAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasEnded, type RunState, step } from '../../packages/server/src/domain/run-machine.ts';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { findings as findingsOf, insecure } from '../rules/security-best-practices/hosts.ts';
import { askStore } from '../support/ask-store.ts';
import { effort } from '../support/effort.ts';
import { enrollFleet } from '../support/enroll-fleet.ts';
import { runEvents } from '../support/run-events.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import type { SimulatedAgent } from '../support/simulated-agent.ts';
import { testSeed } from '../support/test-seed.ts';
import { newDataDirectory, removeStore, storeEnvironment, storeIn, storeKind } from '../support/test-store.ts';

/** Kills of the server: of its start, of a moment that chance picks, and of a run in a state. */
const KILLS = effort('kills', 6);
/** States that a kill waits for, and how many runs the kills meet in each, or they prove nothing. */
const MET = Math.max(1, Math.floor(KILLS / 6));
const AIMS = { COLLECTING_DATA: MET, EVALUATING_RULES: MET } as const;
type Aim = keyof typeof AIMS;
const FLEETS = 4;
const HOSTS_OF_A_FLEET = 6;

const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDKILL', secretAccessKey: 'a secret that is only for this test' };
const directory = newDataDirectory();
const environment = {
  ...(await storeEnvironment(directory)),
  ASSAY_ACCESS_KEY_ID: credentials.accessKeyId,
  ASSAY_SECRET_ACCESS_KEY: credentials.secretAccessKey,
};
const random = seededRandom(testSeed);

let server: ServerProcess = startServerProcess(directory, environment);
let endpoint = '';
/** Set while the server of now listens. */
let client: InspectorClient | undefined;
const stop = new AbortController();
let agents: SimulatedAgent[] = [];
let working: Promise<unknown> = Promise.resolve();
/** What the server acknowledged: runs that it started, and those of them that it said it cancelled. */
const started = new Set<string>();
const stopped = new Set<string>();
const complaints: string[] = [];
/** When the server was killed, in milliseconds since the epoch. */
const killedAt: number[] = [];
let templates: string[] = [];

async function listen(): Promise<boolean> {
  const ready = await server.ready;
  if (ready === undefined) return false;
  endpoint = ready;
  client ??= new InspectorClient({ endpoint, region, credentials, maxAttempts: 1 });
  return true;
}

async function killAndStartAgain(): Promise<void> {
  client?.destroy();
  client = undefined;
  killedAt.push(Date.now());
  await server.end('SIGKILL');
  complaints.push(server.complaints());
  server = startServerProcess(directory, environment);
}

beforeAll(async () => {
  expect(await listen()).toBe(true);
  agents = await enrollFleet(
    await storeIn(directory),
    { account: '123456789012', region },
    FLEETS * HOSTS_OF_A_FLEET,
    () => () => endpoint,
    (index) => [{ key: 'fleet', value: `${index % FLEETS}` }],
  );
  templates = await Promise.all(Array.from({ length: FLEETS }, (_, fleet) => createTemplate(fleet)));
  working = Promise.all(agents.map((agent) => agent.work(stop.signal)));
});

afterAll(async () => {
  stop.abort();
  await server.end('SIGKILL');
  await working;
  await removeStore(directory);
});

test(`${KILLS} kills: every run ends as it would have, and nothing that was acknowledged is lost`, async () => {
  for (let kills = 0; kills < KILLS; kills++) {
    const chance = random();
    if (chance < 0.2) {
      // The server still starts, or has just done so.
      await delay(random() * 900);
      await killAndStartAgain();
    } else if (chance < 0.6) await killAtWork(() => delay(random() * 1500));
    else {
      await killAtWork(async () => {
        await seen(chance < 0.8 ? 'COLLECTING_DATA' : 'EVALUATING_RULES');
        await delay(random() * 150);
      });
    }
  }
  expect(await listen(), server.complaints()).toBe(true);
  // How long a run is in a state depends on the machine: kills go on until enough have met one there.
  for (let aim = missed(await describeRuns()); aim; aim = missed(await describeRuns())) {
    await killAtWork(() => seen(aim));
    expect(await listen(), server.complaints()).toBe(true);
  }
  const runs = await untilAllEnded();
  expect(started.size).toBeGreaterThan(0);

  const arns = new Set(runs.map(({ arn }) => arn));
  for (const arn of started) expect(arns, 'an acknowledged run').toContain(arn);
  for (const run of runs) checkHistory(run);
  for (const run of runs) {
    if (stopped.has(run.arn ?? '')) expect(['CANCELED', 'COMPLETED', 'COMPLETED_WITH_ERRORS']).toContain(run.state);
    else expect(run.state).toBe('COMPLETED');
  }

  console.warn(`${runs.length} runs were met by ${killedAt.length} kills in`, tally(runs));
  expect(killedAt.length).toBeGreaterThanOrEqual(KILLS);

  const findings = await describeFindings();
  const keys = findings.map(({ assetAttributes, serviceAttributes, id }) =>
    [serviceAttributes?.assessmentRunArn, serviceAttributes?.rulesPackageArn, assetAttributes?.agentId, id].join(' '),
  );
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  for (const run of runs) checkFindings(run, findings);
  expect(agents.flatMap(({ faults }) => faults)).toEqual([]);
  expect(await server.end('SIGTERM')).toBe(0);
  complaints.push(server.complaints());
  await checkStore();
  expect(complaints.join('')).toBe('');
}, 3_600_000);

/** Kills the server at a moment while it is asked for runs. */
async function killAtWork(moment: () => Promise<void>): Promise<void> {
  expect(await listen(), server.complaints()).toBe(true);
  const over = new AbortController();
  const asking = Promise.all(templates.map((template) => keepAsking(template, over.signal)));
  await moment();
  await killAndStartAgain();
  over.abort();
  await asking;
}

/** Resolves as soon as a run is in the state: each fleet's runs come to it again and again. */
async function seen(state: Aim): Promise<void> {
  const command = new ListAssessmentRunsCommand({ filter: { states: [state] }, maxResults: 1 });
  while ((await need(client).send(command)).assessmentRunArns?.length === 0) await delay(1);
}

/** A state that too few kills have met a run in. */
function missed(runs: readonly AssessmentRun[]): Aim | undefined {
  const met = tally(runs);
  return (Object.keys(AIMS) as Aim[]).find((aim) => (met[aim] ?? 0) < AIMS[aim]);
}

/** Starts runs over a fleet again and again until the server is gone, and stops some of them early. */
async function keepAsking(template: string, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      const { assessmentRunArn = '' } = await need(client).send(
        new StartAssessmentRunCommand({ assessmentTemplateArn: template }),
      );
      started.add(assessmentRunArn);
      if (random() < 0.2) {
        await delay(random() * 300);
        // Counted before it is asked: a stop that is not acknowledged may have been made.
        stopped.add(assessmentRunArn);
        await need(client).send(new StopAssessmentRunCommand({ assessmentRunArn, stopAction: 'SKIP_EVALUATION' }));
      }
    } catch (error) {
      const { name = '' } = error as Error;
      if (name.endsWith('Exception') && name !== 'AgentsAlreadyRunningAssessmentException') throw error;
    }
    await delay(20);
  }
}

/** Every run that there is. */
async function describeRuns(): Promise<AssessmentRun[]> {
  const arns: string[] = [];
  for await (const page of paginateListAssessmentRuns({ client: need(client), pageSize: 500 }, {})) {
    arns.push(...(page.assessmentRunArns ?? []));
  }
  const runs: AssessmentRun[] = [];
  for (let from = 0; from < arns.length; from += 100) {
    const command = new DescribeAssessmentRunsCommand({ assessmentRunArns: arns.slice(from, from + 100) });
    runs.push(...((await need(client).send(command)).assessmentRuns ?? []));
  }
  return runs;
}

/** Every run, once none is going any more. */
async function untilAllEnded(): Promise<AssessmentRun[]> {
  const patience = Date.now() + 45_000;
  for (;;) {
    const runs = await describeRuns();
    const going = runs.filter(({ state }) => !hasEnded(state as RunState));
    if (going.length === 0) return runs;
    if (Date.now() > patience) {
      expect(going.map(({ arn, state, stateChangedAt }) => ({ arn, state, stateChangedAt }))).toEqual([]);
    }
    await delay(200);
  }
}

/** What stateChanges tell is a way through the table, in time, and agrees with the run's other members. */
function checkHistory(run: AssessmentRun): void {
  const changes = run.stateChanges ?? [];
  expect(changes[0]?.state).toBe('CREATED');
  for (const [index, change] of changes.entries()) {
    const before = changes[index - 1];
    if (!before) continue;
    const possible = runEvents.flatMap((event) => step(before.state as RunState, event)?.state ?? []);
    expect(possible, `from ${before.state}`).toContain(change.state);
    expect(Number(change.stateChangedAt)).toBeGreaterThanOrEqual(Number(before.stateChangedAt));
  }
  expect(changes.at(-1)?.state).toBe(run.state);
  expect(run.completedAt).toEqual(changes.at(-1)?.stateChangedAt);
  expect(run.startedAt).toEqual(changes.find(({ state }) => state === 'COLLECTING_DATA')?.stateChangedAt);
  expect(run.dataCollected).toBe(changes.some(({ state }) => state === 'DATA_COLLECTED'));
}

/** How often a kill met a run in each state. */
function tally(runs: readonly AssessmentRun[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const at of killedAt) {
    for (const { stateChanges = [] } of runs) {
      const state = stateChanges.findLast(({ stateChangedAt }) => Number(stateChangedAt) <= at)?.state;
      if (state !== undefined && !hasEnded(state as RunState)) counts[state] = (counts[state] ?? 0) + 1;
    }
  }
  return counts;
}

async function describeFindings(): Promise<Finding[]> {
  const arns: string[] = [];
  for await (const page of paginateListFindings({ client: need(client), pageSize: 500 }, {})) {
    arns.push(...(page.findingArns ?? []));
  }
  expect(new Set(arns).size).toBe(arns.length);
  const findings: Finding[] = [];
  for (let from = 0; from < arns.length; from += 100) {
    const command = new DescribeFindingsCommand({ findingArns: arns.slice(from, from + 100) });
    findings.push(...((await need(client).send(command)).findings ?? []));
  }
  return findings;
}

/** A run counts what is listed; one that completed found on every host what an undisturbed judgement finds. */
function checkFindings(run: AssessmentRun, findings: readonly Finding[]): void {
  const own = findings.filter(({ serviceAttributes }) => serviceAttributes?.assessmentRunArn === run.arn);
  const counts = run.findingCounts ?? {};
  for (const [severity, count] of Object.entries(counts)) {
    expect(own.filter((finding) => finding.severity === severity).length, `${run.arn} ${severity}`).toBe(count);
  }
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(own.length);
  if (run.state !== 'COMPLETED') return;
  const expected = findingsOf(insecure).length * HOSTS_OF_A_FLEET;
  expect(expected).toBeGreaterThan(0);
  expect(own.length, run.arn).toBe(expected);
}

/** What the API does not show: nothing is left of the work, and nothing is missing of what agents were thanked for. */
async function checkStore(): Promise<void> {
  const store = await storeIn(directory);
  const all = async (query: string) => (await askStore(store, query))[0] ?? [];
  if (storeKind === 'sqlite') expect(await all('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(await all('select * from jobs where scope <> 0')).toEqual([]);
  expect(await all('select * from run_agents where active = 1')).toEqual([]);
  const kept = new Set(
    (await all('select run, agent, kind from evidence')).map(({ run, agent, kind }) => `${agent} ${run}/${kind}`),
  );
  const thanked = agents.flatMap(({ id, acknowledged }) => [...acknowledged].map((document) => `${id} ${document}`));
  expect(thanked.filter((document) => !kept.has(document))).toEqual([]);
  expect(thanked.length).toBeGreaterThan(0);
  const delivered = new Set(
    (await all("select run, agent from run_agents where status = 'DELIVERED'")).map(
      ({ run, agent }) => `${agent} ${run}`,
    ),
  );
  const confirmed = agents.flatMap((agent) => [...agent.delivered].map((run) => `${agent.id} ${run}`));
  expect(confirmed.filter((delivery) => !delivered.has(delivery))).toEqual([]);
  expect(await all('select digest from evidence where digest not in (select digest from evidence_blobs)')).toEqual([]);
  expect(await all('select digest from evidence_blobs where digest not in (select digest from evidence)')).toEqual([]);
  expect(await all('select id from findings where run not in (select id from runs)')).toEqual([]);
}

async function createTemplate(fleet: number): Promise<string> {
  const inspector = need(client);
  const { resourceGroupArn } = await inspector.send(
    new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'fleet', value: `${fleet}` }] }),
  );
  const { assessmentTargetArn } = await inspector.send(
    new CreateAssessmentTargetCommand({
      assessmentTargetName: `fleet ${fleet}`,
      resourceGroupArn: need(resourceGroupArn),
    }),
  );
  const { assessmentTemplateArn } = await inspector.send(
    new CreateAssessmentTemplateCommand({
      assessmentTargetArn,
      assessmentTemplateName: 'again and again',
      durationInSeconds: 3600,
      rulesPackageArns: [need(rulesPackageArns(region).get('Security Best Practices'))],
    }),
  );
  return need(assessmentTemplateArn);
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('It is not there');
  return value;
}
