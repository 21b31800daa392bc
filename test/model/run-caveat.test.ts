import { runCaveat } from '@assay/model/run-caveat.ts';
import { expect, test } from 'vitest';

test.each([
  [{ state: 'CANCELED', evaluated: false }, 'stopped before evaluation: nothing was assessed'],
  [{ state: 'CANCELED' }, 'was stopped: only what was evaluated before that is known'],
  [{ state: 'FAILED', evaluated: false }, 'failed before evaluation: nothing was assessed'],
  [{ state: 'ERROR', evaluated: true }, 'broke off during evaluation'],
  [{ state: 'COLLECTING_DATA' }, 'has not ended (COLLECTING_DATA)'],
  [{ state: 'COMPLETED_WITH_ERRORS', hosts: 0 }, 'No host matched the target'],
  [{ state: 'COMPLETED_WITH_ERRORS', hosts: 2, evaluated: false }, 'No rule could be evaluated'],
  [
    { state: 'COMPLETED', imported: true, hosts: 0 },
    'imported: which rules were evaluated on which hosts is not known. No',
  ],
  [{ state: 'FAILED', imported: true }, 'It failed there.'],
])('%j', (run, words) => expect(runCaveat(run)).toContain(words));

test('a run that completed over hosts needs no sentence', () => {
  expect(runCaveat({ state: 'COMPLETED', hosts: 1, evaluated: true })).toBeUndefined();
  expect(runCaveat({ state: 'COMPLETED_WITH_ERRORS' })).toBeUndefined();
});
