import { ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { expect, onTestFinished, test } from 'vitest';
import { holdStrangers } from '../../packages/server/src/wire/hold-strangers.ts';
import { startStubApi } from './stub-api.ts';

test('the first refusals of a network wait for nothing, those beyond do, and others not', () => {
  let now = 0;
  const hold = holdStrangers({
    monotonic: () => now,
    sleep: async () => undefined,
    stopping: new AbortController().signal,
  });
  const held = (count: number, address: string): number =>
    Array.from({ length: count }, () => hold(address)).filter(Boolean).length;
  expect(held(600, '192.0.2.1')).toBe(100);
  expect(held(100, '192.0.2.2')).toBe(0);
  now += 1000;
  expect(held(30, '192.0.2.1')).toBe(10);
});

test('a refusal that is held back is answered when that is over; a call with a key is not held', async () => {
  const over = Promise.withResolvers<void>();
  const asked: string[] = [];
  const stub = await startStubApi({
    holdStranger: (address) => {
      asked.push(address);
      return over.promise;
    },
  });
  onTestFinished(stub.stop);
  let answered = false;
  const refused = fetch(stub.endpoint, { method: 'POST', body: '{}' }).then((response) => {
    answered = true;
    return response.status;
  });
  while (asked.length === 0) await new Promise((resolve) => void setImmediate(resolve));
  await stub.client(1).send(new ListAssessmentRunsCommand({}));
  expect(answered).toBe(false);
  over.resolve();
  expect(await refused).toBe(400);
  expect(asked).toHaveLength(1);
});
