import type { Run } from '../../domain/run.ts';
import type { RunEvent } from '../../domain/run-machine.ts';
import type { Tables, Transaction } from '../../store/store.ts';
import { settlePartialDeliveries } from '../agents/settle-partial-deliveries.ts';
import { advanceRun } from '../runs/advance-run.ts';
import { type Ago, UNHEALTHY_AFTER } from '../runs/agent-health.ts';
import { failRun } from './give-up.ts';
import type { JobKind } from './job.ts';
import { PROMPT } from './lanes.ts';
import type { Wakeups } from './wakeups.ts';

/** How often a collecting run is looked at while nothing arrives, in milliseconds. */
const CHECK_EVERY = 30_000;

export interface CollectDeps {
  readonly transaction: Transaction;
  readonly now: () => number;
  readonly ago: Ago;
  /** Tells agents that wait for instructions to look again. */
  readonly agentWakeups: Pick<Wakeups, 'wake'>;
}

/**
 * Carries a run from START_DATA_COLLECTION_PENDING to START_EVALUATING_RULES_PENDING. Each state is left in a
 * transaction of its own, so that the job taken up again goes on where the run stands.
 */
export const collect = ({ transaction, now, ago, agentWakeups }: CollectDeps): JobKind => ({
  kind: 'collect',
  lane: PROMPT,
  giveUp: failRun,
  run: async ({ scope, subject: id }) => {
    for (;;) {
      const result = await transaction(async (tables): Promise<Step> => {
        const [run] = await tables.runs.findMany(scope, [id]);
        if (!run) return 'done';
        return (await steps[run.state]?.(tables, scope, run, { now: now(), ago })) ?? 'done';
      });
      if (result === 'done') return { done: true };
      if (typeof result === 'object') {
        await agentWakeups.wake(result.instructed);
      } else if (typeof result === 'number') {
        return { done: false, notBefore: result };
      }
    }
  },
});

/** `again` after a step, a time to look again, `done`, or the hosts that were instructed. */
type Step = 'again' | 'done' | number | { readonly instructed: readonly string[] };
interface Time {
  readonly now: number;
  readonly ago: Ago;
}
type Leave = (tables: Tables, scope: number, run: Run, time: Time) => Promise<Step>;

const by =
  (event: RunEvent): Leave =>
  async (tables, scope, run, { now }) =>
    (await advanceRun(tables, scope, run, event, now)) ? 'again' : 'done';

const instruct: Leave = async (tables, scope, run, { now }) => {
  if (!(await advanceRun(tables, scope, run, 'INSTRUCT', now))) return 'done';
  return { instructed: await tables.runAgents.pending(scope, run.id) };
};

/** Nothing is taken in any more, whoever ended collection. */
const settle: Leave = async (tables, scope, run, time) =>
  (await settlePartialDeliveries(tables, scope, run, time.now)) ? 'again' : by('COLLECTED')(tables, scope, run, time);

/** Ends collection when every host that still can has delivered, or the run's duration is over. */
const watch: Leave = async (tables, scope, run, time) => {
  const { now, ago } = time;
  const began = run.startedAt ?? run.stateChangedAt;
  const duration = run.duration * 1000;
  const silent = await tables.runAgents.longestSilent(scope, run.id, ago(UNHEALTHY_AFTER));
  if (silent === undefined || began <= ago(duration)) return by('FINISH_COLLECTION')(tables, scope, run, time);
  // What is past and has not come is a time of before the clock was set forward.
  const ahead = (time: number): number => (time > now ? time : now + CHECK_EVERY);
  // The first moment at which silence alone can change the answer.
  const silence = ahead(silent + UNHEALTHY_AFTER + 1);
  return Math.min(ahead(began + duration), Math.max(now + 1000, Math.min(silence, now + CHECK_EVERY)));
};

const steps: Readonly<Partial<Record<Run['state'], Leave>>> = {
  START_DATA_COLLECTION_PENDING: by('BEGIN'),
  START_DATA_COLLECTION_IN_PROGRESS: instruct,
  COLLECTING_DATA: watch,
  STOP_DATA_COLLECTION_PENDING: settle,
  DATA_COLLECTED: by('QUEUE_EVALUATION'),
};
