import { randomBytes } from 'node:crypto';
import { DeleteAssessmentTemplateCommand, ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startDueRuns } from '../../../packages/server/src/engine/jobs/start-due-runs.ts';
import { defaultLimits } from '../../../packages/server/src/operations/operation.ts';
import type { Store } from '../../../packages/server/src/store/store.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { addHost, createTarget, createTemplate, given, scopeOf, startRun } from '../../support/scenario.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
let server: TestServer;
let template: string;
beforeAll(async () => {
  server = await startTestServer({ jobs: false });
});
afterAll(() => server.stop());
beforeEach(async () => {
  template = await createTemplate(server.client(), await createTarget(server.client()));
});

async function call(operation: string, input: unknown): Promise<Record<string, never>> {
  const reply = await rawRequest(server, operation, input);
  expect(reply.status, reply.text).toBe(200);
  return reply.body as Record<string, never>;
}
const create = async (input: object = { everyDays: 1 }) =>
  (await call('CreateSchedule', { assessmentTemplateArn: template, ...input })).schedule as unknown as Record<
    string,
    string
  >;
const described = async (arn = '') =>
  given(
    ((await call('ListSchedules', {})).schedules as unknown as Record<string, string | number>[]).find(
      ({ scheduleArn }) => scheduleArn === arn,
    ),
  );
const runs = async (): Promise<string[]> =>
  given(
    (await server.client().send(new ListAssessmentRunsCommand({ assessmentTemplateArns: [template] })))
      .assessmentRunArns,
  );

/** One look for due schedules at a time, of as many servers as asked for. */
async function look(
  at: number,
  servers = 1,
  store: Pick<Store, 'schedules' | 'transaction'> = server.service.store,
): Promise<string[]> {
  const lines: string[] = [];
  const one = () =>
    startDueRuns({
      ...{ store, now: () => at, creationTime: Date.now, random: randomBytes, limits: defaultLimits },
      ...{ wakeJobs: () => undefined, log: (line: string) => void lines.push(line) },
    }).run({ scope: 0, subject: '' }, new AbortController().signal);
  await Promise.all(Array.from({ length: servers }, one));
  return lines;
}

test('starts a run when it is due, once, whoever looks', async () => {
  const { scheduleArn, description } = await create();
  expect(description).toBe('Every day');
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  await look(next - 1);
  expect(await runs()).toEqual([]);
  await look(next, 3);
  await look(next + MINUTE, 3);
  const [run, ...others] = await runs();
  expect(others).toEqual([]);
  const after = await described(scheduleArn);
  expect(after).toMatchObject({ lastAssessmentRunArn: run, lastAt: next / 1000, nextAt: (next + DAY) / 1000 });
  expect(after).not.toHaveProperty('lastNote');
  await call('DeleteSchedule', { scheduleArn });
});

test('makes up what was missed once, and says so', async () => {
  const { scheduleArn } = await create();
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  const [line] = await look(next + 3 * DAY + 5);
  expect(line).toMatch(/started .*, which was due at/);
  await look(next + 3 * DAY + MINUTE);
  expect(await runs()).toHaveLength(1);
  expect(await described(scheduleArn)).toMatchObject({
    nextAt: (next + 4 * DAY) / 1000,
    lastNote: `Made up: the run that was due at ${new Date(next).toISOString()} was missed`,
  });
  await call('DeleteSchedule', { scheduleArn });
});

