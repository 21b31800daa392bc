import { expect, test } from 'vitest';
import { createPacedStarts } from '../../../packages/server/src/engine/agents/paced-starts.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

function paced() {
  const clock = createVirtualClock(0);
  const state = { busy: false };
  const starts = createPacedStarts({ sleep: clock.sleep, busy: () => state.busy });
  const begun: number[] = [];
  const ask = (name: number, signal = new AbortController().signal): void => {
    void starts.turn(signal).then((begins) => {
      if (begins) begun.push(name);
    });
  };
  return { clock, state, begun, ask };
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('the first hosts begin at once, the others ten in each tenth of a second, in the order they asked', async () => {
  const { clock, begun, ask } = paced();
  for (const name of upTo(25)) ask(name);
  await clock.settle();
  expect(begun).toEqual(upTo(10));
  await clock.advance(100);
  expect(begun).toEqual(upTo(20));
  await clock.advance(100);
  expect(begun).toEqual(upTo(25));
  await clock.advance(1000);
  for (const name of upTo(10)) ask(100 + name);
  await clock.settle();
  expect(begun.length).toBe(35);
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
  for (const name of upTo(10)) ask(name);
  const gone = new AbortController();
  for (const name of upTo(10)) ask(100 + name, gone.signal);
  ask(10);
  gone.abort();
  ask(11, gone.signal);
  await clock.advance(100);
  expect(begun).toEqual(upTo(11));
});
