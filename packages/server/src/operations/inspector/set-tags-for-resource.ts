import { doesNotExist } from '../arns.ts';
import { invalidInput } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { requireTemplate, templateResource } from './require-template.ts';

/** Replaces the whole tag set of a template; without tags it has none afterwards. */
export const setTagsForResource: Operation<'SetTagsForResource', 'store'> =
  ({ store }) =>
  async ({ resourceArn, tags = [] }, caller) => {
    const arn = templateResource(caller, resourceArn);
    const keys = tags.map(({ key }) => key);
    if (new Set(keys).size < keys.length) throw invalidInput('INVALID_TAG_KEY', 'tags must not have a key twice');
    const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'));
    if (reserved !== undefined) {
      throw invalidInput('INVALID_TAG_KEY', `The key "${reserved}" begins with aws:, which is reserved`);
    }
    await store.transaction(async (tables) => {
      const { id } = await requireTemplate(tables, caller, arn, resourceArn);
      if (!(await tables.templates.setTags(caller.scope, id, tags))) throw doesNotExist('template', resourceArn);
    });
    return {};
  };
