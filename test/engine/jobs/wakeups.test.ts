import { expect, test } from 'vitest';
import { createWakeups } from '../../../packages/server/src/engine/jobs/wakeups.ts';

const never = new AbortController().signal;

test('whoever waits for a key is woken by it, once, and no other', async () => {
  const wakeups = createWakeups();
  const woken: string[] = [];
  const waits = ['a', 'a', 'b'].map((key) => wakeups.wait(key, never).then(() => woken.push(key)));
  await wakeups.wake(['a', 'nobody']);
  expect(woken).toEqual(['a', 'a']);
  expect(wakeups.waiting()).toBe(1);
  await wakeups.wake(['b']);
  await Promise.all(waits);
  expect(woken).toEqual(['a', 'a', 'b']);
  expect(wakeups.waiting()).toBe(0);
});

test('a wait that is given up, before or meanwhile, is over', async () => {
  const wakeups = createWakeups();
  await wakeups.wait('a', AbortSignal.abort());
  const stop = new AbortController();
  const wait = wakeups.wait('a', stop.signal);
  stop.abort();
  await wait;
  expect(wakeups.waiting()).toBe(0);
});

test('where thousands are woken, what else is ready goes in between', async () => {
  const wakeups = createWakeups();
  const keys = Array.from({ length: 5000 }, (_, at) => `agent ${at}`);
  let woken = 0;
  for (const key of keys) wakeups.wait(key, never).then(() => woken++);
  const before: number[] = [];
  const over = wakeups.wake(keys);
  while (woken < keys.length) {
    before.push(woken);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await over;
  // A few at a time, from one look to the next.
  expect(Math.max(...before.slice(1).map((count, at) => count - (before[at] ?? 0)))).toBeLessThanOrEqual(200);
  expect(before.length).toBeGreaterThanOrEqual(25);
});
