import { runArn } from '@assay/model/arn.ts';
import { newResourceId } from '../domain/ids.ts';
import { initialState } from '../domain/run-machine.ts';
import { advanceRun } from '../engine/advance-run.ts';
import { hostsOfTarget } from '../engine/hosts-of-target.ts';
import type { Agent } from '../store/agents.ts';
import type { Run } from '../store/runs.ts';
import type { Tables } from '../store/store.ts';
import { doesNotExist, requireOne } from './arns.ts';
import { agentsAlreadyRunning, invalidInput, limitExceeded } from './errors.ts';
import type { Caller, Limits, Operation } from './operation.ts';
import { requireTemplate } from './require-template.ts';

/**
 * Starts a run over the hosts that the template's target has now. It is accepted whatever those are: a run over no host
 * ends at once and says so in an exclusion.
 */
export const startAssessmentRun: Operation<
  'StartAssessmentRun',
  'store' | 'creationTime' | 'random' | 'limits' | 'wakeJobs'
> =
  ({ store, creationTime, random, limits, wakeJobs }) =>
  async ({ assessmentTemplateArn, assessmentRunName }, caller) => {
    const arn = requireOne(caller, 'template', assessmentTemplateArn);
    const { scope } = caller;
    const id = newResourceId(random);
    const started = await store.transaction(async (tables) => {
      const template = await requireTemplate(tables, caller, arn, assessmentTemplateArn);
      const [target] = await tables.targets.findMany(scope, [template.target]);
      if (!target) throw doesNotExist('target', template.target);
      const createdAt = creationTime();
      const name = assessmentRunName ?? generatedName(template.name, createdAt, id);
      if (await tables.runs.nameTaken(scope, template.id, name)) {
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
      const run: Run = {
        id,
        target: target.id,
        template: template.id,
        name,
        state: initialState,
        duration: template.duration,
        rulesPackages: template.rulesPackages,
        userAttributes: template.userAttributes,
        createdAt,
        startedAt: null,
        completedAt: null,
        stateChangedAt: createdAt,
        dataCollected: false,
        findingCounts: {},
        stateChanges: [{ at: createdAt, state: initialState }],
        notifications: [],
        imported: false,
      };
      await tables.runs.insertMany(scope, [run]);
      await tables.runAgents.insertMany(
        scope,
        id,
        hosts.map((agent) => agent.id),
      );
      await advanceRun(tables, scope, run, 'SCHEDULE', createdAt);
      const assessmentRunArn = runArn(caller, target.id, template.id, id);
      await tables.templates.countRun(scope, template.id, assessmentRunArn);
      return assessmentRunArn;
    });
    wakeJobs();
    return { assessmentRunArn: started };
  };

/** At most 140 characters, as every run's name. */
function generatedName(template: string, createdAt: number, id: string): string {
  const suffix = ` - ${new Date(createdAt).toISOString()} - ${id.slice(2)}`;
  return `Run - ${[...template].slice(0, 140 - 6 - suffix.length).join('')}${suffix}`;
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
  const ids = new Set(hosts.map(({ id }) => id));
  const busy = active.filter(({ agent }) => ids.has(agent));
  if (busy.length === 0) return;
  const runs = await tables.runs.findMany(caller.scope, [...new Set(busy.map(({ run }) => run))]);
  const arns = new Map(runs.map(({ target, template, id }) => [id, runArn(caller, target, template, id)]));
  throw agentsAlreadyRunning(
    busy.slice(0, 10).map(({ agent, run }) => ({ agentId: agent, assessmentRunArn: arns.get(run) ?? run })),
    busy.length > 10,
  );
}
