import type { AssessmentRunState } from '@assay/model/api/values.ts';
import type { Static } from '@assay/model/shape.ts';

export type RunState = Static<typeof AssessmentRunState>;

/** What can happen to a run. */
export type RunEvent =
  /** The run was accepted; its collection waits for a worker. */
  | 'SCHEDULE'
  /** A worker took it up. */
  | 'BEGIN'
  /** Its hosts have their instructions. */
  | 'INSTRUCT'
  /** Every host that can deliver has, the time is up, or StopAssessmentRun asked for evaluation now. */
  | 'FINISH_COLLECTION'
  /** What arrived is settled. */
  | 'COLLECTED'
  /** Evaluation waits for a worker. */
  | 'QUEUE_EVALUATION'
  | 'EVALUATE'
  | 'SUCCEED'
  /** Some host or rules package could not be evaluated; an exclusion says which. */
  | 'SUCCEED_WITH_ERRORS'
  /** The service could not start the run or collect anything. */
  | 'FAIL'
  /** Evaluation broke as a whole. */
  | 'BREAK'
  /** StopAssessmentRun with SKIP_EVALUATION. */
  | 'CANCEL';

/** Work that a step asks for; it is written in the step's own transaction. */
export type RunEffect = { readonly job: 'collect' | 'evaluate' } | { readonly job: 'none' };

/** The first state of every run. */
export const initialState: RunState = 'CREATED';

const table: Readonly<Record<RunState, Readonly<Partial<Record<RunEvent, RunState>>>>> = {
  CREATED: {
    SCHEDULE: 'START_DATA_COLLECTION_PENDING',
    FINISH_COLLECTION: 'STOP_DATA_COLLECTION_PENDING',
    FAIL: 'FAILED',
    CANCEL: 'CANCELED',
  },
  START_DATA_COLLECTION_PENDING: {
    BEGIN: 'START_DATA_COLLECTION_IN_PROGRESS',
    FINISH_COLLECTION: 'STOP_DATA_COLLECTION_PENDING',
    FAIL: 'FAILED',
    CANCEL: 'CANCELED',
  },
  START_DATA_COLLECTION_IN_PROGRESS: {
    INSTRUCT: 'COLLECTING_DATA',
    FINISH_COLLECTION: 'STOP_DATA_COLLECTION_PENDING',
    FAIL: 'FAILED',
    CANCEL: 'CANCELED',
  },
  COLLECTING_DATA: { FINISH_COLLECTION: 'STOP_DATA_COLLECTION_PENDING', FAIL: 'FAILED', CANCEL: 'CANCELED' },
  STOP_DATA_COLLECTION_PENDING: { COLLECTED: 'DATA_COLLECTED', FAIL: 'FAILED', CANCEL: 'CANCELED' },
  DATA_COLLECTED: { QUEUE_EVALUATION: 'START_EVALUATING_RULES_PENDING', BREAK: 'ERROR', CANCEL: 'CANCELED' },
  START_EVALUATING_RULES_PENDING: { EVALUATE: 'EVALUATING_RULES', BREAK: 'ERROR', CANCEL: 'CANCELED' },
  EVALUATING_RULES: {
    SUCCEED: 'COMPLETED',
    SUCCEED_WITH_ERRORS: 'COMPLETED_WITH_ERRORS',
    BREAK: 'ERROR',
    CANCEL: 'CANCELED',
  },
  FAILED: {},
  ERROR: {},
  COMPLETED: {},
  COMPLETED_WITH_ERRORS: {},
  CANCELED: {},
};

export const runStates = Object.keys(table) as RunState[];

/** True for the five states that a run never leaves. */
export const hasEnded = (state: RunState): boolean => Object.keys(table[state]).length === 0;

/** The others. */
export const liveStates: readonly RunState[] = runStates.filter((state) => !hasEnded(state));

export interface RunStep {
  readonly state: RunState;
  /** Collection starts with this step: it sets startedAt. */
  readonly starts: boolean;
  /** dataCollected is true from this step on. */
  readonly collected: boolean;
  /** The run ends with this step: it sets completedAt, frees the run's hosts and drops its jobs. */
  readonly ends: boolean;
  readonly effect: RunEffect;
}

/** The step that an event makes from a state; undefined where the table has none, and nothing changes. */
export function step(state: RunState, event: RunEvent): RunStep | undefined {
  const next = table[state][event];
  if (next === undefined) return undefined;
  return {
    state: next,
    starts: next === 'COLLECTING_DATA',
    collected: next === 'DATA_COLLECTED',
    ends: hasEnded(next),
    effect: { job: jobs[next] ?? 'none' },
  };
}

/** The job that carries a run on from a state. */
const jobs: Readonly<Partial<Record<RunState, 'collect' | 'evaluate'>>> = {
  START_DATA_COLLECTION_PENDING: 'collect',
  START_DATA_COLLECTION_IN_PROGRESS: 'collect',
  COLLECTING_DATA: 'collect',
  STOP_DATA_COLLECTION_PENDING: 'collect',
  DATA_COLLECTED: 'collect',
  START_EVALUATING_RULES_PENDING: 'evaluate',
  EVALUATING_RULES: 'evaluate',
};
