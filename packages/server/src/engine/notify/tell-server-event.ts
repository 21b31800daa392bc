import type { AssayEvent } from '@assay/model/assay/structures.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Tables } from '../../store/store.ts';
import { messageId } from './message-id.ts';
import { tell } from './tell.ts';

/** What happened, beside the five events of a run. */
export interface ServerEvent {
  readonly event: Static<typeof AssayEvent>;
  /** What tells it from every other event of its name in this scope. */
  readonly about: readonly string[];
  /** Members of the message. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Tells the topics that are subscribed to an event of Assay's own: call it in the transaction that made it happen. */
export async function tellServerEvent(
  tables: Pick<Tables, 'topics' | 'outbox' | 'jobs'>,
  scope: number,
  { event, about, detail }: ServerEvent,
  now: number,
): Promise<void> {
  const topics = await tables.topics.toldOf(scope, event);
  const message = JSON.stringify({ event, ...detail });
  const own = { run: '', event, messageId: messageId(event, String(scope), ...about), message, happenedAt: now };
  await tell(
    tables,
    scope,
    topics.map((topic) => ({ topic, ...own })),
    now,
  );
}
