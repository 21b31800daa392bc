import type { Store } from '../../store/store.ts';
import { excludeHost } from '../runs/exclude-host.ts';

/**
 * Removes a host: its agent is refused from then on, it leaves all targets, and runs that are not being evaluated yet go
 * on without it. Its history stays. False where it was removed before. `now` is in milliseconds since the epoch.
 */
export const removeHost = (
  { transaction }: Pick<Store, 'transaction'>,
  scope: number,
  id: string,
  now: number,
): Promise<boolean> =>
  transaction(async (tables) => {
    const [agent] = await tables.agents.findMany(scope, [id]);
    if (!agent || agent.removedAt != null) return false;
    await tables.agents.change(scope, id, { removedAt: now });
    await excludeHost(tables, scope, id, 'REMOVED', now);
    return true;
  });
