import { expect, test } from 'vitest';
import { createLimit } from '../../../packages/server/src/engine/agents/limit.ts';

test('so many run at once, the others in the order they came, and one that fails gives its place on', async () => {
  const limit = createLimit(2);
  const begun: number[] = [];
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const works = ends.map(({ promise }, at) =>
    limit.run(() => {
      begun.push(at);
      return promise;
    }),
  );
  const settled = Promise.allSettled(works);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  expect([begun, limit.waiting()]).toEqual([[0, 1], 3]);
  ends[1]?.reject(new Error('no'));
  await turn();
  expect([begun, limit.waiting()]).toEqual([[0, 1, 2], 2]);
  for (const { resolve } of ends) resolve();
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect([begun, limit.waiting()]).toEqual([[0, 1, 2, 3, 4], 0]);
});
