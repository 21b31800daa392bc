// Over 300 lines: every pair of works that must not meet, each in a test, and the servers' worth of handles they share.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { OperationName } from '@assay/model/api/operations.ts';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import { newAgentId, newResourceId } from '../../packages/server/src/domain/ids.ts';
import { enroll } from '../../packages/server/src/engine/agents/enroll.ts';
import { tokenDigest } from '../../packages/server/src/engine/hosts/enrollment-tokens.ts';
import { compactLists } from '../../packages/server/src/engine/jobs/compact-lists.ts';
import { newRun } from '../../packages/server/src/engine/runs/new-run.ts';
import { ApiError } from '../../packages/server/src/operations/errors.ts';
import { createHandler } from '../../packages/server/src/operations/handler.ts';
import { inspector } from '../../packages/server/src/operations/inspector/inspector.ts';
import { defaultLimits } from '../../packages/server/src/operations/operation.ts';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { systemClock } from '../../packages/server/src/runtime/clock.ts';
import { operationDeps } from '../../packages/server/src/runtime/operation-deps.ts';
import { findingLayout } from '../../packages/server/src/store/lists/finding-layout.ts';
import { runLayout } from '../../packages/server/src/store/lists/run-layout.ts';
import { openStore, type Store } from '../../packages/server/src/store/store.ts';
import { isUnavailable } from '../../packages/server/src/store/unavailable.ts';
import { checkSegments } from '../support/check-segments.ts';
import { databaseOf, newDataDirectory, storeIn } from '../support/test-store.ts';

const SERVERS = 3;
const region = 'eu-west-1';
const account = '123456789012';
const rulesPackage = rulesPackageArns(region).get('Security Best Practices') ?? '';
const directory = newDataDirectory();

/** How often transactions were begun, by how often each was: what several writers cost each other. */
const attempts = new Map<string, Map<number, number>>();
let scenario = '';
let stores: Store[] = [];
let handlers: ReturnType<typeof createHandler>[] = [];
let scope = 0;
let database: Client;

/** A store that counts how often each transaction is run. */
function counting(store: Store): Store {
  return {
    ...store,
    transaction: async (work, isolation) => {
      let times = 0;
      try {
        return await store.transaction((tables) => {
          times++;
          return work(tables);
        }, isolation);
      } finally {
        const counts = attempts.get(scenario) ?? new Map<number, number>();
        attempts.set(scenario, counts);
        counts.set(times, (counts.get(times) ?? 0) + 1);
      }
    },
  };
}

beforeAll(async () => {
  const location = await storeIn(directory);
  database = new Client({ connectionString: await databaseOf(directory) });
  await database.connect();
  stores = (await Promise.all(Array.from({ length: SERVERS }, () => openStore(location)))).map(counting);
  handlers = stores.map((store) => {
    const deps = operationDeps({
      store,
      directory: { path: directory, store: location, masterKey: Buffer.alloc(32) },
      knowledge: {},
      feedsUpdater: { running: () => false, start: () => 'UNAVAILABLE' },
      ...systemClock,
      startedAt: undefined,
      pause: async () => false,
      wakeJobs: () => undefined,
    });
    return createHandler(inspector, deps, { strict: false });
  });
});

/** Every test in an account of its own. */
let accounts = 0;
let caller = { scope, account, region };
beforeEach(async ({ task }) => {
  scenario = task.name;
  caller = { scope: 0, account: String(100_000_000_000 + ++accounts), region };
  scope = await first().scopes.idOf(caller);
  caller = { ...caller, scope };
});

afterAll(async () => {
  for (const [name, counts] of attempts) {
    const all = [...counts].reduce((sum, [, count]) => sum + count, 0);
    const begun = [...counts].reduce((sum, [times, count]) => sum + times * count, 0);
    console.warn(`${name}: ${all} transactions, begun ${begun} times, at most ${Math.max(...counts.keys())} for one`);
  }
  for (const store of stores) await store.close();
  await database?.end();
});

const first = (): Store => at(stores, 0);
function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error('There is none');
  return found;
}

