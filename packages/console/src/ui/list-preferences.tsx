import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import type { ReactNode } from 'react';
import type { TablePreferences } from './table-preferences.ts';

interface ListPreferencesProps {
  readonly columns: readonly { readonly id: string; readonly header: string }[];
  readonly preferences: TablePreferences;
  readonly change: (next: TablePreferences) => void;
}

/** What somebody chooses of a table: rows a page, columns, lines and density. */
export function ListPreferences({ columns, preferences, change }: ListPreferencesProps): ReactNode {
  const { pageSize, wrap, compact, visible } = preferences;
  return (
    <CollectionPreferences
      title="Preferences"
      confirmLabel="Confirm"
      cancelLabel="Cancel"
      preferences={{
        pageSize,
        wrapLines: wrap,
        contentDensity: compact ? 'compact' : 'comfortable',
        contentDisplay: columns.map((column) => ({ id: column.id, visible: visible.includes(column.id) })),
      }}
      pageSizePreference={{
        title: 'Rows a page',
        options: [20, 50, 100].map((value) => ({ value, label: `${value} rows` })),
      }}
      wrapLinesPreference={{ label: 'Wrap lines', description: 'Show all of each text' }}
      contentDensityPreference={{ label: 'Compact', description: 'Show more rows in less space' }}
      contentDisplayPreference={{
        title: 'Columns',
        options: columns.map((column) => ({ id: column.id, label: column.header })),
        enableColumnFiltering: false,
      }}
      onConfirm={({ detail }) =>
        change({
          pageSize: detail.pageSize ?? pageSize,
          wrap: detail.wrapLines ?? false,
          compact: detail.contentDensity === 'compact',
          visible: (detail.contentDisplay ?? []).filter((column) => column.visible).map((column) => column.id),
        })
      }
    />
  );
}
