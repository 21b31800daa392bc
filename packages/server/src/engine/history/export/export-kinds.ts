import { templateArn } from '@assay/model/arn.ts';
import type { ExportedTable, ExportReader, StoredScope } from '../../../store/tables/export-reader.ts';
import { exclusionItem } from '../../items/exclusion-item.ts';
import { findingItem } from '../../items/finding-item.ts';
import { resourceGroupItem } from '../../items/resource-group-item.ts';
import { runItem } from '../../items/run-item.ts';
import { subscriptionItem } from '../../items/subscription-item.ts';
import { targetItem } from '../../items/target-item.ts';
import { templateItem } from '../../items/template-item.ts';
import type { KindName } from '../import/kinds.ts';

/** What a line holds beside its kind. */
export interface ExportedLine {
  readonly item: unknown;
  /** When it entered its list, in seconds since the epoch, where the item itself does not say. */
  readonly createdAt?: number;
}

export interface ExportKind {
  /** The table that most of its lines come from: what progress is measured by. */
  readonly table?: ExportedTable;
  /** Batches of lines; `rows` is how many rows of the table they were made from. */
  readonly batches: (
    reader: ExportReader,
    scope: StoredScope,
  ) => AsyncGenerator<{ readonly lines: readonly ExportedLine[]; readonly rows: number }>;
}

/** Rows in memory at once. A finding can hold 100 KB of text. */
const BATCH = 250;

/** Every kind that import takes, written as the API answers it. */
export const exportKinds: Readonly<Record<KindName, ExportKind>> = {
  resourceGroup: ofTable('resource_groups', async (reader, scope, ids) =>
    (await reader.resourceGroups.findMany(scope.id, ids)).map(lineOf((row) => resourceGroupItem(scope, row))),
  ),
  assessmentTarget: ofTable('targets', async (reader, scope, ids) =>
    (await reader.targets.findMany(scope.id, ids)).map(lineOf((row) => targetItem(scope, row))),
  ),
  assessmentTemplate: ofTable('templates', async (reader, scope, ids) => {
    const rows = await reader.templates.findMany(scope.id, ids);
    const sets = await reader.rulesPackageSets.arnsOf(rows.map(({ rulesPackages }) => rulesPackages));
    return rows.map(lineOf((row) => templateItem(scope, row, sets.get(row.rulesPackages) ?? [])));
  }),
  tags: ofTable('templates', async (reader, scope, ids) =>
    (await reader.templates.findMany(scope.id, ids))
      .filter(({ tags }) => tags.length > 0)
      .map(lineOf(({ target, id, tags }) => ({ resourceArn: templateArn(scope, target, id), tags }))),
  ),
  eventSubscription: { batches: subscriptions },
  assessmentRun: ofTable('runs', async (reader, scope, ids) => {
    const rows = await reader.runs.findMany(scope.id, ids);
    const sets = await reader.rulesPackageSets.arnsOf(rows.map(({ rulesPackages }) => rulesPackages));
    return rows.map(lineOf((row) => runItem(scope, row, sets.get(row.rulesPackages) ?? [])));
  }),
  // Those that the API tells of: not of a run in progress.
  finding: ofTable('findings', async (reader, scope, ids) =>
    (await reader.findings.findMany(scope.id, ids)).map(lineOf((row) => findingItem(scope, row))),
  ),
  exclusion: ofTable('exclusions', async (reader, scope, ids) =>
    (await reader.exclusions.findMany(scope.id, ids)).map((row) => ({
      id: row.id,
      item: exclusionItem(scope, row),
      createdAt: row.createdAt / 1000,
    })),
  ),
  crossAccountAccessRole: {
    batches: async function* (reader, { id, account, region }) {
      const found = await reader.crossAccountRoles.find(id);
      if (!found) return;
      const item = { account, region, roleArn: found.role, valid: true, registeredAt: found.registeredAt / 1000 };
      yield { lines: [{ item }], rows: 0 };
    },
  },
};

type NamedLine = ExportedLine & { readonly id: string };

const lineOf =
  <Row extends { readonly id: string }>(itemOf: (row: Row) => unknown) =>
  (row: Row): NamedLine => ({ id: row.id, item: itemOf(row) });

/** Lines by the ids of a table, in their order: the same store gives the same file. */
function ofTable(
  table: ExportedTable,
  load: (reader: ExportReader, scope: StoredScope, ids: readonly string[]) => Promise<NamedLine[]>,
): ExportKind {
  return {
    table,
    batches: async function* (reader, scope) {
      for (let after = ''; ; ) {
        const ids = await reader.idsAfter(table, scope.id, after, BATCH);
        const last = ids.at(-1);
        if (last === undefined) return;
        const lines = (await load(reader, scope, ids)).sort((one, other) => (one.id < other.id ? -1 : 1));
        yield { lines: lines.map(({ id: _, ...line }) => line), rows: ids.length };
        after = last;
      }
    },
  };
}

async function* subscriptions(reader: ExportReader, scope: StoredScope): ReturnType<ExportKind['batches']> {
  for (let after: { at: number; id: string } | undefined; ; ) {
    const groups = await reader.eventSubscriptions.list(scope.id, undefined, after, BATCH);
    const last = groups.at(-1);
    if (last === undefined) return;
    const templates = await reader.templates.findMany(scope.id, [...new Set(groups.map(({ template }) => template))]);
    const arns = new Map(templates.map(({ target, id }) => [id, templateArn(scope, target, id)]));
    const lines = groups.flatMap((group) => {
      const arn = arns.get(group.template);
      return arn === undefined ? [] : [{ item: subscriptionItem(arn, group), createdAt: group.groupAt / 1000 }];
    });
    yield { lines, rows: 0 };
    after = { at: last.groupAt, id: last.groupId };
  }
}
