import { expect, test } from 'vitest';
import { createFairLine } from '../../../packages/server/src/engine/agents/fair-line.ts';

/** A line over a clock of its own; each work takes the time that it is given. */
function lineOf() {
  let now = 0;
  const line = createFairLine(() => now);
  const done: string[] = [];
  const work = (owner: string, time: number): Promise<unknown> =>
    line
      .run(owner, async () => {
        now += time;
        done.push(owner);
      })
      .catch((error: Error) => error);
  const pass = (time: number): void => {
    now += time;
  };
  return { line, done, work, pass };
}

test('an owner of costly works has one of them done for as many others as there are', async () => {
  const { done, work } = lineOf();
  const hostile = Array.from({ length: 4 }, () => work('hostile', 1000));
  await Promise.all([...hostile, ...['a', 'b', 'c', 'a', 'b', 'c'].map((owner) => work(owner, 1))]);
  // One was at work before the others came.
  expect(done).toEqual(['hostile', 'a', 'b', 'c', 'a', 'b', 'c', 'hostile', 'hostile', 'hostile']);
});

test('owners who take the same have their turns in the order they came', async () => {
  const { done, work } = lineOf();
  await Promise.all(['a', 'a', 'a', 'b', 'b', 'c'].map((owner) => work(owner, 1)));
  expect(done).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

test('of one owner few wait; the others are told to come again, and a work that fails gives its place on', async () => {
  const { line, work } = lineOf();
  const held = Promise.withResolvers<void>();
  const first = line.run('a', () => held.promise).catch((error: Error) => error);
  const more = Array.from({ length: 20 }, () => work('a', 1));
  const other = work('b', 1);
  expect(line.waiting()).toBe(5);
  held.reject(new Error('no'));
  expect(await first).toMatchObject({ message: 'no' });
  expect(await other).toBeUndefined();
  const refused = (await Promise.all(more)).filter((answer) => answer instanceof Error);
  expect(refused).toHaveLength(16);
  expect(refused[0]).toMatchObject({ code: 'TooManyDocuments' });
  expect(await work('a', 1)).toBeUndefined();
  expect(line.waiting()).toBe(0);
});

test('whose works take long has to wait, and others do not', async () => {
  const { line, done, work, pass } = lineOf();
  for (let count = 0; count < 5; count++) await work('hostile', 1000);
  expect(await work('hostile', 1000)).toMatchObject({ code: 'TooManyDocuments' });
  await work('another', 1000);
  expect(done).toEqual([...Array<string>(5).fill('hostile'), 'another']);
  expect(line.waiting()).toBe(0);
  pass(20_000);
  expect(await work('hostile', 1)).toBeUndefined();
});
