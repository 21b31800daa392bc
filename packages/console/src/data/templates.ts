import type { Call } from '../api.ts';
import { describeTargets, describeTemplates, type Target, type Template } from './describe.ts';
import { after, readAll } from './pages.ts';

/** The service's own default limits: 500 templates and 50 targets. */
const MANY = 500;

export interface Inventory {
  readonly targets: readonly Target[];
  readonly templates: readonly Template[];
  /** False where there is more than is shown. */
  readonly complete: boolean;
}

/** Every target with every template, newest first. */
export async function readInventory(call: Call): Promise<Inventory> {
  const [targets, templates] = await Promise.all([
    readAll(async (token) => {
      const { assessmentTargetArns, nextToken } = await call('ListAssessmentTargets', {
        maxResults: 100,
        ...after(token),
      });
      return { items: assessmentTargetArns, nextToken };
    }, MANY),
    readAll(async (token) => {
      const { assessmentTemplateArns, nextToken } = await call('ListAssessmentTemplates', {
        maxResults: 100,
        ...after(token),
      });
      return { items: assessmentTemplateArns, nextToken };
    }, MANY),
  ]);
  return {
    targets: await describeTargets(call, targets.items),
    templates: await describeTemplates(call, templates.items),
    complete: targets.complete && templates.complete,
  };
}

/** What a template is called where targets' names are needed to tell two apart: `nightly (web servers)`. */
export function templateLabel(template: Template, targets: readonly Target[]): string {
  const target = targets.find(({ arn }) => arn === template.assessmentTargetArn);
  return target ? `${template.name} (${target.name})` : template.name;
}
