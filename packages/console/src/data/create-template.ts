import type { Call } from '../api.ts';
import type { TagPair } from './tags.ts';

interface NewTemplate {
  readonly target: string;
  readonly name: string;
  readonly packages: readonly string[];
  readonly seconds: number;
  readonly attributes: readonly TagPair[];
}

/** Creates a template of a target and returns its ARN. */
export async function createTemplate(
  call: Call,
  { target, name, packages, seconds, attributes }: NewTemplate,
): Promise<string> {
  const { assessmentTemplateArn } = await call('CreateAssessmentTemplate', {
    assessmentTargetArn: target,
    assessmentTemplateName: name,
    durationInSeconds: seconds,
    rulesPackageArns: [...packages],
    ...(attributes.length === 0
      ? {}
      : {
          userAttributesForFindings: attributes.map(({ key, value }) => (value === '' ? { key } : { key, value })),
        }),
  });
  return assessmentTemplateArn;
}