test('never two runs over one host: it waits within its window, tells why, and tells topics when the window ends', async () => {
  const host = await addHost(server);
  const busy = await startRun(
    server.client(),
    await createTemplate(server.client(), await createTarget(server.client())),
  );
  const { scheduleArn, scheduleId } = await create({ everyDays: 1, windowInSeconds: 120 });
  const topicArn = 'arn:aws:sns:us-east-1:123456789012:operators';
  await call('MapTopic', { topicArn, url: 'https://receiver.example/', format: 'SLACK', events: ['RUN_NOT_STARTED'] });
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  const reason = `${host.id} still take part in another run: ${busy}`;

  await look(next);
  expect((await described(scheduleArn)).lastNote).toBe(`Waiting since ${new Date(next).toISOString()}: ${reason}`);
  await look(next + MINUTE);
  expect(await runs()).toEqual([]);
  const [line] = await look(next + 2 * MINUTE);
  expect(line).toContain('did not start');
  expect(await described(scheduleArn)).toMatchObject({
    nextAt: (next + DAY) / 1000,
    lastNote: `The run that was due at ${new Date(next).toISOString()} did not start: ${reason}`,
  });
  const everything = { now: next + DAY, latest: next + DAY, queues: 10, each: 10 };
  const [told] = (await server.service.store.outbox.due(await scopeOf(server), topicArn, everything)).flat();
  expect(JSON.parse(given(told).message)).toMatchObject({
    event: 'RUN_NOT_STARTED',
    template,
    schedule: scheduleId,
    reason,
  });

  // The next one finds the host busy at first, and starts within its window.
  await look(next + DAY);
  await call('StopAssessmentRun', { assessmentRunArn: busy, stopAction: 'SKIP_EVALUATION' });
  await look(next + DAY + MINUTE);
  const [run] = await runs();
  expect(await described(scheduleArn)).toMatchObject({ lastAssessmentRunArn: run });
  expect(await described(scheduleArn)).not.toHaveProperty('lastNote');
  await call('StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
  await call('DeleteSchedule', { scheduleArn });
});

/** The window of the template's target: minutes from one moment to another, by the clock of UTC. */
async function openBetween(from: number, to: number): Promise<void> {
  const time = (at: number): string => new Date(at).toISOString().slice(11, 16);
  const assessmentTargetArn = template.replace(/\/template\/.*/, '');
  await call('SetTargetWindow', { assessmentTargetArn, from: time(from), to: time(to) });
}

test('a run that is due outside of its target’s window begins when that opens', async () => {
  const { scheduleArn } = await create();
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  const opening = Math.floor(next / MINUTE) * MINUTE + 90 * MINUTE;
  await openBetween(opening, opening + 60 * MINUTE);
  await look(next);
  await look(opening - 1);
  expect(await runs()).toEqual([]);
  expect((await described(scheduleArn)).lastNote).toMatch(
    /^Waiting since .*: runs of the target may begin every day .* UTC$/,
  );
  await look(opening, 3);
  const [run] = await runs();
  expect(await described(scheduleArn)).toMatchObject({ nextAt: (next + DAY) / 1000, lastAssessmentRunArn: run });
  expect(await described(scheduleArn)).not.toHaveProperty('lastNote');
  await call('StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
  await call('DeleteSchedule', { scheduleArn });
});

test('one that was missed waits for the window too, and is said to be made up', async () => {
  const { scheduleArn } = await create();
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  await openBetween(next - 30 * MINUTE, next + 30 * MINUTE);
  await look(next + 2 * DAY + 120 * MINUTE);
  expect(await runs()).toEqual([]);
  expect((await described(scheduleArn)).lastNote).toMatch(/^Missed at /);
  await look(next + 3 * DAY);
  const [run] = await runs();
  await call('StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
  expect((await described(scheduleArn)).lastNote).toMatch(/^Made up: /);
  await call('DeleteSchedule', { scheduleArn });
});

test('a run whose hosts are busy until the window closes does not start', async () => {
  await addHost(server);
  const other = await createTemplate(server.client(), await createTarget(server.client()));
  const busy = await startRun(server.client(), other);
  const { scheduleArn } = await create({ everyDays: 1, windowInSeconds: 7200 });
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  await openBetween(next - 30 * MINUTE, next + 2 * MINUTE);
  await look(next);
  expect((await described(scheduleArn)).lastNote).toMatch(/^Waiting since .* still take part/);
  await look(next + MINUTE);
  await look(next + 2 * MINUTE);
  expect((await described(scheduleArn)).lastNote).toMatch(/did not start: .* still take part/);
  await call('StopAssessmentRun', { assessmentRunArn: busy, stopAction: 'SKIP_EVALUATION' });
  await call('DeleteSchedule', { scheduleArn });
});

test('windows are listed, go with their target, and are refused where they make no sense', async () => {
  const assessmentTargetArn = await createTarget(server.client());
  const window = { assessmentTargetArn, days: ['SAT', 'SUN'], from: '22:00', to: '05:00', timeZone: 'Europe/Berlin' };
  expect(await call('SetTargetWindow', window)).toEqual({ window: { ...window, days: ['SUN', 'SAT'] } });
  const listed = async () =>
    ((await call('ListTargetWindows', {})).windows as unknown as (typeof window)[]).filter(
      (each) => each.assessmentTargetArn === assessmentTargetArn,
    );
  expect(await listed()).toEqual([{ ...window, days: ['SUN', 'SAT'] }]);
  for (const wrong of [{ to: '22:00' }, { from: '24:00' }, { days: [] }, { timeZone: 'Mars/Olympus' }]) {
    expect(errorOf(await rawRequest(server, 'SetTargetWindow', { ...window, ...wrong }))).toBe(
      'InvalidInputException INVALID_MEMBER',
    );
  }
  await call('DeleteTargetWindow', { assessmentTargetArn });
  expect(errorOf(await rawRequest(server, 'DeleteTargetWindow', { assessmentTargetArn }))).toBe(
    'NoSuchEntityException TARGET_HAS_NO_WINDOW',
  );
  await call('SetTargetWindow', window);
  await call('DeleteAssessmentTarget', { assessmentTargetArn });
  expect(await listed()).toEqual([]);
});

test('a clock that is set back and forth costs no run and makes none twice', async () => {
  const { scheduleArn } = await create();
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  const nextAt = async () => Number((await described(scheduleArn)).nextAt) * 1000;
  const end = async () => {
    for (const assessmentRunArn of await runs())
      await call('StopAssessmentRun', { assessmentRunArn, stopAction: 'SKIP_EVALUATION' }).catch(() => undefined);
  };
  await look(next);
  // Back by a few seconds, by hours, and by a day.
  for (const back of [5000, 5 * 60 * MINUTE, DAY]) await look(next - back, 2);
  await look(next, 2);
  expect(await runs()).toHaveLength(1);
  expect(await nextAt()).toBe(next + DAY);
  await end();
  // A year ahead for a while: what starts then is a run that was missed, and the next one is in a day all the same.
  await look(next + 365 * DAY + 1000);
  expect(await runs()).toHaveLength(2);
  expect(await nextAt()).toBe(next + 366 * DAY);
  await end();
  await look(next + 60 * MINUTE);
  expect(await nextAt()).toBe(next + DAY);
  await look(next + DAY);
  expect(await runs()).toHaveLength(3);
  await end();
  await call('DeleteSchedule', { scheduleArn });
});

test('a server that ends while it starts a run has started it or has not', async () => {
  const { scheduleArn } = await create();
  const next = Number((await described(scheduleArn)).nextAt) * 1000;
  const { store } = server.service;
  const dying: Pick<Store, 'schedules' | 'transaction'> = {
    ...store,
    // It ends when all is written and nothing is committed.
    transaction: (work, isolation) =>
      store.transaction(async (tables) => {
        await work(tables);
        throw new Error('killed');
      }, isolation),
  };
  await expect(look(next, 1, dying)).rejects.toThrow('killed');
  expect(await runs()).toEqual([]);
  expect(Number((await described(scheduleArn)).nextAt) * 1000).toBe(next);
  const deaths = Promise.allSettled([look(next, 1, dying), look(next, 2), look(next, 1, dying)]);
  expect((await deaths).map(({ status }) => status)).toContain('fulfilled');
  const [run, ...others] = await runs();
  expect(others).toEqual([]);
  expect(await described(scheduleArn)).toMatchObject({ lastAssessmentRunArn: run, nextAt: (next + DAY) / 1000 });
  await call('StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
  await call('DeleteSchedule', { scheduleArn });
});

test('a paused schedule starts nothing, and makes nothing up when it is resumed', async () => {
  const { scheduleArn } = await create({ cron: '0 3 * * 1-5', timeZone: 'Europe/Berlin' });
  expect(await described(scheduleArn)).toMatchObject({
    description: 'At 03:00, Monday through Friday, Europe/Berlin',
    paused: false,
  });
  await call('PauseSchedule', { scheduleArn });
  expect(await described(scheduleArn)).not.toHaveProperty('nextAt');
  await look(Date.now() + 30 * DAY);
  expect(await runs()).toEqual([]);
  await call('ResumeSchedule', { scheduleArn });
  expect(Number((await described(scheduleArn)).nextAt)).toBeGreaterThan(Date.now() / 1000);
  await call('DeleteSchedule', { scheduleArn });
});

test('goes with its template', async () => {
  const { scheduleArn } = await create();
  await server.client().send(new DeleteAssessmentTemplateCommand({ assessmentTemplateArn: template }));
  expect(errorOf(await rawRequest(server, 'PauseSchedule', { scheduleArn }))).toBe(
    'NoSuchEntityException SCHEDULE_DOES_NOT_EXIST',
  );
});

test.each([
  [{}, /either everyDays or cron/],
  [{ everyDays: 1, cron: '0 3 * * *' }, /either everyDays or cron/],
  [{ cron: '0 3 * *' }, /not a cron expression/],
  [{ cron: '0 0 0 3 * *' }, /not a cron expression/],
  [{ cron: '61 3 * * *' }, /not a cron expression/],
  [{ cron: '0 0 30 2 *' }, /no time/],
  [{ cron: '0 3 * * *', timeZone: 'Mars/Olympus' }, /not a time zone/],
  [{ everyDays: 1, timeZone: 'UTC' }, /belongs to a cron expression/],
])('refuses %j', async (input, message) => {
  const reply = await rawRequest(server, 'CreateSchedule', { assessmentTemplateArn: template, ...input });
  expect(errorOf(reply)).toBe('InvalidInputException INVALID_MEMBER');
  expect(reply.body.message).toMatch(message);
});
