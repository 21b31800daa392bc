import type { Position } from '../../store/lists/position.ts';
import type { Tables } from '../../store/store.ts';
import type { Agent } from '../../store/tables/agents.ts';
import type { Target } from '../../store/tables/targets.ts';

/** The hosts of a target, newest enrolment first: those with any tag of its group, or every host without a group. */
export async function hostsOfTarget(
  tables: Pick<Tables, 'resourceGroups' | 'agents'>,
  scope: number,
  target: Target,
  after: Position | undefined,
  limit: number,
): Promise<Agent[]> {
  if (target.resourceGroup === null) return tables.agents.listMatching(scope, null, after, limit);
  const [group] = await tables.resourceGroups.findMany(scope, [target.resourceGroup]);
  return group ? tables.agents.listMatching(scope, group.tags, after, limit) : [];
}
