import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { lazy, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTellDrawn } from '../app/first-view.ts';
import { useData } from '../app/use-data.ts';
import { replaceQuery, useRoute } from '../app/use-route.ts';
import type { Page } from '../data/pages.ts';
import { FaultAlert } from './fault-alert.tsx';
import { Later } from './later.tsx';
import { usePreferences } from './table-preferences.ts';

const ListPreferences = lazy(() =>
  import('./list-preferences.tsx').then((module) => ({ default: module.ListPreferences })),
);

export interface Column<T> extends TableProps.ColumnDefinition<T> {
  readonly id: string;
  readonly header: string;
  /** Not shown until it is asked for. */
  readonly optional?: boolean;
}

/** A page of a list; `total` where the server counts them. */
export interface ListPage<T> extends Page<T> {
  readonly total?: number | undefined;
}

interface ListTableProps<T> {
  /** Under which its preferences are kept, and its page stands in the address. */
  readonly id: string;
  readonly title: string;
  readonly description?: ReactNode;
  readonly columns: readonly Column<T>[];
  readonly load: (nextToken: string | undefined, size: number) => Promise<ListPage<T>>;
  /** Whatever `load` depends on: the first page is asked for when it changes. */
  readonly loadKey: string;
  readonly keyOf: (item: T) => string;
  /** What a row is called where it is chosen; its key unless given. */
  readonly labelOf?: (item: T) => string;
  readonly filter?: ReactNode;
  readonly actions?: (selected: readonly T[], reload: () => void) => ReactNode;
  readonly selection?: 'single' | 'multi';
  readonly onSelect?: (selected: readonly T[]) => void;
  readonly empty: ReactNode;
  /** Milliseconds after which the page is asked for again. */
  readonly refresh?: number | undefined;
  readonly variant?: TableProps.Variant;
  readonly headingTag?: 'h1' | 'h2';
  /** Lines are wrapped until somebody chooses otherwise: no text is cut. */
  readonly wrap?: boolean;
}

/** A list of the API in pages. The page stands in the address, so that Back returns to it. */
export function ListTable<T>(props: ListTableProps<T>): ReactNode {
  const { id, title, description, columns, load, loadKey, keyOf, filter, actions, selection, onSelect, empty } = props;
  const { labelOf, refresh, variant = 'container', headingTag = 'h1', wrap = false } = props;
  const [preferences, setPreferences] = usePreferences(id, {
    pageSize: 20,
    visible: columns.filter(({ optional }) => !optional).map((column) => column.id),
    compact: false,
    wrap,
  });
  const { query } = useRoute();
  const name = `${id}-page`;
  const page = Math.max(1, Math.min(10_000, Number.parseInt(query.get(name) ?? '1', 10) || 1));
  const [selected, setSelected] = useState<readonly T[]>([]);
  const { pageSize } = preferences;
  const listKey = `${loadKey}\n${pageSize}`;
  const tokens = useRef<{ readonly key: string; readonly of: (string | undefined)[] }>({
    key: listKey,
    of: [undefined],
  });
  const before = useRef({ listKey, page });

  useEffect(() => {
    const was = before.current;
    before.current = { listKey, page };
    // Another list begins at its first page; Back to another list brings the page along.
    if (was.listKey !== listKey && was.page === page) replaceQuery({ [name]: undefined });
  }, [listKey, page, name]);

  const choose = (items: readonly T[]): void => {
    setSelected(items);
    onSelect?.(items);
  };
  const { data, fault, loading, reload } = useData(
    `${listKey}\n${page}`,
    async () => {
      if (tokens.current.key !== listKey) tokens.current = { key: listKey, of: [undefined] };
      const known = tokens.current.of;
      let at = Math.min(page, known.length);
      for (;;) {
        const found = await load(known[at - 1], pageSize);
        if (found.nextToken !== undefined) known[at] = found.nextToken;
        if (at >= page || found.nextToken === undefined) return { ...found, at };
        at += 1;
      }
    },
    refresh,
  );
  useTellDrawn(data !== undefined || fault !== undefined);
  const again = (): void => {
    choose([]);
    reload();
  };
  const pages = Math.max(tokens.current.of.length, data?.at ?? 1);
  const seen = ((data?.at ?? 1) - 1) * pageSize + (data?.items.length ?? 0);
  // Where the server does not count, what was seen so far, and whether there is more.
  const counter =
    data &&
    (data.total?.toLocaleString('en') ?? `${seen.toLocaleString('en')}${data.nextToken === undefined ? '' : '+'}`);
  return (
    <SpaceBetween size="m">
      <FaultAlert fault={fault} retry={reload} />
      <Table
        variant={variant}
        items={data?.items ?? []}
        columnDefinitions={columns.map(({ optional: _, ...column }) => column)}
        columnDisplay={columns.map((column) => ({ id: column.id, visible: preferences.visible.includes(column.id) }))}
        trackBy={keyOf}
        loading={loading && !data}
        loadingText="Loading"
        stickyHeader
        resizableColumns
        wrapLines={preferences.wrap}
        contentDensity={preferences.compact ? 'compact' : 'comfortable'}
        {...(selection ? { selectionType: selection, selectedItems: selected } : {})}
        onSelectionChange={({ detail }) => choose(detail.selectedItems)}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: `Choose from ${title}`,
          allItemsSelectionLabel: () => 'Choose all of this page',
          itemSelectionLabel: (_, item) => (labelOf ?? keyOf)(item),
        }}
        header={
          <Header
            variant={headingTag}
            {...(description === undefined ? {} : { description })}
            {...(counter === undefined ? {} : { counter: `(${counter})` })}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={`Load ${title} again`} loading={loading} onClick={again} />
                <div className="actions">{actions?.(selected, again)}</div>
              </SpaceBetween>
            }
          >
            {title}
          </Header>
        }
        {...(filter === undefined ? {} : { filter })}
        empty={<Box textAlign="center">{fault === undefined ? empty : 'Nothing could be loaded.'}</Box>}
        pagination={
          <Pagination
            currentPageIndex={data?.at ?? page}
            pagesCount={pages}
            openEnd={data?.nextToken !== undefined && pages <= (data.at ?? 1)}
            ariaLabels={{
              nextPageLabel: 'Next page',
              previousPageLabel: 'Previous page',
              pageLabel: (number) => `Page ${number}`,
            }}
            onChange={({ detail }) => {
              choose([]);
              replaceQuery({ [name]: detail.currentPageIndex > 1 ? String(detail.currentPageIndex) : undefined });
            }}
          />
        }
        preferences={
          <Later until={<Button variant="icon" iconName="settings" ariaLabel="Preferences" disabled />}>
            <ListPreferences columns={columns} preferences={preferences} change={setPreferences} />
          </Later>
        }
      />
    </SpaceBetween>
  );
}
