import { runArn, type Scope } from '@assay/model/arn.ts';
import type { Agent } from '../../domain/agent.ts';
import type { RunOrigin } from '../../domain/run.ts';
import type { Template } from '../../domain/template.ts';
import type { Tables } from '../../store/store.ts';
import type { ExclusionReason } from '../../store/tables/run-agents.ts';
import { advanceRun } from './advance-run.ts';
import { isContested } from './agent-health.ts';
import { type BusyHost, busyHosts } from './busy-hosts.ts';
import { FORGET_HOSTS_AFTER, hostsOfTarget } from './hosts-of-target.ts';
import { newRun } from './new-run.ts';

export interface RunLimits {
  readonly runs: number;
  readonly hostsInRuns: number;
  readonly forgetHostsAfter?: number;
}

export interface AskedRun {
  readonly scopeName: Scope;
  readonly id: string;
  /** Made from the template's where it is absent. */
  readonly name: string | undefined;
  readonly origin: Omit<RunOrigin, 'tags'>;
  readonly createdAt: number;
  readonly now: number;
  readonly limits: RunLimits;
}

/** Why a run does not start. */
export type RunRefusal =
  | { readonly refused: 'NO_TARGET' }
  | { readonly refused: 'NAME_TAKEN'; readonly name: string }
  | { readonly refused: 'RUN_LIMIT' }
  | { readonly refused: 'HOST_LIMIT' }
  | { readonly refused: 'BUSY'; readonly hosts: readonly BusyHost[] };

/**
 * Starts a run over the hosts that the template's target has now: call it in a transaction. Where it is refused nothing
 * was written.
 */
export async function startRun(
  tables: Tables,
  scope: number,
  template: Template,
  { scopeName, id, name: asked, origin, createdAt, now, limits }: AskedRun,
): Promise<{ readonly arn: string } | RunRefusal> {
  const [target] = await tables.targets.findMany(scope, [template.target]);
  if (!target) return { refused: 'NO_TARGET' };
  const isTaken = (name: string): Promise<boolean> => tables.runs.nameTaken(scope, template.id, name);
  const plain = asked ?? generatedName(template.name, createdAt);
  const taken = await isTaken(plain);
  const name = taken && asked === undefined ? generatedName(template.name, createdAt, id) : plain;
  if (taken && (name === plain || (await isTaken(name)))) return { refused: 'NAME_TAKEN', name };
  if ((await tables.runs.countStarted(scope)) >= limits.runs) return { refused: 'RUN_LIMIT' };
  // One host more than may run at once is enough to refuse.
  const hosts = await hostsOfTarget(tables, scope, target, undefined, limits.hostsInRuns + 1);
  const active = await tables.runAgents.active(scope);
  const busy = await busyHosts(tables, scope, scopeName, hosts, active);
  if (busy.length > 0) return { refused: 'BUSY', hosts: busy };
  if (active.length + hosts.length > limits.hostsInRuns) return { refused: 'HOST_LIMIT' };
  const { duration, rulesPackages, userAttributes } = template;
  const [group] =
    target.resourceGroup === null ? [] : await tables.resourceGroups.findMany(scope, [target.resourceGroup]);
  const run = newRun({
    ...{ id, target: target.id, template: template.id, name, duration, rulesPackages, userAttributes, createdAt },
    origin: { ...origin, ...(group && { tags: group.tags }) },
  });
  await tables.runs.insertMany(scope, [run]);
  await addHosts(tables, scope, id, hosts, createdAt, limits);
  // Creation has a clock of its own, which never goes back; a job must not wait until ours has caught up with it.
  await advanceRun(tables, scope, run, 'SCHEDULE', now);
  const arn = runArn(scopeName, target.id, template.id, id);
  await tables.templates.countRun(scope, template.id, arn);
  return { arn };
}

/** The original's form, at most 140 characters as every run's name; with an id where that name is taken. */
function generatedName(template: string, createdAt: number, id?: string): string {
  const suffix = ` - ${new Date(createdAt).toISOString()}${id === undefined ? '' : ` - ${id.slice(2)}`}`;
  return `Run - ${[...template].slice(0, 140 - 6 - suffix.length).join('')}${suffix}`;
}

/** Gives a run its hosts. It does without those that two machines speak for, and those that leave the target with it. */
async function addHosts(
  { runAgents, agents }: Tables,
  scope: number,
  run: string,
  hosts: readonly Agent[],
  now: number,
  { forgetHostsAfter = FORGET_HOSTS_AFTER }: RunLimits,
): Promise<void> {
  const groups = Map.groupBy(hosts, (host): ExclusionReason | null => {
    if (host.seenAt < now - forgetHostsAfter) return 'FORGOTTEN';
    return isContested(host, now) ? 'TWO_MACHINES' : null;
  });
  for (const [excluded, group] of groups) {
    await runAgents.insertMany(
      scope,
      run,
      group.map(({ id }) => id),
      excluded,
    );
  }
  for (const { id } of groups.get('FORGOTTEN') ?? []) await agents.change(scope, id, { forgottenAt: now });
}
