import type { Agent } from '../../domain/agent.ts';
import { DAY } from '../../domain/durations.ts';
import type { Target } from '../../domain/target.ts';
import type { Position } from '../../store/lists/position.ts';
import type { Tables } from '../../store/store.ts';

/** How long a host may be silent before it leaves its targets, in milliseconds, where nobody says otherwise: 30 days. */
export const FORGET_HOSTS_AFTER = 30 * DAY;

/**
 * The hosts of a target, newest enrolment first: those with any tag of its group, or every host without a group. Without
 * those that left it by being silent, and with `heardSince` without those that are about to.
 */
export async function hostsOfTarget(
  tables: Pick<Tables, 'resourceGroups' | 'agents'>,
  scope: number,
  target: Target,
  after: Position | undefined,
  limit: number,
  { heardSince }: { readonly heardSince?: number } = {},
): Promise<Agent[]> {
  const which = { forgotten: false, ...(heardSince === undefined ? {} : { heardSince }) };
  if (target.resourceGroup === null) return tables.agents.listMatching(scope, null, after, limit, which);
  const [group] = await tables.resourceGroups.findMany(scope, [target.resourceGroup]);
  return group ? tables.agents.listMatching(scope, group.tags, after, limit, which) : [];
}
