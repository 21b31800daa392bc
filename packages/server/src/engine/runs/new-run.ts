import type { Run } from '../../domain/run.ts';
import { initialState } from '../../domain/run-machine.ts';

type Given = Pick<
  Run,
  'id' | 'target' | 'template' | 'name' | 'duration' | 'rulesPackages' | 'userAttributes' | 'createdAt' | 'origin'
>;

/** A run before its first step: nothing has happened to it but that it was made. */
export const newRun = (given: Given): Run => ({
  ...given,
  state: initialState,
  startedAt: null,
  completedAt: null,
  stateChangedAt: given.createdAt,
  dataCollected: false,
  findingCounts: {},
  stateChanges: [{ at: given.createdAt, state: initialState }],
  notifications: [],
  imported: false,
});
