import { Exclusion } from '@assay/model/api/structures.ts';
import type { ExclusionRecord } from '../../../store/exclusions.ts';
import { importKind } from '../import-kind.ts';

export const exclusions = importKind({
  arnKind: 'exclusion',
  shape: Exclusion,
  toRow: ({ arn: _, ...document }, { ids: [target = '', template = '', run = '', id = ''] }): ExclusionRecord => ({
    id,
    target,
    template,
    run,
    subject: `imported/${id}`,
    document,
    // The API does not say when: they only have to keep one order in the list of their run.
    createdAt: 0,
  }),
  insert: (tables, scope, rows) => tables.exclusions.insertMany(scope, rows),
  find: (tables, scope, ids) => tables.exclusions.findMany(scope, ids),
  content: ({ target, template, run, document }) => ({ arn: [target, template, run], ...document }),
});
