import type { Handle } from '../database/dialect.ts';
import type { Database } from '../database/schema.ts';
import { dueAfter } from './host-life.ts';

type Key = Pick<Database['told_conditions'], 'event' | 'subject'>;

/** A host that has not been heard for a while. Times in milliseconds since the epoch. */
export interface SilentHost {
  readonly id: string;
  readonly hostname: string;
  readonly status: Database['agents']['status'];
  readonly seenAt: number;
}

/** Conditions that topics were told of, so that each is told once. */
export function createToldConditions({ read, write }: Handle) {
  return {
    find: async (scope: number, { event, subject }: Key): Promise<number | undefined> => {
      const row = await read
        .selectFrom('told_conditions')
        .select('since')
        .where('scope', '=', scope)
        .where('event', '=', event)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row?.since;
    },
    put: async (scope: number, { event, subject }: Key, since: number): Promise<void> => {
      await write
        .insertInto('told_conditions')
        .values({ scope, event, subject, since })
        .onConflict((conflict) => conflict.columns(['scope', 'event', 'subject']).doUpdateSet({ since }))
        .execute();
    },
    delete: async (scope: number, { event, subject }: Key): Promise<void> => {
      await write
        .deleteFrom('told_conditions')
        .where('scope', '=', scope)
        .where('event', '=', event)
        .where('subject', '=', subject)
        .execute();
    },
    /**
     * Hosts that were heard last, or had to come again, in a span of time, and of whose silence since then nobody was told:
     * the longest silent first.
     */
    silentHosts: async (
      scope: number,
      event: string,
      { from, before }: { readonly from: number; readonly before: number },
      limit: number,
    ): Promise<SilentHost[]> => {
      const rows = await read
        .selectFrom('agents')
        .leftJoin('told_conditions as told', (join) =>
          join
            .onRef('told.scope', '=', 'agents.scope')
            .onRef('told.subject', '=', 'agents.id')
            .on('told.event', '=', event),
        )
        .select(['agents.id', 'agents.hostname', 'agents.status', 'agents.seen_at as seenAt'])
        .where('agents.scope', '=', scope)
        .where('agents.removed_at', 'is', null)
        .where(dueAfter('seen_at'), '<', before)
        .where(dueAfter('seen_at'), '>=', from)
        .where((eb) => eb.or([eb('told.since', 'is', null), eb('told.since', '<', eb.ref('agents.seen_at'))]))
        .orderBy('agents.seen_at')
        .limit(limit)
        .execute();
      return rows;
    },
  };
}
