import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome } from '../../../packages/server/src/delivery/delivery.ts';
import { deliver } from '../../../packages/server/src/engine/jobs/deliver.ts';
import { mapTopic, unmapTopic } from '../../../packages/server/src/engine/notify/map-topic.ts';
import { tell } from '../../../packages/server/src/engine/notify/tell.ts';
import type { Delivery } from '../../../packages/server/src/store/tables/outbox.ts';
import type { Topic } from '../../../packages/server/src/store/tables/topics.ts';
import { given } from '../../support/scenario.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const SCOPE = 7;
const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ jobs: false });
});
afterAll(() => server.stop());

let made = 0;
const newTopic = (): Topic => ({
  ...{ arn: `arn:aws:sns:us-east-1:123456789012:t${++made}`, format: 'SLACK', url: 'https://receiver.example/' },
  ...{ allowPrivate: false, signatureVersion: 1, events: [], secrets: null, token: `token ${made}`, mappedAt: START },
  ...{ confirmedAt: null, unmappedAt: null, lastTriedAt: null, lastDeliveredAt: null, lastError: null },
});

/** A mapped topic, a clock, and a receiver that answers as the test says. */
async function delivering(answer: (delivery: Delivery) => Outcome) {
  const { store } = server.service;
  const topic = newTopic();
  await store.transaction((tables) => mapTopic(tables, SCOPE, topic, START));
  let now = START;
  const tried: string[] = [];
  const job = deliver({
    store,
    now: () => now,
    send: async (_, __, delivery) => {
      tried.push(delivery.message);
      return answer(delivery);
    },
  });
  return {
    topic,
    tried,
    happen: (...events: readonly (readonly [run: string, message: string])[]) =>
      store.transaction((tables) =>
        tell(
          tables,
          SCOPE,
          events.map(([run, message]) => ({
            ...{ topic: topic.arn, run, event: 'OTHER', messageId: message, message, happenedAt: now },
          })),
          now,
        ),
      ),
    /** Works once; the time of the next look. */
    work: () => job.run({ scope: SCOPE, subject: topic.arn }, new AbortController().signal),
    at: (time: number) => {
      now = time;
    },
    waiting: async () => (await store.outbox.waiting(SCOPE)).get(topic.arn) ?? 0,
  };
}

const refused: Outcome = { delivered: false, status: 'INTERNAL_ERROR', error: 'The receiver answered 500' };

test('events of a run follow each other; one that fails holds back its own run alone', async () => {
  let broken = true;
  const { happen, work, tried, at, waiting } = await delivering(({ run }) =>
    run === 'a' && broken ? refused : { delivered: true },
  );
  await happen(['a', 'a1'], ['b', 'b1'], ['a', 'a2'], ['b', 'b2'], ['a', 'a3']);
  expect(await work()).toEqual({ done: false, notBefore: START + 1000 });
  expect(tried.toSorted()).toEqual(['a1', 'b1', 'b2']);
  expect(await waiting()).toBe(3);
  // Nothing is tried before its time, whatever asks for the job meanwhile.
  at(START + 999);
  await happen(['a', 'a4']);
  await work();
  expect(tried).toHaveLength(3);
  broken = false;
  at(START + 1000);
  expect(await work()).toEqual({ done: true });
  expect(tried.slice(3)).toEqual(['a1', 'a2', 'a3', 'a4']);
});

test('events of one run are recorded together, and those behind one that fails are not sent', async () => {
  let broken = true;
  const { happen, work, tried, at, waiting } = await delivering(({ message }) =>
    message === 'e3' && broken ? refused : { delivered: true },
  );
  await happen(...['e1', 'e2', 'e3', 'e4', 'e5'].map((message) => ['a', message] as const));
  expect(await work()).toEqual({ done: false, notBefore: START + 1000 });
  expect(tried).toEqual(['e1', 'e2', 'e3']);
  expect(await waiting()).toBe(3);
  at(START + 1000);
  // Its own second attempt: the pause has doubled.
  expect(await work()).toEqual({ done: false, notBefore: START + 3000 });
  broken = false;
  at(START + 3000);
  expect(await work()).toEqual({ done: true });
  expect(tried.slice(3)).toEqual(['e3', 'e3', 'e4', 'e5']);
});

