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
/** Rounds of a job before other topics have their turn. */
const ROUNDS = 32;
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
    for (let round = 0; round < ROUNDS && !stop.aborted; round++) {
      const at = now();
      const due = await store.outbox.due(scope, arn, at, at + LONGEST_PAUSE, AT_ONCE);
      if (due.length === 0) {
        const next = await store.outbox.nextAt(scope, arn);
        return next === undefined ? { done: true } : { done: false, notBefore: Math.min(next, at + LOOK_EVERY) };
      }
      const topic = await store.topics.find(scope, arn);
      const sent = await Promise.all(
        due.map(async (delivery) => ({
          delivery,
          outcome: await sendOne(deps, { scope, arn, topic }, delivery, stop),
        })),
      );
      // What the end of the server cut off was not tried.
      const settled = sent.filter(({ outcome }) => outcome.delivered || !stop.aborted);
      await store.transaction((tables) => settle(tables, scope, arn, settled, now()));
    }
    return { done: false, notBefore: now() };
  },
});

type Sent = { readonly delivery: Delivery; readonly outcome: Outcome & { readonly final?: true } };

async function sendOne(
  { send, sendUnmapped }: DeliverDeps,
  { scope, arn, topic }: { readonly scope: number; readonly arn: string; readonly topic: Topic | undefined },
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

async function settle(tables: Tables, scope: number, topic: string, sent: readonly Sent[], now: number): Promise<void> {
  for (const { delivery, outcome } of sent) {
    const { run, happenedAt, attempts } = delivery;
    const left = outcome.delivered || outcome.final || now - happenedAt >= TRIED_FOR;
    if (!left) {
      const pause = outcome.retryAfter ?? Math.min(FIRST_PAUSE * 2 ** attempts, LONGEST_PAUSE);
      await tables.outbox.retry(scope, delivery, now + pause);
    } else if (await tables.outbox.remove(scope, delivery, now)) {
      if (run !== '') await tables.runs.addNotifications(scope, run, [notification(topic, delivery, outcome)]);
      if (delivery.event === 'UnsubscribeConfirmation') await forget(tables, scope, topic);
    }
  }
  const [last] = sent.slice(-1);
  if (!last) return;
  const error = last.outcome.delivered ? null : last.outcome.error.slice(0, MAX_ERROR);
  await tables.topics.change(scope, topic, {
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
