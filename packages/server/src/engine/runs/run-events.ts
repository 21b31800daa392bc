import type { Run, RunNotification } from '../../domain/run.ts';
import type { RunStep } from '../../domain/run-machine.ts';
import type { Tables } from '../../store/store.ts';

/** The most that a run's list holds in the API's model; the newest are kept. */
const MAX_NOTIFICATIONS = 50;

type Event =
  | 'ASSESSMENT_RUN_STARTED'
  | 'ASSESSMENT_RUN_COMPLETED'
  | 'ASSESSMENT_RUN_STATE_CHANGED'
  | 'FINDING_REPORTED';

/**
 * A run's notifications after a step: one for every topic that is subscribed to what happened. This version delivers
 * nothing, and says so on each as the API has it: `error`, and the status code INTERNAL_ERROR.
 */
export async function notificationsAfter(
  tables: Pick<Tables, 'eventSubscriptions'>,
  scope: number,
  run: Run,
  step: RunStep,
  findings: number,
  at: number,
): Promise<readonly RunNotification[]> {
  const subscriptions = await tables.eventSubscriptions.ofTemplate(scope, run.template);
  if (subscriptions.length === 0) return run.notifications;
  const happened = eventsOf(step, findings);
  const added = subscriptions.flatMap(({ topic, event }) => {
    const message = happened.get(event as Event);
    if (message === undefined) return [];
    return {
      date: at,
      event,
      message: `${message} This version of Assay does not deliver events; the topic was not told.`,
      error: true,
      snsTopicArn: topic,
      snsPublishStatusCode: 'INTERNAL_ERROR',
    };
  });
  return [...run.notifications, ...added].slice(-MAX_NOTIFICATIONS);
}

function eventsOf({ state, starts, ends }: RunStep, findings: number): ReadonlyMap<Event, string> {
  const events = new Map<Event, string>([['ASSESSMENT_RUN_STATE_CHANGED', `The run is ${state} now.`]]);
  if (starts) events.set('ASSESSMENT_RUN_STARTED', 'The run began to collect evidence.');
  if (ends) events.set('ASSESSMENT_RUN_COMPLETED', `The run has ended ${state}.`);
  if (ends && findings > 0) events.set('FINDING_REPORTED', `The run reports ${findings} findings.`);
  return events;
}
