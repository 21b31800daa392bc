import { Exclusion } from '@assay/model/api/structures.ts';
import type { ExclusionRecord } from '../../../../store/tables/exclusions.ts';
import { importKind, placeOfArn } from '../import-kind.ts';

export const exclusions = importKind({
  shape: Exclusion,
  placeOf: ({ arn }) => placeOfArn('exclusion', 'arn', arn),
  listed: true,
  toRow: (
    { arn: _, ...document },
    { ids: [target = '', template = '', run = '', id = ''] },
    _setOf,
    listedAt,
  ): ExclusionRecord => ({
    id,
    target,
    template,
    run,
    subject: `imported/${id}`,
    document,
    // The API does not say when; an export does. Else they only have to keep one order in the list of their run.
    createdAt: listedAt ?? 0,
  }),
  insert: (tables, scope, rows) => tables.exclusions.insertMany(scope, rows),
  find: (tables, scope, ids) => tables.exclusions.findMany(scope, ids),
  content: ({ target, template, run, document }) => ({ arn: [target, template, run], ...document }),
});
