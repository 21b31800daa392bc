import { TagList } from '@assay/model/api/structures.ts';
import { Arn } from '@assay/model/api/values.ts';
import { structure } from '@assay/model/shape.ts';
import type { Tag } from '../../../../domain/tag.ts';
import { importKind, placeOfArn } from '../import-kind.ts';

interface TemplateTags {
  /** Target and template. */
  readonly id: string;
  readonly tags: readonly Tag[];
}

/** A template's tags: what ListTagsForResource answers, and the resource's ARN. A template without tags gets them. */
export const templateTags = importKind({
  shape: structure({ resourceArn: Arn, tags: TagList }, 'resourceArn', 'tags'),
  placeOf: ({ resourceArn }) => placeOfArn('template', 'resourceArn', resourceArn),
  toRow: ({ tags }, { ids }): TemplateTags => ({ id: ids.join('/'), tags }),
  insert: async (tables, scope, rows) => {
    const found = await tables.templates.findMany(scope, rows.map(templateId));
    const untagged = new Set(found.filter(({ tags }) => tags.length === 0).map(({ target, id }) => `${target}/${id}`));
    const added = rows.filter(({ id, tags }) => tags.length > 0 && untagged.has(id));
    for (const row of added) await tables.templates.setTags(scope, templateId(row), row.tags);
    return new Set(added.map(({ id }) => id));
  },
  find: async (tables, scope, ids) => {
    const found = await tables.templates.findMany(
      scope,
      ids.map((id) => templateId({ id })),
    );
    return found.map(({ target, id, tags }) => ({ id: `${target}/${id}`, tags }));
  },
  content: ({ tags }) => ({ tags }),
  notFound: 'names a template that is not in the store: import that first',
});

const templateId = ({ id }: Pick<TemplateTags, 'id'>): string => id.split('/')[1] ?? '';
