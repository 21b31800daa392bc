import type { RunEvent } from '../../packages/server/src/domain/run-machine.ts';

/** Everything that can happen to a run. */
export const runEvents = [
  'SCHEDULE',
  'BEGIN',
  'INSTRUCT',
  'FINISH_COLLECTION',
  'COLLECTED',
  'QUEUE_EVALUATION',
  'EVALUATE',
  'SUCCEED',
  'SUCCEED_WITH_ERRORS',
  'FAIL',
  'BREAK',
  'CANCEL',
] as const satisfies readonly RunEvent[];
