import { getPriority, platform } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const file = new URL('../../../packages/server/src/runtime/threads/stand-back.ts', import.meta.url);
const text = `const { parentPort } = require('node:worker_threads');
  import(${JSON.stringify(file.href)}).then(({ standBack }) => {
    standBack();
    parentPort.postMessage(require('node:os').getPriority());
  });`;

test('a thread that stands back has a lower priority, where it can have one of its own, and the process keeps its', async () => {
  const before = getPriority();
  const worker = new Worker(text, { eval: true, execArgv: [] });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  worker.once('message', resolve).once('error', reject);
  const there = await promise;
  expect(there).toBe(platform() === 'linux' ? Math.max(before, 5) : before);
  expect(getPriority()).toBe(before);
  await worker.terminate();
});
