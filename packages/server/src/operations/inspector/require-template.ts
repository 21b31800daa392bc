import type { Arn } from '@assay/model/arn.ts';
import type { Template } from '../../domain/template.ts';
import type { Tables } from '../../store/store.ts';
import { doesNotExist, reference, requireOne, sameParents } from '../arns.ts';
import { invalidInput } from '../errors.ts';
import type { Caller } from '../operation.ts';

/** The template that a `resourceArn` names. Throws INVALID_RESOURCE_ARN for any other kind of resource. */
export function templateResource(caller: Caller, resourceArn: string): Arn {
  if (reference(caller, 'template', resourceArn).standing === 'INVALID') {
    throw invalidInput('INVALID_RESOURCE_ARN', `"${resourceArn}" is not the ARN of an assessment template`);
  }
  return requireOne(caller, 'template', resourceArn);
}

/** The template of an ARN of the caller's own. Throws ASSESSMENT_TEMPLATE_DOES_NOT_EXIST. */
export async function requireTemplate(
  tables: Pick<Tables, 'templates'>,
  caller: Caller,
  arn: Arn,
  text: string,
): Promise<Template> {
  const [template] = await tables.templates.findMany(caller.scope, [arn.ids[1] ?? '']);
  if (!template || !sameParents(arn, template.target, template.id)) throw doesNotExist('template', text);
  return template;
}
