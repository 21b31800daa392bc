import { runArn, type Scope } from '@assay/model/arn.ts';
import type { Agent } from '../../domain/agent.ts';
import type { Tables } from '../../store/store.ts';

/** A host that takes part in a run which has not ended. */
export interface BusyHost {
  readonly agent: string;
  readonly runArn: string;
}

/** Which of the hosts are among those that runs hold now (`active`, as runAgents.active gives it), and which run. */
export async function busyHosts(
  tables: Pick<Tables, 'runs'>,
  scope: number,
  scopeName: Scope,
  hosts: readonly Pick<Agent, 'id'>[],
  active: readonly { readonly agent: string; readonly run: string }[],
): Promise<BusyHost[]> {
  const ids = new Set(hosts.map(({ id }) => id));
  const busy = active.filter(({ agent }) => ids.has(agent));
  if (busy.length === 0) return [];
  const runs = await tables.runs.findMany(scope, [...new Set(busy.map(({ run }) => run))]);
  const arns = new Map(runs.map(({ target, template, id }) => [id, runArn(scopeName, target, template, id)]));
  return busy.map(({ agent, run }) => ({ agent, runArn: arns.get(run) ?? run }));
}