let calls = 0;
/** Asks the next server; what it answers, or the name of its error and its code. */
async function call(operation: OperationName, input: object): Promise<Record<string, unknown> & { error?: string }> {
  const origin = { address: '127.0.0.1', userAgent: 'test', secure: false };
  const authorized = { ...caller, accessKeyId: 'AKID', policy: undefined, origin };
  const body = Buffer.from(JSON.stringify(input));
  try {
    return (await at(handlers, calls++).handle(operation, body, authorized)) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { error: `${error.type} ${error.members.errorCode ?? ''}`.trim() };
  }
}

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const tally = (answers: readonly { error?: string }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { error = 'done' } of answers) counts[error] = (counts[error] ?? 0) + 1;
  return counts;
};
const rows = async (text: string): Promise<Record<string, string>[]> =>
  (await database.query<Record<string, string>>(text)).rows;

async function newTarget(name: string, resourceGroupArn?: string): Promise<string> {
  const answer = await call('CreateAssessmentTarget', {
    assessmentTargetName: name,
    ...(resourceGroupArn === undefined ? {} : { resourceGroupArn }),
  });
  return String(answer.assessmentTargetArn);
}

const templateInput = (assessmentTargetArn: string, name: string) => ({
  assessmentTargetArn,
  assessmentTemplateName: name,
  durationInSeconds: 180,
  rulesPackageArns: [rulesPackage],
});

async function newTemplate(target: string, name: string): Promise<string> {
  return String((await call('CreateAssessmentTemplate', templateInput(target, name))).assessmentTemplateArn);
}

function newAgent(tags: Agent['tags']): Agent {
  return {
    id: newAgentId(randomBytes),
    publicKey: generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }),
    hostname: 'host',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    kernelVersion: null,
    agentVersion: '0.1.0',
    ipv4Address: null,
    privileged: true,
    tags,
    status: 'IDLE',
    enrolledAt: Date.now(),
    seenAt: Date.now(),
  };
}

test('targets of one name: one is made', async () => {
  const answers = await times(30, () => call('CreateAssessmentTarget', { assessmentTargetName: 'the same' }));
  expect(tally(answers)).toEqual({ done: 1, 'InvalidInputException ASSESSMENT_TARGET_NAME_ALREADY_TAKEN': 29 });
});

test('targets beyond the limit are not made', async () => {
  const { targets } = defaultLimits;
  const answers = await times(targets + 30, (index) =>
    call('CreateAssessmentTarget', { assessmentTargetName: `target ${index}` }),
  );
  expect(tally(answers)).toEqual({ done: targets, 'LimitExceededException ASSESSMENT_TARGET_LIMIT_EXCEEDED': 30 });
});

test('subscriptions beyond the limit are not made', async () => {
  const template = await newTemplate(await newTarget('target'), 'template');
  const { eventSubscriptions } = defaultLimits;
  const subscribe = (index: number) => ({
    resourceArn: template,
    event: 'FINDING_REPORTED',
    topicArn: `arn:aws:sns:eu-west-1:123456789012:topic-${index}`,
  });
  const answers = await times(eventSubscriptions + 20, (index) => call('SubscribeToEvent', subscribe(index)));
  const refused = 'LimitExceededException EVENT_SUBSCRIPTION_LIMIT_EXCEEDED';
  expect(tally(answers)).toEqual({ done: eventSubscriptions, [refused]: 20 });
  // Each is ended by one of three that ask for it.
  const made = answers.flatMap(({ error }, index) => (error === undefined ? [index] : []));
  const ended = await times(made.length * 3, (index) => call('UnsubscribeFromEvent', subscribe(at(made, index))));
  expect(tally(ended)).toEqual({
    done: made.length,
    'NoSuchEntityException SNS_TOPIC_DOES_NOT_EXIST': made.length * 2,
  });
});

