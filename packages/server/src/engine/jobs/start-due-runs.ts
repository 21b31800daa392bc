import { targetArn, templateArn } from '@assay/model/arn.ts';
import { DAY, MINUTE } from '../../domain/durations.ts';
import { newResourceId, type RandomBytes } from '../../domain/ids.ts';
import type { Store, Tables } from '../../store/store.ts';
import type { Schedule } from '../../store/tables/schedules.ts';
import { tellServerEvent } from '../notify/tell-server-event.ts';
import { type RunLimits, type RunRefusal, startRun } from '../runs/start-run.ts';
import { nextTime } from '../schedule/next-time.ts';
import { opensAt, windowWords } from '../schedule/target-window.ts';
import { restUpkeep } from './give-up.ts';
import type { JobKind } from './job.ts';
import { SCHEDULING } from './lanes.ts';

/** How often due schedules are looked for, in milliseconds. */
const LOOK_EVERY = 2000;
/** A run that could not start is tried again after this, within its window: milliseconds. */
const TRY_AGAIN = MINUTE;
/** A run that starts later than this after its time is one that was missed, and is said to be made up: milliseconds. */
const LATE = 5 * MINUTE;
/** How notes begin: of a run that was due, and of one whose time nobody saw. */
const WAITING = 'Waiting since';
const MISSED = 'Missed at';
/** Schedules of one look. */
const BATCH = 50;

export interface ScheduleDeps {
  readonly store: Pick<Store, 'schedules' | 'transaction'>;
  readonly now: () => number;
  readonly creationTime: () => number;
  readonly random: RandomBytes;
  readonly limits: RunLimits;
  readonly wakeJobs: () => void;
  readonly log: (line: string) => void;
}

/** Starts the runs of schedules that are due, each exactly once, for as long as there is a server. */
export const startDueRuns = (deps: ScheduleDeps): JobKind => ({
  kind: 'schedule',
  lane: SCHEDULING,
  upkeep: true,
  giveUp: restUpkeep,
  run: async (_, stop) => {
    const { store, now } = deps;
    for (const schedule of await store.schedules.ahead(now() + DAY, BATCH)) {
      const right = withoutMistake(schedule, now());
      if (right) await store.transaction(({ schedules }) => schedules.replace(schedule, right));
    }
    for (;;) {
      const due = stop.aborted ? [] : await store.schedules.due(now(), BATCH);
      if (due.length === 0) return { done: false, notBefore: now() + LOOK_EVERY };
      for (const schedule of due) {
        const line = await startOne(deps, schedule);
        if (line !== undefined) deps.log(line);
      }
      deps.wakeJobs();
    }
  },
});

/** Windows of targets open at least once a week: no run waits for longer. */
const LONGEST_WAIT = 8 * DAY;

/**
 * A schedule whose times a clock that was ahead has set, as it would be without; undefined where its times are right. What
 * started within the day before that is not started again.
 */
function withoutMistake(schedule: Schedule, now: number): Schedule | undefined {
  const { createdAt, lastAt, dueAt, tryAt } = schedule;
  const created = createdAt > now + DAY ? now : createdAt;
  const since = lastAt !== null && lastAt > now && lastAt <= now + DAY ? lastAt : now;
  const next = nextTime({ when: schedule.when, createdAt: created }, since);
  if (next === undefined) return undefined;
  if (dueAt > next) return { ...schedule, createdAt: created, dueAt: next, tryAt: next };
  return tryAt > Math.max(now, dueAt) + LONGEST_WAIT ? { ...schedule, tryAt: dueAt } : undefined;
}

/** Another server was first: nothing of the transaction stays. */
class Overtaken extends Error {}

async function startOne(deps: ScheduleDeps, schedule: Schedule): Promise<string | undefined> {
  const id = newResourceId(deps.random);
  try {
    return await deps.store.transaction((tables) => attempt(deps, tables, schedule, id));
  } catch (error) {
    if (error instanceof Overtaken) return undefined;
    throw error;
  }
}