test('a receiver that fails is asked by one event at a time, and by all once it is back', async () => {
  let [broken, most, going] = [true, 0, 0];
  const { topic, happen } = await delivering(() => refused);
  const { store } = server.service;
  const runs = Array.from({ length: 20 }, (_, index) => [`run ${index}`, `event ${index}`] as const);
  await happen(...runs);
  let now = START;
  const job = deliver({
    ...{ store, now: () => now },
    send: async () => {
      going += 1;
      most = Math.max(most, going);
      await new Promise((resolve) => setImmediate(resolve));
      going -= 1;
      return broken ? refused : { delivered: true };
    },
  });
  const work = () => job.run({ scope: SCOPE, subject: topic.arn }, new AbortController().signal);
  await work();
  expect(most).toBe(16);
  most = 0;
  now = START + 1000;
  await work();
  expect(most).toBe(1);
  broken = false;
  now = START + 600_000;
  expect(await work()).toEqual({ done: true });
  expect(most).toBeGreaterThan(1);
});

test('a receiver that asks to be tried at once is left alone for a second', async () => {
  const { happen, work } = await delivering(() => ({ ...refused, retryAfter: 0 }) as Outcome);
  await happen(['', 'at once']);
  expect(await work()).toEqual({ done: false, notBefore: START + 1000 });
});

test('pauses double up to ten minutes, and an event is given up after a day', async () => {
  const { happen, work, tried, at, topic, waiting } = await delivering(() => refused);
  await happen(['', 'only']);
  const pauses: number[] = [];
  for (let time = START; ; ) {
    at(time);
    const outcome = await work();
    if (outcome.done) break;
    const next = given(await server.service.store.outbox.nextAt(SCOPE, topic.arn));
    expect(outcome.notBefore).toBe(Math.min(next, time + 30_000));
    pauses.push((next - time) / 1000);
    time = next;
  }
  expect(pauses.slice(0, 12)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
  const total = pauses.reduce((sum, pause) => sum + pause, 0);
  expect(total).toBeGreaterThanOrEqual(86_400);
  expect(total).toBeLessThan(86_400 + 600);
  expect(tried).toHaveLength(pauses.length + 1);
  expect(await waiting()).toBe(0);
  expect(await server.service.store.topics.find(SCOPE, topic.arn)).toMatchObject({
    lastError: 'The receiver answered 500',
    lastDeliveredAt: null,
  });
});

test('what waited for longer than a day, because no server ran, is still tried once', async () => {
  const { happen, work, tried, at } = await delivering(() => ({ delivered: true }));
  await happen(['', 'late']);
  at(START + 72 * HOUR);
  expect(await work()).toEqual({ done: true });
  expect(tried).toEqual(['late']);
});

test('a receiver that asks to be left alone is, for as long as it asks', async () => {
  const { happen, work } = await delivering(() => ({ ...refused, retryAfter: 120_000 }) as Outcome);
  await happen(['', 'later']);
  await work();
  expect(await work()).toEqual({ done: false, notBefore: START + 30_000 });
});

test('a clock that was ahead and is set right leaves nothing lying', async () => {
  let broken = true;
  const { happen, work, tried, at } = await delivering(() => (broken ? refused : { delivered: true }));
  at(START + 1000 * HOUR);
  await happen(['', 'ahead']);
  await work();
  broken = false;
  at(START);
  expect(await work()).toEqual({ done: true });
  expect(tried).toEqual(['ahead', 'ahead']);
});

test('what a topic has yet to be told is dropped when it is unmapped, and delivered after it is mapped again', async () => {
  const { happen, work, tried, topic, waiting } = await delivering(() => ({ delivered: true }));
  const { store } = server.service;
  await happen(['', 'before']);
  await store.transaction((tables) => unmapTopic(tables, SCOPE, topic, START));
  expect(await work()).toEqual({ done: true });
  expect([tried, await waiting()]).toEqual([[], 0]);
  await store.transaction((tables) => mapTopic(tables, SCOPE, topic, START));
  await happen(['', 'after']);
  await work();
  expect(tried).toEqual(['after']);
});

test('a server that stops has tried nothing of what it cut off', async () => {
  const { topic, happen, waiting } = await delivering(() => refused);
  await happen(['', 'cut']);
  const stop = new AbortController();
  const { store } = server.service;
  const job = deliver({
    store,
    now: () => START,
    send: async () => {
      stop.abort();
      return refused;
    },
  });
  expect(await job.run({ scope: SCOPE, subject: topic.arn }, stop.signal)).toEqual({ done: false, notBefore: START });
  expect(await waiting()).toBe(1);
  expect(await store.outbox.nextAt(SCOPE, topic.arn)).toBe(START);
});
