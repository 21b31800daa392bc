import type { Operation } from '../operation.ts';
import { requireTemplate, templateResource } from './require-template.ts';

export const listTagsForResource: Operation<'ListTagsForResource', 'store'> =
  ({ store }) =>
  async ({ resourceArn }, caller) => {
    const { tags } = await requireTemplate(store, caller, templateResource(caller, resourceArn), resourceArn);
    return { tags: [...tags] };
  };
