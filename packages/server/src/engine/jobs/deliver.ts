import type { FailureStatus, Outcome } from '../../delivery/delivery.ts';
import { DAY } from '../../domain/durations.ts';
import type { RunNotification } from '../../domain/run.ts';
import type { Store, Tables } from '../../store/store.ts';
import type { Delivery } from '../../store/tables/outbox.ts';
import type { Topic } from '../../store/tables/topics.ts';
import { DELIVER } from '../notify/tell.ts';
import type { JobKind } from './job.ts';
import { DELIVERY } from './lanes.ts';

/** Runs whose events a topic is told of at once; those of one run follow each other. */
const AT_ONCE = 16;
/** Events of one run that are read at once and recorded together. */
const TOGETHER = 25;
/** A job, and a run within it, gives others their turn after this: milliseconds. */
const TURN = 1000;
/** The pause after the first failure, doubled with each, and the longest: milliseconds. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 600_000;
/** How long an event is tried for, in milliseconds. */
const TRIED_FOR = DAY;
/** A job waits for no longer than this, whenever its queues are due: milliseconds. */
const LOOK_EVERY = 30_000;
/** Characters of an error that are kept. */
const MAX_ERROR = 1000;

export interface DeliverDeps {
  readonly store: Pick<Store, 'outbox' | 'topics' | 'transaction'>;
  /** Sends to wherever a topic is mapped. Resolves whatever the receiver does. */
  readonly send: (scope: number, topic: Topic, delivery: Delivery, stop: AbortSignal) => Promise<Outcome>;
  /** Sends to a topic that is mapped to no address, as {@link send} does; absent where that reaches nobody. */
  readonly sendUnmapped?: (topicArn: string, delivery: Delivery, stop: AbortSignal) => Promise<Outcome>;
  readonly now: () => number;
}

/**
 * Tells one topic what it has yet to be told. Its events wait in the outbox with their next time; the job looks at them,
 * and is done when none is left.
 */
export const deliver = (deps: DeliverDeps): JobKind => ({
  kind: DELIVER,
  lane: DELIVERY,
  // What went wrong was reported, and the events wait.
  giveUp: async (_, __, now) => ({ done: false, notBefore: now + LOOK_EVERY }),
  run: async ({ scope, subject: arn }, stop) => {
    const { store, now } = deps;
    const end = now() + TURN;
    do {
      const at = now();
      const topic = await store.topics.find(scope, arn);
      // A receiver that fails is asked by one event at a time.
      const queues = topic && topic.lastError !== null ? 1 : AT_ONCE;
      const due = await store.outbox.due(scope, arn, { now: at, latest: at + LONGEST_PAUSE, queues, each: TOGETHER });
      if (due.length === 0) {
        const next = await store.outbox.nextAt(scope, arn);
        return next === undefined ? { done: true } : { done: false, notBefore: Math.min(next, at + LOOK_EVERY) };
      }
      const sent = await Promise.all(due.map((queue) => sendInOrder(deps, { scope, arn, topic }, queue, stop)));
      // What the end of the server cut off was not tried.
      const settled = sent.map((queue) => queue.filter(({ outcome }) => outcome.delivered || !stop.aborted));
      await store.transaction(async (tables) => {
        for (const queue of settled) await settle(tables, scope, arn, queue, now());
        await noteOutcome(tables, scope, arn, settled.flat(), now());
      });
    } while (!stop.aborted && now() < end);
    return { done: false, notBefore: now() };
  },
});

type Sent = { readonly delivery: Delivery; readonly outcome: Outcome & { readonly final?: true } };
type To = { readonly scope: number; readonly arn: string; readonly topic: Topic | undefined };

/** Sends events of one run, each after the one before it, until one fails. */
async function sendInOrder(deps: DeliverDeps, to: To, queue: readonly Delivery[], stop: AbortSignal): Promise<Sent[]> {
  const sent: Sent[] = [];
  const end = deps.now() + TURN;
  for (const delivery of queue) {
    const outcome = await sendOne(deps, to, delivery, stop);
    sent.push({ delivery, outcome });
    if (!(outcome.delivered || outcome.final) || stop.aborted || deps.now() >= end) break;
  }
  return sent;
}