async function attempt(
  { now, creationTime, limits }: ScheduleDeps,
  tables: Tables,
  schedule: Schedule,
  id: string,
): Promise<string | undefined> {
  const { scope, dueAt, tryAt, window } = schedule;
  const at = now();
  const replace = async (change: Partial<Schedule>): Promise<void> => {
    if (!(await tables.schedules.replace(schedule, { ...schedule, ...change }))) throw new Overtaken();
  };
  const [template] = await tables.templates.findMany(scope, [schedule.template]);
  if (!template) {
    await tables.schedules.delete(scope, schedule.id);
    return undefined;
  }
  const following = nextTime(schedule, at);
  const next: Partial<Schedule> = following === undefined ? { pausedAt: at } : { dueAt: following, tryAt: following };
  const time = new Date(dueAt).toISOString();
  const open = await tables.targetWindows.find(scope, template.target);
  /** When a run may begin at or after a moment. */
  const mayBegin = (from: number): number | undefined => (open ? opensAt(open, from) : from);
  const until = (mayBegin(dueAt) ?? dueAt) + window;
  // Nobody looked when it was to be tried.
  const missed = at - tryAt > LATE || at > until;

  const opening = mayBegin(at);
  if (open && opening !== undefined && opening > at && (missed || opening <= until)) {
    const reason = `runs of the target may begin ${windowWords(open)}`;
    await replace({ tryAt: opening, lastNote: `${missed ? MISSED : WAITING} ${time}: ${reason}` });
    return `The schedule ${schedule.id} waits until ${new Date(opening).toISOString()}: ${reason}`;
  }
  const scopeName = await tables.scopes.get(scope);
  const asked = { scopeName, id, name: undefined, origin: {}, createdAt: creationTime(), now: at, limits };
  const started = await startRun(tables, scope, template, asked);
  if ('arn' in started) {
    const madeUp = missed || schedule.lastNote?.startsWith(`${MISSED} ${time}`) === true;
    const note = madeUp ? `Made up: the run that was due at ${time} was missed` : null;
    await replace({ ...next, lastAt: at, lastRun: id, lastNote: note });
    return `The schedule ${schedule.id} started ${started.arn}${madeUp ? `, which was due at ${time}` : ''}`;
  }
  const reason = reasonOf(started);
  const again = mayBegin(at + TRY_AGAIN);
  if (again !== undefined && again <= until) {
    await replace({ tryAt: again, lastNote: `${WAITING} ${time}: ${reason}` });
    return tryAt === dueAt ? `The schedule ${schedule.id} waits: ${reason}` : undefined;
  }
  await replace({ ...next, lastNote: `The run that was due at ${time} did not start: ${reason}` });
  const event = 'RUN_NOT_STARTED';
  const detail = {
    template: templateArn(scopeName, template.target, template.id),
    target: targetArn(scopeName, template.target),
    schedule: schedule.id,
    ...{ time, reason },
  };
  await tellServerEvent(tables, scope, { event, about: [schedule.id, time], detail }, at);
  return `The schedule ${schedule.id} did not start the run that was due at ${time}: ${reason}`;
}

function reasonOf(why: RunRefusal): string {
  switch (why.refused) {
    case 'NO_TARGET':
      return 'the assessment target is gone';
    case 'NAME_TAKEN':
      return `there is a run "${why.name}" already`;
    case 'RUN_LIMIT':
      return 'the account has as many runs as it may have';
    case 'HOST_LIMIT':
      return 'more hosts would take part in runs than may at once';
    case 'BUSY': {
      const [first] = why.hosts;
      const others = why.hosts.length > 1 ? ` and ${why.hosts.length - 1} more` : '';
      return `${first?.agent}${others} still take part in another run: ${first?.runArn}`;
    }
  }
}
