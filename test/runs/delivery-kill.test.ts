import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { effort } from '../support/effort.ts';
import { type EventReceiver, startReceiver, untilReceived } from '../support/event-receiver.ts';
import { rawRequest } from '../support/raw-request.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { testSeed } from '../support/test-seed.ts';
import { newDataDirectory, removeStore, storeEnvironment } from '../support/test-store.ts';

/** Kills of the server, each while the events of new runs are delivered. */
const KILLS = effort('kills', 2);
const RUNS = 3;
/** Milliseconds for all of it, on a machine that others use too. */
const TIMEOUT = 60_000 + KILLS * 10_000;

const topicArn = 'arn:aws:sns:us-east-1:123456789012:killed';
const key = { accessKeyId: 'AKIDKILL', secretAccessKey: 'a secret that is only for this test' };
const directory = newDataDirectory();
const environment = {
  ...(await storeEnvironment(directory)),
  ASSAY_ACCESS_KEY_ID: key.accessKeyId,
  ASSAY_SECRET_ACCESS_KEY: key.secretAccessKey,
};
const random = seededRandom(testSeed);
let server: ServerProcess;
let receiver: EventReceiver;

beforeAll(async () => {
  server = startServerProcess(directory, environment);
  receiver = await startReceiver();
});
afterAll(async () => {
  await server.end('SIGKILL');
  await receiver.stop();
  await removeStore(directory);
});

async function call(operation: string, input: unknown): Promise<Record<string, string>> {
  const endpoint = await server.ready;
  if (endpoint === undefined) throw new Error(server.complaints());
  const reply = await rawRequest({ endpoint }, operation, input, { key });
  expect(reply.status, reply.text).toBe(200);
  return reply.body as Record<string, string>;
}

const ended = (state = ''): boolean => state.startsWith('COMPLETED');

/** As their receiver saw them, each for the first time: what a run became, in order. */
function seen(): ReadonlyMap<string, readonly { readonly state: string; readonly id: string }[]> {
  const runs = new Map<string, { state: string; id: string }[]>();
  for (const { sns } of receiver.received) {
    if (sns.Type !== 'Notification') continue;
    const { run, newstate } = JSON.parse(sns.Message ?? '') as { run: string; newstate: string };
    const states = runs.get(run) ?? [];
    runs.set(run, states);
    const before = states.find(({ state }) => state === newstate);
    // Told twice it is the same event.
    if (before) expect(sns.MessageId).toBe(before.id);
    else states.push({ state: newstate, id: sns.MessageId ?? '' });
  }
  return runs;
}

test(
  `${KILLS} kills under delivery: nothing is lost, nothing comes under another MessageId, and order is kept`,
  async () => {
    await call('MapTopic', { topicArn, url: receiver.url, allowPrivate: true });
    const target = await call('CreateAssessmentTarget', { assessmentTargetName: 'all' });
    const { rulesPackageArns } = await call('ListRulesPackages', {});
    const template = await call('CreateAssessmentTemplate', {
      ...{ ...target, assessmentTemplateName: 'one', durationInSeconds: 180, rulesPackageArns },
    });
    await call('SubscribeToEvent', {
      ...{ resourceArn: template.assessmentTemplateArn, event: 'ASSESSMENT_RUN_STATE_CHANGED', topicArn },
    });
    const runs: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const before = receiver.received.length;
      for (let run = 0; run < RUNS; run++) {
        const { assessmentRunArn = '' } = await call('StartAssessmentRun', {
          ...{ assessmentTemplateArn: template.assessmentTemplateArn, assessmentRunName: `run ${kill} ${run}` },
        });
        runs.push(assessmentRunArn);
      }
      await untilReceived(receiver, before + 1 + Math.floor(random() * 8));
      await delay(random() * 5);
      await server.end('SIGKILL');
      server = startServerProcess(directory, environment);
      await server.ready;
    }
    for (const run of runs) {
      let states: string[] = [];

      const over = (): boolean =>
        ended(states.at(-1)) &&
        seen()
          .get(run)
          ?.some(({ state }) => ended(state)) === true;
      for (let look = 0; !over(); look++) {
        expect(look, `${run} was told ${JSON.stringify(seen().get(run))} of ${states}`).toBeLessThan(600);
        await delay(50);
        const { assessmentRuns } = await call('DescribeAssessmentRuns', { assessmentRunArns: [run] });
        const [described] = assessmentRuns as unknown as { stateChanges: { state: string }[] }[];
        states = described?.stateChanges.map(({ state }) => state) ?? [];
      }
      expect(
        seen()
          .get(run)
          ?.map(({ state }) => state),
      ).toEqual(states.slice(1));
    }
  },
  TIMEOUT,
);
