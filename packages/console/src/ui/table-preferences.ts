import { useState } from 'react';

/** How somebody wants a table, kept in this browser. */
export interface TablePreferences {
  readonly pageSize: number;
  readonly visible: readonly string[];
  readonly compact: boolean;
  readonly wrap: boolean;
}

const nameOf = (table: string): string => `assay.table.${table}`;

/** What is kept of a table, as far as it can be used, over what it has without. */
export function readPreferences(
  table: string,
  usual: TablePreferences,
  storage: Pick<Storage, 'getItem'>,
): TablePreferences {
  try {
    const kept = JSON.parse(storage.getItem(nameOf(table)) ?? '{}') as Partial<Record<keyof TablePreferences, unknown>>;
    const { pageSize, visible, compact, wrap } = kept;
    return {
      pageSize: [20, 50, 100].includes(Number(pageSize)) ? Number(pageSize) : usual.pageSize,
      visible: Array.isArray(visible) ? visible.map(String) : usual.visible,
      compact: typeof compact === 'boolean' ? compact : usual.compact,
      wrap: typeof wrap === 'boolean' ? wrap : usual.wrap,
    };
  } catch {
    return usual;
  }
}

export function usePreferences(
  table: string,
  usual: TablePreferences,
): [TablePreferences, (next: TablePreferences) => void] {
  const [preferences, setPreferences] = useState(() => readPreferences(table, usual, localStorage));
  return [
    preferences,
    (next) => {
      setPreferences(next);
      try {
        localStorage.setItem(nameOf(table), JSON.stringify(next));
      } catch {
        // A browser that keeps nothing: it holds as long as the page.
      }
    },
  ];
}
