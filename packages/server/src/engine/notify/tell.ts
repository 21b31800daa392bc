import type { Tables } from '../../store/store.ts';
import type { NewDelivery } from '../../store/tables/outbox.ts';

/** The kind of the jobs that deliver: their subject is the ARN of the topic. */
export const DELIVER = 'deliver';

/** Puts events into the outbox, and asks for their delivery: call it in the transaction that made them happen. */
export async function tell(
  { outbox, jobs }: Pick<Tables, 'outbox' | 'jobs'>,
  scope: number,
  deliveries: readonly NewDelivery[],
  now: number,
): Promise<void> {
  if (deliveries.length === 0) return;
  for (const topic of await outbox.append(scope, deliveries, now)) await jobs.ask(scope, topic, DELIVER, now);
}
