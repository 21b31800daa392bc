import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hasEnded,
  initialState,
  type RunEvent,
  type RunState,
  runStates,
  step,
} from '../../packages/server/src/domain/run-machine.ts';
import { runEvents } from '../support/run-events.ts';

/** Every event is in the list: this type has no member left. */
const complete: Exclude<RunEvent, (typeof runEvents)[number]> extends never ? true : false = true;

const ends = ['COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'ERROR', 'CANCELED'];
/** Which states a run may go to from each, whatever the event: facts.md's line of states, its ends, and stopping early. */
const successors: Readonly<Record<RunState, readonly RunState[]>> = {
  CREATED: ['START_DATA_COLLECTION_PENDING', 'STOP_DATA_COLLECTION_PENDING', 'FAILED', 'CANCELED'],
  START_DATA_COLLECTION_PENDING: [
    'START_DATA_COLLECTION_IN_PROGRESS',
    'STOP_DATA_COLLECTION_PENDING',
    'FAILED',
    'CANCELED',
  ],
  START_DATA_COLLECTION_IN_PROGRESS: ['COLLECTING_DATA', 'STOP_DATA_COLLECTION_PENDING', 'FAILED', 'CANCELED'],
  COLLECTING_DATA: ['STOP_DATA_COLLECTION_PENDING', 'FAILED', 'CANCELED'],
  STOP_DATA_COLLECTION_PENDING: ['DATA_COLLECTED', 'FAILED', 'CANCELED'],
  DATA_COLLECTED: ['START_EVALUATING_RULES_PENDING', 'ERROR', 'CANCELED'],
  START_EVALUATING_RULES_PENDING: ['EVALUATING_RULES', 'ERROR', 'CANCELED'],
  EVALUATING_RULES: ['COMPLETED', 'COMPLETED_WITH_ERRORS', 'ERROR', 'CANCELED'],
  COMPLETED: [],
  COMPLETED_WITH_ERRORS: [],
  FAILED: [],
  ERROR: [],
  CANCELED: [],
};

const anyEvents = fc.array(fc.constantFrom(...runEvents), { maxLength: 60 });

/** The states that events lead through, the first included; events that the table lacks change nothing. */
function walk(given: readonly RunEvent[]): { states: RunState[]; steps: NonNullable<ReturnType<typeof step>>[] } {
  const states: RunState[] = [initialState];
  const steps = [];
  for (const event of given) {
    const next = step(states.at(-1) ?? initialState, event);
    if (!next) continue;
    states.push(next.state);
    steps.push(next);
  }
  return { states, steps };
}

test('there are the 13 states of the API, five of which end a run', () => {
  expect(complete).toBe(true);
  expect([...runStates].sort()).toEqual(Object.keys(successors).sort());
  expect(runStates.filter(hasEnded).sort()).toEqual([...ends].sort());
});

test('the table has the transitions of the facts and no other', () => {
  for (const state of runStates) {
    const reached = new Set(runEvents.flatMap((event) => step(state, event)?.state ?? []));
    expect([...reached].sort(), state).toEqual([...successors[state]].sort());
  }
});

test('an undisturbed run goes through all nine states', () => {
  const order = ['SCHEDULE', 'BEGIN', 'INSTRUCT', 'FINISH_COLLECTION', 'COLLECTED', 'QUEUE_EVALUATION', 'EVALUATE'];
  const { states } = walk([...(order as RunEvent[]), 'SUCCEED']);
  expect(states).toEqual([
    'CREATED',
    'START_DATA_COLLECTION_PENDING',
    'START_DATA_COLLECTION_IN_PROGRESS',
    'COLLECTING_DATA',
    'STOP_DATA_COLLECTION_PENDING',
    'DATA_COLLECTED',
    'START_EVALUATING_RULES_PENDING',
    'EVALUATING_RULES',
    'COMPLETED',
  ]);
});

describe('whatever happens', () => {
  test('only transitions of the table are made, and an ended state is never left', () => {
    fc.assert(
      fc.property(anyEvents, (given) => {
        const { states } = walk(given);
        for (const [index, state] of states.entries()) {
          if (index > 0) expect(successors[states[index - 1] ?? 'FAILED']).toContain(state);
          if (hasEnded(state)) expect(index).toBe(states.length - 1);
        }
      }),
    );
  });

  test('a run never comes back to a state that it left', () => {
    fc.assert(
      fc.property(anyEvents, (given) => {
        const { states } = walk(given);
        expect(new Set(states).size).toBe(states.length);
      }),
    );
  });

  test('every state can still reach an end, and can be cancelled until it has', () => {
    for (const state of runStates) {
      expect(step(state, 'CANCEL')?.state).toBe(hasEnded(state) ? undefined : 'CANCELED');
      expect(reachable(state).some(hasEnded), state).toBe(true);
    }
  });

  test('every state that has not ended, the first apart, has a job that carries it on', () => {
    fc.assert(
      fc.property(anyEvents, (given) => {
        for (const made of walk(given).steps) {
          expect(made.effect.job === 'none').toBe(made.ends);
          expect(made.ends).toBe(hasEnded(made.state));
        }
      }),
    );
  });

  test('it starts once at most, when collection does; data is collected before rules are evaluated; it ends once', () => {
    fc.assert(
      fc.property(anyEvents, (given) => {
        const { steps } = walk(given);
        const started = steps.filter(({ starts }) => starts);
        expect(started.map(({ state }) => state)).toEqual(started.length === 0 ? [] : ['COLLECTING_DATA']);
        expect(steps.filter((made) => made.ends).length).toBeLessThanOrEqual(1);
        const collected = steps.findIndex((made) => made.collected);
        const evaluating = steps.findIndex(({ state }) => state === 'EVALUATING_RULES');
        if (evaluating >= 0) expect(collected).toBeGreaterThanOrEqual(0);
        if (collected >= 0) expect(steps[collected]?.state).toBe('DATA_COLLECTED');
        if (evaluating >= 0) expect(collected).toBeLessThan(evaluating);
      }),
    );
  });
});

function reachable(from: RunState): RunState[] {
  const seen = new Set<RunState>([from]);
  for (const state of seen) for (const next of successors[state]) seen.add(next);
  return [...seen];
}
