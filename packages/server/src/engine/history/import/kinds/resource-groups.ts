import { ResourceGroup } from '@assay/model/api/structures.ts';
import type { ResourceGroup as StoredGroup } from '../../../../store/tables/resource-groups.ts';
import { importKind, milliseconds, placeOfArn } from '../import-kind.ts';

export const resourceGroups = importKind({
  shape: ResourceGroup,
  placeOf: ({ arn }) => placeOfArn('resourcegroup', 'arn', arn),
  toRow: ({ tags, createdAt }, { ids: [id = ''] }): StoredGroup => ({ id, tags, createdAt: milliseconds(createdAt) }),
  insert: (tables, scope, rows) => tables.resourceGroups.importMany(scope, rows),
  find: (tables, scope, ids) => tables.resourceGroups.findMany(scope, ids),
  content: ({ tags, createdAt }) => ({ tags, createdAt }),
});
