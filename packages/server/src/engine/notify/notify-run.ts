import { findingArn, runArn, targetArn, templateArn } from '@assay/model/arn.ts';
import type { Run } from '../../domain/run.ts';
import type { RunStep } from '../../domain/run-machine.ts';
import type { Tables } from '../../store/store.ts';
import { messageId } from './message-id.ts';
import { tell } from './tell.ts';

type NotifyTables = Pick<Tables, 'eventSubscriptions' | 'outbox' | 'jobs' | 'scopes'>;

/** What happened to a run: one message, whoever is told of it. */
interface RunEvent {
  readonly event:
    | 'ASSESSMENT_RUN_STARTED'
    | 'ASSESSMENT_RUN_COMPLETED'
    | 'ASSESSMENT_RUN_STATE_CHANGED'
    | 'FINDING_REPORTED';
  /** What the message says beside the run. */
  readonly detail: { readonly newstate: string } | { readonly finding: string } | Readonly<Record<string, never>>;
}

/** Tells the template's topics of a step of its run. Times in milliseconds since the epoch. */
export async function notifyOfStep(
  tables: NotifyTables,
  scope: number,
  run: Run,
  { state, starts, ends }: RunStep,
  happenedAt: number,
  now: number,
): Promise<void> {
  const events: RunEvent[] = [{ event: 'ASSESSMENT_RUN_STATE_CHANGED', detail: { newstate: state } }];
  if (starts) events.push({ event: 'ASSESSMENT_RUN_STARTED', detail: {} });
  if (ends) events.push({ event: 'ASSESSMENT_RUN_COMPLETED', detail: {} });
  await notify(tables, scope, run, async () => events, happenedAt, now);
}

/** Tells the template's topics of new findings, each by itself as the original does. */
export async function notifyOfFindings(
  tables: NotifyTables,
  scope: number,
  run: Run,
  findings: readonly string[],
  now: number,
): Promise<void> {
  if (findings.length === 0) return;
  const { target, template, id } = run;
  const eventsIn = async (): Promise<RunEvent[]> => {
    const name = await tables.scopes.get(scope);
    return findings.map((finding) => ({
      event: 'FINDING_REPORTED',
      detail: { finding: findingArn(name, target, template, id, finding) },
    }));
  };
  await notify(tables, scope, run, eventsIn, now, now);
}

async function notify(
  tables: NotifyTables,
  scope: number,
  { target, template, id }: Run,
  eventsIn: () => Promise<readonly RunEvent[]>,
  happenedAt: number,
  now: number,
): Promise<void> {
  const subscriptions = await tables.eventSubscriptions.ofTemplate(scope, template);
  if (subscriptions.length === 0) return;
  const name = await tables.scopes.get(scope);
  const run = runArn(name, target, template, id);
  const about = {
    template: templateArn(name, target, template),
    target: targetArn(name, target),
    run,
    time: new Date(happenedAt).toISOString(),
  };
  const deliveries = (await eventsIn()).flatMap(({ event, detail }) => {
    const topics = subscriptions.filter((subscription) => subscription.event === event);
    if (topics.length === 0) return [];
    const message = JSON.stringify({ event, ...detail, ...about });
    const own = { run: id, event, messageId: messageId(run, event, ...Object.values(detail)), message, happenedAt };
    return topics.map(({ topic }) => ({ topic, ...own }));
  });
  await tell(tables, scope, deliveries, now);
}
