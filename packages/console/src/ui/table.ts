import { type Child, h } from '../dom.ts';

export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => Child;
  /** The column whose cell names the row. */
  readonly names?: true;
  readonly class?: string;
}

/**
 * A table that becomes a list of cards where there is no room: its roles are written out because such a layout would
 * take them away.
 */
export function table<T>(caption: string, columns: readonly Column<T>[], items: readonly T[]): HTMLTableElement {
  return h(
    'table',
    { role: 'table', class: 'rows' },
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map(({ title, class: name }) => h('th', { scope: 'col', role: 'columnheader', class: name }, title)),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      items.map((item) =>
        h(
          'tr',
          { role: 'row' },
          columns.map((column) => cell(column, item)),
        ),
      ),
    ),
  );
}

export function cell<T>({ title, cell: content, names, class: name }: Column<T>, item: T): HTMLElement {
  const inside = h('div', {}, content(item));
  if (names) return h('th', { scope: 'row', role: 'rowheader', class: name, 'data-title': title }, inside);
  return h('td', { role: 'cell', class: name, 'data-title': title }, inside);
}
