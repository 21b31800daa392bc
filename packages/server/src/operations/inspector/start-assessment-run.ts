import { runArn } from '@assay/model/arn.ts';
import type { Agent } from '../../domain/agent.ts';
import { newResourceId } from '../../domain/ids.ts';
import { advanceRun } from '../../engine/runs/advance-run.ts';
import { isContested } from '../../engine/runs/agent-health.ts';
import { busyHosts } from '../../engine/runs/busy-hosts.ts';
import { FORGET_HOSTS_AFTER, hostsOfTarget } from '../../engine/runs/hosts-of-target.ts';
import { newRun } from '../../engine/runs/new-run.ts';
import type { Tables } from '../../store/store.ts';
import type { ExclusionReason } from '../../store/tables/run-agents.ts';
import { doesNotExist, requireOne } from '../arns.ts';
import { agentsAlreadyRunning, invalidInput, limitExceeded } from '../errors.ts';
import type { Caller, Limits, Operation } from '../operation.ts';
import { requireTemplate } from './require-template.ts';

/**
 * Starts a run over the hosts that the template's target has now. It is accepted whatever those are: a run over no host
 * ends at once and says so in an exclusion.
 */
export const startAssessmentRun: Operation<
  'StartAssessmentRun',
  'store' | 'now' | 'creationTime' | 'random' | 'limits' | 'wakeJobs'
> =
  ({ store, now, creationTime, random, limits, wakeJobs }) =>
  async ({ assessmentTemplateArn, assessmentRunName }, caller) => {
    const arn = requireOne(caller, 'template', assessmentTemplateArn);
    const { scope } = caller;
    const id = newResourceId(random);
    const started = await store.transaction(async (tables) => {
      const template = await requireTemplate(tables, caller, arn, assessmentTemplateArn);
      const [target] = await tables.targets.findMany(scope, [template.target]);
      if (!target) throw doesNotExist('target', template.target);
      const createdAt = creationTime();
      const isTaken = (name: string): Promise<boolean> => tables.runs.nameTaken(scope, template.id, name);
      const plain = assessmentRunName ?? generatedName(template.name, createdAt);
      const taken = await isTaken(plain);
      const name = taken && assessmentRunName === undefined ? generatedName(template.name, createdAt, id) : plain;
      if (taken && (name === plain || (await isTaken(name)))) {
        throw invalidInput(
          'ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN',
          `This assessment template has an assessment run "${name}" already`,
        );
      }
      if ((await tables.runs.countStarted(scope)) >= limits.runs) throw runLimit(limits, caller);
      // One host more than may run at once is enough to refuse.
      const hosts = await hostsOfTarget(tables, scope, target, undefined, limits.hostsInRuns + 1);
      const active = await tables.runAgents.active(scope);
      await requireFree(tables, caller, hosts, active);
      if (active.length + hosts.length > limits.hostsInRuns) {
        throw limitExceeded(
          'ASSESSMENT_RUN_LIMIT_EXCEEDED',
          `With this run more than ${limits.hostsInRuns} hosts would take part in runs that have not ended`,
        );
      }
      const { duration, rulesPackages, userAttributes } = template;
      const [group] =
        target.resourceGroup === null ? [] : await tables.resourceGroups.findMany(scope, [target.resourceGroup]);
      const run = newRun({
        id,
        target: target.id,
        template: template.id,
        name,
        duration,
        rulesPackages,
        userAttributes,
        createdAt,
        origin: {
          ...(caller.accessKeyId !== undefined && { accessKeyId: caller.accessKeyId }),
          ...(group && { tags: group.tags }),
        },
      });
      await tables.runs.insertMany(scope, [run]);
      await addHosts(tables, scope, id, hosts, createdAt, limits);
      // Creation has a clock of its own, which never goes back; a job must not wait until ours has caught up with it.
      await advanceRun(tables, scope, run, 'SCHEDULE', now());
      const assessmentRunArn = runArn(caller, target.id, template.id, id);
      await tables.templates.countRun(scope, template.id, assessmentRunArn);
      return assessmentRunArn;
    });
    wakeJobs();
    return { assessmentRunArn: started };
  };

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
  { forgetHostsAfter = FORGET_HOSTS_AFTER }: Limits,
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

const runLimit = ({ runs }: Limits, { region }: Caller) =>
  limitExceeded(
    'ASSESSMENT_RUN_LIMIT_EXCEEDED',
    `This account has its ${runs} assessment runs in ${region}; delete some, or raise the server's limit`,
  );

/** Throws AgentsAlreadyRunningAssessmentException with up to 10 of the hosts that another run holds. */
async function requireFree(
  tables: Tables,
  caller: Caller,
  hosts: readonly Agent[],
  active: readonly { readonly agent: string; readonly run: string }[],
): Promise<void> {
  const busy = await busyHosts(tables, caller.scope, caller, hosts, active);
  if (busy.length === 0) return;
  throw agentsAlreadyRunning(
    busy.slice(0, 10).map((each) => ({ agentId: each.agent, assessmentRunArn: each.runArn })),
    busy.length > 10,
  );
}
