import { newResourceId } from '../../domain/ids.ts';
import { type RunRefusal, startRun } from '../../engine/runs/start-run.ts';
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
    const { scope, accessKeyId } = caller;
    const id = newResourceId(random);
    const assessmentRunArn = await store.transaction(async (tables) => {
      const template = await requireTemplate(tables, caller, arn, assessmentTemplateArn);
      const started = await startRun(tables, scope, template, {
        ...{ scopeName: caller, id, name: assessmentRunName, limits },
        origin: accessKeyId === undefined ? {} : { accessKeyId },
        createdAt: creationTime(),
        now: now(),
      });
      if ('refused' in started) throw refusal(started, template.target, limits, caller);
      return started.arn;
    });
    wakeJobs();
    return { assessmentRunArn };
  };

/** The modelled error; hosts that other runs hold are named, up to 10. */
function refusal(why: RunRefusal, target: string, limits: Limits, { region }: Caller): Error {
  switch (why.refused) {
    case 'NO_TARGET':
      return doesNotExist('target', target);
    case 'NAME_TAKEN':
      return invalidInput(
        'ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN',
        `This assessment template has an assessment run "${why.name}" already`,
      );
    case 'RUN_LIMIT':
      return limitExceeded(
        'ASSESSMENT_RUN_LIMIT_EXCEEDED',
        `This account has its ${limits.runs} assessment runs in ${region}; delete some, or raise the server's limit`,
      );
    case 'HOST_LIMIT':
      return limitExceeded(
        'ASSESSMENT_RUN_LIMIT_EXCEEDED',
        `With this run more than ${limits.hostsInRuns} hosts would take part in runs that have not ended`,
      );
    case 'BUSY':
      return agentsAlreadyRunning(
        why.hosts.slice(0, 10).map((each) => ({ agentId: each.agent, assessmentRunArn: each.runArn })),
        why.hosts.length > 10,
      );
  }
}
