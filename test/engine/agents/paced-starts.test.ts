import { expect, test } from 'vitest';
import { createPacedStarts } from '../../../packages/server/src/engine/agents/paced-starts.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

function paced() {
  const clock = createVirtualClock(0);
  const state = { busy: false, load: 0 };
  const starts = createPacedStarts({ sleep: clock.sleep, busy: () => state.busy, load: () => state.load });
  const begun: number[] = [];
  const ask = (name: number, signal = new AbortController().signal): void => {
    void starts.turn(signal).then((begins) => {
      if (begins) begun.push(name);
    });
  };
  return { clock, state, begun, ask };
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('the first hosts begin at once, the others in each tenth of a second, one more every time, in the order they asked', async () => {
  const { clock, begun, ask } = paced();
  for (const name of upTo(100)) ask(name);
  await clock.settle();
  expect(begun).toEqual(upTo(5));
  const counts: number[] = [];
  for (let step = 0; step < 12; step++) {
    await clock.advance(100);
    counts.push(begun.length);
  }
  expect(counts).toEqual([11, 18, 26, 35, 45, 55, 65, 75, 85, 95, 100, 100]);
  expect(begun).toEqual(upTo(100));
  for (const name of upTo(10)) ask(100 + name);
  await clock.settle();
  expect(begun.length).toBe(110);
});

test('one less begins after each step in which the server had much to do, and one in the end', async () => {
  const { clock, state, begun, ask } = paced();
  for (const name of upTo(100)) ask(name);
  await clock.settle();
  const counts: number[] = [];
  for (const load of [0.71, 0.71, 0.71, 0.71, 0.71, 0.65, 0.59, 0.6, 0.59]) {
    state.load = load;
    await clock.advance(100);
    counts.push(begun.length);
  }
  expect(counts).toEqual([9, 12, 14, 15, 16, 17, 19, 21, 24]);
});

test('while the server is busy nobody begins, and afterwards all do', async () => {
  const { clock, state, begun, ask } = paced();
  state.busy = true;
  for (const name of upTo(3)) ask(name);
  await clock.advance(5000);
  expect(begun).toEqual([]);
  state.busy = false;
  await clock.advance(100);
  expect(begun).toEqual(upTo(3));
});

test('who has gone is left out, and takes nobody’s turn', async () => {
  const { clock, begun, ask } = paced();
  for (const name of upTo(5)) ask(name);
  const gone = new AbortController();
  for (const name of upTo(10)) ask(100 + name, gone.signal);
  ask(5);
  gone.abort();
  ask(6, gone.signal);
  await clock.advance(100);
  expect(begun).toEqual(upTo(6));
});
