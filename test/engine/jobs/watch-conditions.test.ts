import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KnowledgeAges, watchConditions } from '../../../packages/server/src/engine/jobs/watch-conditions.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { addHost, scopeOf } from '../../support/scenario.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const MINUTE = 60_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ jobs: false });
});
afterAll(() => server.stop());

async function call(operation: string, input: unknown): Promise<Record<string, never>> {
  const reply = await rawRequest(server, operation, input);
  expect(reply.status, reply.text).toBe(200);
  return reply.body as Record<string, never>;
}

let topics = 0;
/** A topic that is told of one event of Assay's own, and what waits for it. */
async function toldOf(event: string) {
  const topicArn = `arn:aws:sns:us-east-1:123456789012:own-${++topics}`;
  await call('MapTopic', { topicArn, url: 'https://receiver.example/', format: 'SLACK' });
  await call('SubscribeToServerEvent', { topicArn, event });
  const waiting = async (): Promise<Record<string, string>[]> => {
    const { outbox } = server.service.store;
    const scope = await scopeOf(server);
    const found: Record<string, string>[] = [];
    const later = Date.now() + 1e12;
    for (;;) {
      const [next] = (await outbox.due(scope, topicArn, { now: later, latest: later, queues: 1, each: 1 })).flat();
      if (!next) return found;
      found.push(JSON.parse(next.message) as Record<string, string>);
      await outbox.remove(scope, next, [next.id], later);
    }
  };
  return { topicArn, waiting };
}

/** A server that watches: one look at each time. */
function watching(knowledge: readonly KnowledgeAges[] = []) {
  let at = 0;
  const { store } = server.service;
  const job = watchConditions({
    ...{ store, now: () => at, ago: (milliseconds) => at - milliseconds, knowledge, wakeJobs: () => undefined },
  });
  return async (...times: readonly number[]): Promise<void> => {
    for (at of times) await job.run({ scope: 0, subject: '' }, new AbortController().signal);
  };
}
const everyMinute = (from: number, minutes: number): number[] =>
  Array.from({ length: minutes }, (_, index) => from + index * MINUTE);

test('a host that falls silent is told once, and again when it was heard meanwhile', async () => {
  const now = Date.now();
  const { waiting } = await toldOf('HOST_SILENT');
  const [talking, quiet, visiting] = [
    await addHost(server, { hostname: 'talking.example', seenAt: now + 10 * MINUTE }),
    await addHost(server, { hostname: 'quiet.example', seenAt: now }),
    await addHost(server, { hostname: 'visiting.example', seenAt: now, visitEvery: 15 * MINUTE }),
  ];
  // Silent since long before anyone asked.
  await addHost(server, { seenAt: now - 60 * MINUTE });
  const look = watching();
  await look(...everyMinute(now, 7));
  const [told, ...others] = await waiting();
  expect(others).toEqual([]);
  expect(told).toMatchObject({
    ...{ event: 'HOST_SILENT', agentId: quiet.id, hostname: 'quiet.example', lastHeardAt: new Date(now).toISOString() },
    host: expect.stringContaining(quiet.id),
    reason: expect.stringMatching(/has not been heard for \d+ seconds/),
  });
  const { agents } = server.service.store;
  await agents.touch(await scopeOf(server), quiet.id, 'SHUTDOWN', now + 8 * MINUTE);
  await look(...everyMinute(now + 7 * MINUTE, 6));
  const [again] = await waiting();
  expect(again).toMatchObject({ agentId: quiet.id, reason: expect.stringMatching(/was shut down/) });
  await look(...everyMinute(now + 13 * MINUTE, 8));
  expect((await waiting()).map(({ agentId }) => agentId)).toEqual([talking.id, visiting.id]);
});

test('hosts are not silent because no server was there to hear them', async () => {
  const { waiting } = await toldOf('HOST_SILENT');
  const start = Date.now() + 1000 * MINUTE;
  await addHost(server, { seenAt: start });
  const look = watching();
  await look(start, start + 50_000);
  // The server comes back after an hour: the host has three minutes.
  await look(...everyMinute(start + 60 * MINUTE, 3));
  expect((await waiting()).filter(({ lastHeardAt }) => lastHeardAt === new Date(start).toISOString())).toEqual([]);
  await look(...everyMinute(start + 63 * MINUTE, 3));
  expect((await waiting()).filter(({ lastHeardAt }) => lastHeardAt === new Date(start).toISOString())).toHaveLength(1);
});

test('a feed that grows old is told once, and again after it was up to date', async () => {
  const { waiting } = await toldOf('FEED_OLD');
  let old = ['debian'];
  const look = watching([
    {
      event: 'FEED_OLD',
      look: () => ({ names: ['debian', 'kev'], old: old.map((name) => ({ name, detail: { feed: name } })) }),
    },
    { event: 'CONTENT_OLD', look: () => ({ names: ['ssg'], old: [{ name: 'ssg', detail: { content: 'ssg' } }] }) },
  ]);
  await look(1000, 2000, 3000);
  expect(await waiting()).toEqual([{ event: 'FEED_OLD', feed: 'debian', time: '1970-01-01T00:00:01.000Z' }]);
  old = [];
  await look(4000);
  old = ['debian', 'kev'];
  await look(5000);
  expect((await waiting()).map(({ feed }) => feed)).toEqual(['debian', 'kev']);
});

test('subscriptions to events of Assay’s own are listed and end', async () => {
  const { topicArn } = await toldOf('CONTENT_OLD');
  const event = 'CONTENT_OLD';
  const listed = async () =>
    ((await call('ListServerEventSubscriptions', {})).subscriptions as unknown as { topicArn: string }[]).filter(
      (each) => each.topicArn === topicArn,
    );
  await call('SubscribeToServerEvent', { topicArn, event });
  expect(await listed()).toEqual([{ topicArn, event }]);
  // Mapped anew, it is told of the same.
  await call('MapTopic', { topicArn, url: 'https://other.example/', format: 'SLACK' });
  expect(await listed()).toEqual([{ topicArn, event }]);
  await call('UnsubscribeFromServerEvent', { topicArn, event });
  expect(await listed()).toEqual([]);
  expect(errorOf(await rawRequest(server, 'UnsubscribeFromServerEvent', { topicArn, event }))).toBe(
    'NoSuchEntityException EVENT_IS_NOT_SUBSCRIBED',
  );
  const unknown = { topicArn: `${topicArn}x`, event };
  expect(errorOf(await rawRequest(server, 'SubscribeToServerEvent', unknown))).toBe(
    'NoSuchEntityException TOPIC_IS_NOT_MAPPED',
  );
  expect((await rawRequest(server, 'SubscribeToServerEvent', { topicArn, event: 'OTHER' })).status).toBe(400);
});