test('what is made below a target that is deleted meanwhile is gone with it, or refused', async () => {
  for (let round = 0; round < 3; round++) {
    const target = await newTarget(`target ${round}`);
    const template = await newTemplate(target, 'before');
    const runs = await times(6, () => call('StartAssessmentRun', { assessmentTemplateArn: template }));
    for (const { assessmentRunArn } of runs) {
      await call('StopAssessmentRun', { assessmentRunArn, stopAction: 'SKIP_EVALUATION' });
    }
    await Promise.all([
      times(8, (index) => call('CreateAssessmentTemplate', templateInput(target, `template ${index}`))),
      times(8, () => call('StartAssessmentRun', { assessmentTemplateArn: template })),
      times(8, (index) =>
        call('SubscribeToEvent', {
          resourceArn: template,
          event: 'FINDING_REPORTED',
          topicArn: `arn:aws:sns:eu-west-1:123456789012:topic-${index}`,
        }),
      ),
      times(8, () => call('SetTagsForResource', { resourceArn: template, tags: [{ key: 'a', value: 'b' }] })),
      times(8, () => call('CreateExclusionsPreview', { assessmentTemplateArn: template })),
      times(4, (index) => call('DeleteAssessmentRun', { assessmentRunArn: at(runs, index).assessmentRunArn })),
      times(4, () => call('DeleteAssessmentTarget', { assessmentTargetArn: target })),
      times(4, () => call('DeleteAssessmentTemplate', { assessmentTemplateArn: template })),
    ]);
  }
  const [orphans] = await rows(`select
    (select count(*) from templates c where not exists (select 1 from targets p where p.scope = c.scope and p.id = c.target)) as templates,
    (select count(*) from runs c where not exists (select 1 from templates p where p.scope = c.scope and p.id = c.template)) as runs,
    (select count(*) from run_agents c where not exists (select 1 from runs p where p.scope = c.scope and p.id = c.run)) as hosts,
    (select count(*) from event_subscriptions c
      where not exists (select 1 from templates p where p.scope = c.scope and p.id = c.template)) as subscriptions,
    (select count(*) from exclusion_previews c
      where not exists (select 1 from templates p where p.scope = c.scope and p.id = c.template)) as previews,
    (select count(*) from jobs c where kind not in ('preview', 'follow', 'expire')
      and not exists (select 1 from runs p where p.scope = c.scope and p.id = c.subject)) as jobs`);
  expect(Object.values(orphans ?? {}).map(Number)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('a template counts its runs, whoever starts and deletes them', async () => {
  const template = await newTemplate(await newTarget('target'), 'template');
  const started = await times(40, () => call('StartAssessmentRun', { assessmentTemplateArn: template }));
  expect(tally(started)).toEqual({ done: 40 });
  await times(40, (index) => call('StopAssessmentRun', { ...pick(at(started, index)), stopAction: 'SKIP_EVALUATION' }));
  const deleted = await times(20, (index) => call('DeleteAssessmentRun', pick(at(started, index))));
  expect(tally(deleted)).toEqual({ done: 20 });
  const [{ run_count } = {}] = await rows(`select run_count from templates where scope = ${scope}`);
  expect(Number(run_count)).toBe(20);
});
const pick = ({ assessmentRunArn }: Record<string, unknown>) => ({ assessmentRunArn });

test('a host is in one run at a time', async () => {
  const fleet = Array.from({ length: 12 }, (_, index) => newAgent([{ key: `pair-${index % 6}`, value: 'x' }]));
  await first().transaction(async (tables) => {
    for (const agent of fleet) await tables.agents.insert(scope, agent);
  });
  // Each target has two of six pairs, and shares each of them with another.
  const templates = await times(6, async (index) => {
    const resourceGroupTags = [index, (index + 1) % 6].map((pair) => ({ key: `pair-${pair}`, value: 'x' }));
    const { resourceGroupArn } = await call('CreateResourceGroup', { resourceGroupTags });
    return newTemplate(await newTarget(`target ${index}`, String(resourceGroupArn)), 'template');
  });
  for (let round = 0; round < 4; round++) {
    const answers = await times(24, (index) =>
      call('StartAssessmentRun', { assessmentTemplateArn: at(templates, index) }),
    );
    const counts = tally(answers);
    expect(Object.keys(counts).sort()).toEqual(['AgentsAlreadyRunningAssessmentException', 'done']);
    expect(counts.done).toBeLessThanOrEqual(3);
    const held = await rows(`select agent, count(*) from run_agents where scope = ${scope} and active = 1 group by agent
      having count(*) > 1`);
    expect(held).toEqual([]);
    await Promise.all(
      answers.flatMap(({ error, assessmentRunArn }) =>
        error === undefined ? [call('StopAssessmentRun', { assessmentRunArn, stopAction: 'SKIP_EVALUATION' })] : [],
      ),
    );
  }
});

test('an enrolment token is used once, and twice by the agent that lost the answer', async () => {
  for (let round = 0; round < 3; round++) {
    const digest = tokenDigest(`token ${accounts} ${round}`);
    const token = { digest, scope, createdAt: Date.now(), expiresAt: Date.now() + 60_000, agent: null };
    await first().enrollmentTokens.insertMany([token]);
    const keys = Array.from({ length: 6 }, () => Buffer.from(newAgent([]).publicKey).toString('base64'));
    const host = { hostname: 'host', operatingSystem: 'Debian', agentVersion: '0.1.0', privileged: true, tags: [] };
    const answers = await times(18, async (index) => {
      const enrolling = enroll({ commit: at(stores, index).transaction, ...systemClock, random: randomBytes });
      try {
        return await enrolling(`token ${accounts} ${round}`, at(keys, index), host);
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(new Set(answers.filter((answer) => answer.startsWith('i-'))).size).toBe(1);
    expect(answers.filter((answer) => answer.startsWith('i-'))).toHaveLength(3);
    expect(answers.filter((answer) => answer === 'InvalidToken')).toHaveLength(15);
  }
  expect(await rows(`select id from agents where scope = ${scope}`)).toHaveLength(3);
});

test('evidence that arrives while the same content expires and is deleted is whole', async () => {
  const given = { target: newId(), template: newId(), name: '', duration: 60, rulesPackages: 1, userAttributes: [] };
  const runOf = (ended: boolean) => {
    const id = newId();
    const run = newRun({ ...given, id, name: id, createdAt: Date.now() });
    return ended ? { ...run, state: 'COMPLETED' as const, completedAt: Date.now() } : run;
  };
  const documents = Array.from({ length: 8 }, (_, index) => ({
    digest: `digest ${accounts} ${index}`,
    content: gzipSync(`${index}`),
  }));
  const live: string[] = [];
  await times(60, async (index) => {
    const store = at(stores, index);
    const run = runOf(index % 2 === 0);
    await store.transaction((tables) => tables.runs.insertMany(scope, [run]));
    if (index % 2 === 1) live.push(run.id);
    for (const { digest, content } of documents) {
      const record = {
        agent: 'i-1',
        kind: digest,
        digest,
        size: 1,
        telemetry: [],
        collectedAt: 1,
        receivedAt: index % 2,
      };
      await store.transaction((tables) => tables.evidence.put(scope, run.id, record, content));
    }
    // Others' copies of the same documents go while the next arrive.
    await store.transaction((tables) => tables.evidence.expire(Date.now(), '', 200));
    if (index % 4 === 0) await store.transaction((tables) => tables.evidence.delete(scope, { run: run.id }));
  });
  const lost = await rows(`select run, digest from evidence e where scope = ${scope}
    and run in (select id from runs where scope = ${scope} and completed_at is null)
    and not exists (select 1 from evidence_blobs b where b.digest = e.digest)`);
  expect(lost).toEqual([]);
  expect(await rows(`select run from evidence where scope = ${scope} and run in ('${live.join("','")}')`)).toHaveLength(
    live.length * documents.length,
  );
});
const newId = (): string => newResourceId(randomBytes);

test('lists are sealed while runs start, stop and go', async () => {
  const template = await newTemplate(await newTarget('target'), 'template');
  const over = new AbortController();
  const sealing = stores.map(async ({ lists: { changed }, transaction }) => {
    while (!over.signal.aborted) {
      await compactLists({ changed, transaction }, 1, over.signal).catch((error) => {
        if (!isUnavailable(error)) throw error;
      });
    }
  });
  await times(12, async () => {
    for (let round = 0; round < 5; round++) {
      const started = await call('StartAssessmentRun', { assessmentTemplateArn: template });
      expect(started.error).toBeUndefined();
      const stopped = await call('StopAssessmentRun', { ...pick(started), stopAction: 'SKIP_EVALUATION' });
      expect(stopped.error).toBeUndefined();
      if (round % 3 === 0) expect(await call('DeleteAssessmentRun', pick(started))).toEqual({});
    }
  });
  over.abort();
  await Promise.all(sealing);
  const { changed } = first().lists;
  const { transaction } = first();
  await compactLists({ changed, transaction }, 1);
  expect(await checkSegments(await storeIn(directory), runLayout, scope)).toBe(12 * 3);
  expect(await checkSegments(await storeIn(directory), findingLayout, scope)).toBe(0);
});
