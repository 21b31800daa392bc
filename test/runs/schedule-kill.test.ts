import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../packages/server/src/store/store.ts';
import type { Schedule } from '../../packages/server/src/store/tables/schedules.ts';
import { effort } from '../support/effort.ts';
import { rawRequest } from '../support/raw-request.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { testSeed } from '../support/test-seed.ts';
import { newDataDirectory, storeEnvironment, storeIn, storeKind } from '../support/test-store.ts';

/** Kills of a server, each about when runs are due. */
const KILLS = effort('kills', 1);
const SCHEDULES = 4;
const REGION = 'us-east-1';
/** Milliseconds for all of it, on a machine that others use too. */
const TIMEOUT = 60_000 + KILLS * 20_000;

const key = { accessKeyId: 'AKIDFIRE', secretAccessKey: 'a secret that is only for this test' };
const directory = newDataDirectory();
const environment = {
  ...(await storeEnvironment(directory)),
  ASSAY_ACCESS_KEY_ID: key.accessKeyId,
  ASSAY_SECRET_ACCESS_KEY: key.secretAccessKey,
};
const random = seededRandom(testSeed);
/** Only a database takes several servers: each has a directory of its own, with the key of the first. */
const names = storeKind === 'postgres' ? ['a', 'b', 'c'] : ['a'];
const servers = new Map<string, { readonly process: ServerProcess; readonly endpoint: string }>();

async function start(name: string): Promise<void> {
  const own = join(directory, name);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  if (name !== 'a') copyFileSync(join(directory, 'a', 'master.key'), join(own, 'master.key'));
  const process = startServerProcess(own, environment);
  const endpoint = await process.ready;
  if (endpoint === undefined) throw new Error(process.complaints());
  servers.set(name, { process, endpoint });
}

afterAll(async () => {
  await Promise.all([...servers.values()].map(({ process }) => process.end('SIGKILL')));
});

async function call(operation: string, input: unknown): Promise<Record<string, string>> {
  const server = servers.get('a');
  if (!server) throw new Error('There is no server');
  const reply = await rawRequest(server, operation, input, { key });
  expect(reply.status, reply.text).toBe(200);
  return reply.body as Record<string, string>;
}

/** Changes every schedule behind the servers' back: a time that is due would take a minute to come. */
async function changeSchedules(change: () => Partial<Schedule>): Promise<void> {
  const store = await openStore(await storeIn(storeKind === 'postgres' ? directory : join(directory, 'a')));
  const scope = await store.scopes.idOf({ account: '123456789012', region: REGION });
  for (const schedule of await store.schedules.list(scope, undefined, 100)) {
    expect(await store.schedules.replace(schedule, { ...schedule, ...change() })).toBe(true);
  }
  await store.close();
}

const runsOf = async (template: string): Promise<readonly string[]> =>
  (await call('ListAssessmentRuns', { assessmentTemplateArns: [template], maxResults: 500 }))
    .assessmentRunArns as unknown as string[];

test(`${KILLS} kills when runs are due, of one of ${names.length} servers: each run starts once`, {
  timeout: TIMEOUT,
}, async () => {
  for (const name of names) await start(name);
  const { assessmentTargetArn } = await call('CreateAssessmentTarget', { assessmentTargetName: 'nothing' });
  const { rulesPackageArns } = await call('ListRulesPackages', {});
  const templates: string[] = [];
  for (let number = 0; number < SCHEDULES; number++) {
    const { assessmentTemplateArn = '' } = await call('CreateAssessmentTemplate', {
      ...{
        assessmentTargetArn,
        assessmentTemplateName: `template ${number}`,
        durationInSeconds: 180,
        rulesPackageArns,
      },
    });
    await call('CreateSchedule', { assessmentTemplateArn, everyDays: 1 });
    templates.push(assessmentTemplateArn);
  }
  for (let kill = 1; kill <= KILLS; kill++) {
    const dueAt = Date.now() + 200;
    await changeSchedules(() => ({ dueAt, tryAt: dueAt }));
    await delay(random() * 2500);
    const victim = names[Math.floor(random() * names.length)] ?? 'a';
    await servers.get(victim)?.process.end('SIGKILL');
    await start(victim);
    for (let look = 0; ; look++) {
      const { schedules } = await call('ListSchedules', {});
      const next = (schedules as unknown as { nextAt: number }[]).map(({ nextAt }) => nextAt * 1000);
      if (next.every((at) => at > dueAt)) break;
      // The lease of a server that is gone ends after 30 seconds, where others go on.
      expect(look, JSON.stringify(schedules)).toBeLessThan(900);
      await delay(50);
    }
    for (const template of templates) expect(await runsOf(template)).toHaveLength(kill);
  }
});
