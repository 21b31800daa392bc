import type { Call, CallAssay } from '../../api.ts';
import { createTemplate } from '../../data/create-template.ts';
import type { readTargetDraft } from '../../data/target-draft.ts';
import { resourceGroupFor } from '../../data/targets.ts';
import type { readTemplateDraft } from '../../data/template-draft.ts';
import type { readWhenDraft } from '../../data/when-draft.ts';

/** What an assessment is set up with. */
export interface SetupPlan {
  /** An existing target by its ARN, or a new one. */
  readonly target: string | ReturnType<typeof readTargetDraft>;
  readonly template: ReturnType<typeof readTemplateDraft> & {
    readonly packages: readonly string[];
    readonly seconds: number;
  };
  readonly schedule: ReturnType<typeof readWhenDraft>['when'] | undefined;
  readonly startNow: boolean;
}

/** What was created so far; another go continues from there and creates nothing twice. */
export interface SetupMade {
  target?: string;
  template?: string;
  scheduled?: boolean;
  run?: string;
}

/** Creates all of a plan that `made` does not have yet, and notes it there step by step. */
export async function createAll(call: Call, assay: CallAssay, plan: SetupPlan, made: SetupMade): Promise<void> {
  const { target, template, schedule, startNow } = plan;
  if (made.target === undefined) {
    if (typeof target === 'string') made.target = target;
    else {
      const group = await resourceGroupFor(call, target.tags);
      const { assessmentTargetArn } = await call('CreateAssessmentTarget', {
        assessmentTargetName: target.name,
        ...group,
      });
      made.target = assessmentTargetArn;
    }
  }
  made.template ??= await createTemplate(call, { target: made.target, ...template });
  if (schedule && !made.scheduled) {
    await assay('CreateSchedule', { assessmentTemplateArn: made.template, ...schedule });
    made.scheduled = true;
  }
  if (startNow && made.run === undefined) {
    const { assessmentRunArn } = await call('StartAssessmentRun', { assessmentTemplateArn: made.template });
    made.run = assessmentRunArn;
  }
}