async function sendOne(
  { send, sendUnmapped }: DeliverDeps,
  { scope, arn, topic }: To,
  delivery: Delivery,
  stop: AbortSignal,
): Promise<Sent['outcome']> {
  const gone = (error: string): Sent['outcome'] => ({
    ...{ delivered: false, status: 'TOPIC_DOES_NOT_EXIST', error, final: true },
  });
  if (!topic && sendUnmapped && isOfInspector(delivery)) return sendUnmapped(arn, delivery, stop);
  if (!topic) return gone('The topic is mapped to no address: assay topics map');
  if (topic.unmappedAt !== null && delivery.event !== 'UnsubscribeConfirmation') return gone('The topic was unmapped');
  return send(scope, topic, delivery, stop);
}

/** What subscribers were promised, and no message about a mapping that is gone. */
const isOfInspector = ({ run }: Delivery): boolean => run !== '';

/** Records what came of events of one run: all but the last were delivered, or given up. */
async function settle(tables: Tables, scope: number, topic: string, sent: readonly Sent[], now: number): Promise<void> {
  const [first] = sent;
  if (!first) return;
  const { run } = first.delivery;
  const over = sent.filter(
    ({ delivery, outcome }) => outcome.delivered || outcome.final || now - delivery.happenedAt >= TRIED_FOR,
  );
  if (over.length > 0) {
    const ids = over.map(({ delivery }) => delivery.id);
    const removed = await tables.outbox.remove(scope, { topic, run }, ids, now);
    const told = over.filter(({ delivery }) => removed.has(delivery.id));
    if (run !== '') {
      const notifications = told.map(({ delivery, outcome }) => notification(topic, delivery, outcome));
      await tables.runs.addNotifications(scope, run, notifications);
    }
    if (told.some(({ delivery }) => delivery.event === 'UnsubscribeConfirmation')) await forget(tables, scope, topic);
  }
  for (const { delivery, outcome } of sent) {
    if (over.some((each) => each.delivery === delivery) || outcome.delivered) continue;
    const { attempts } = delivery;
    const own = Math.min(FIRST_PAUSE * 2 ** attempts, LONGEST_PAUSE);
    // A receiver that asks to be tried at once is not: others have their turn.
    const pause = Math.max(outcome.retryAfter ?? own, FIRST_PAUSE);
    // What was read behind another has not been tried by itself.
    await tables.outbox.retry(scope, { topic, run, attempts: delivery === first.delivery ? attempts : 0 }, now + pause);
  }
}

/** Notes how the last attempt went. */
async function noteOutcome(
  { topics }: Pick<Tables, 'topics'>,
  scope: number,
  topic: string,
  sent: readonly Sent[],
  now: number,
): Promise<void> {
  const [last] = sent.slice(-1);
  if (!last) return;
  const error = last.outcome.delivered ? null : last.outcome.error.slice(0, MAX_ERROR);
  await topics.change(scope, topic, {
    ...{ lastTriedAt: now, lastError: error },
    ...(sent.some(({ outcome }) => outcome.delivered) ? { lastDeliveredAt: now } : {}),
  });
}

/** A topic that was unmapped, unless it was mapped again meanwhile. */
async function forget({ topics }: Pick<Tables, 'topics'>, scope: number, arn: string): Promise<void> {
  const topic = await topics.find(scope, arn);
  if (topic && topic.unmappedAt !== null) await topics.delete(scope, arn);
}

function notification(topic: string, { event, message, happenedAt }: Delivery, outcome: Outcome): RunNotification {
  const status: FailureStatus | 'SUCCESS' = outcome.delivered ? 'SUCCESS' : outcome.status;
  return {
    date: happenedAt,
    event,
    message: outcome.delivered ? message : `Not delivered: ${outcome.error.slice(0, MAX_ERROR)}`,
    error: !outcome.delivered,
    snsTopicArn: topic,
    snsPublishStatusCode: status,
  };
}
