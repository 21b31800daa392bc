import type { InspectColor } from 'node:util';
import { type CsvValue, csvLine } from '@assay/model/csv.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { fitColumns } from './fit-columns.ts';
import { style } from './guarded-output.ts';
import { nextSteps } from './next-step.ts';

/** How a table is asked for. */
export interface TableOptions {
  readonly json?: boolean;
  readonly format?: (typeof tableFormats)[number];
  readonly filter?: readonly Condition[];
  readonly sort?: string;
}

interface Condition {
  readonly column: string;
  readonly negated: boolean;
  readonly pattern: string;
}

export interface TableColumn<Row> {
  /** As `--filter`, `--sort` and CSV call it. */
  readonly name: string;
  readonly title: string;
  readonly cell: (row: Row) => CsvValue;
  /** What people see of a cell; the cell itself unless given. */
  readonly show?: (row: Row) => string;
  readonly paint?: (row: Row) => InspectColor | undefined;
}

export interface Table<Row> {
  readonly columns: readonly TableColumn<Row>[];
  /** Said on stderr where there are no rows. */
  readonly none: string;
}

export const tableFormats = ['table', 'json', 'csv'] as const;

export const withTableOptions = (command: Command, formats: readonly string[] = tableFormats): Command =>
  command
    .option('--json', 'print JSON, as --format json does')
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('table'))
    .option(
      '--filter <column=pattern>',
      'only rows in which a column matches (* stands for any text), or with != does not; repeatable',
      condition,
    )
    .option('--sort <column>', 'sort by a column; -column for the largest first');

/**
 * Writes rows as they were asked for. A table has one line a row and is as wide as the terminal; where it goes to no
 * terminal nothing is cut off. Throws {@link CliError} for a column that is not there.
 */
export function writeTable<Row>(
  stream: NodeJS.WriteStream,
  { json, format, filter = [], sort }: TableOptions,
  rows: readonly Row[],
  { columns, none }: Table<Row>,
): void {
  const column = (name: string): TableColumn<Row> => {
    const found = columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    throw new CliError(`There is no column ${oneLine(name)}: ${columns.map((each) => each.name).join(', ')}.`);
  };
  const conditions = filter.map((each) => ({ ...each, of: column(each.column) }));
  const kept = rows.filter((row) =>
    conditions.every(({ of, negated, pattern }) => matchesWildcard(pattern, String(of.cell(row) ?? '')) !== negated),
  );
  const by = sort === undefined ? undefined : column(sort.replace(/^-/, ''));
  const sign = sort?.startsWith('-') ? -1 : 1;
  const sorted = by ? kept.toSorted((a, b) => compare(by.cell(a), by.cell(b), sign)) : kept;
  if (json || format === 'json') {
    stream.write(`${JSON.stringify(sorted, undefined, 2)}\n`);
  } else if (format === 'csv') {
    stream.write(
      [columns.map(({ name }) => name), ...sorted.map((row) => columns.map(({ cell }) => cell(row)))]
        .map(csvLine)
        .join(''),
    );
  } else if (sorted.length === 0) {
    process.stderr.write(`${rows.length === 0 ? nextSteps(none) : 'Nothing matches --filter.'}\n`);
  } else stream.write(tableText(stream, sorted, columns));
}

function tableText<Row>(stream: NodeJS.WriteStream, rows: readonly Row[], all: readonly TableColumn<Row>[]): string {
  const textOf = ({ cell, show }: TableColumn<Row>, row: Row): string =>
    oneLine(show ? show(row) : String(cell(row) ?? ''));
  // What is empty in every row only takes room from the rest.
  const columns = all.filter((column) => rows.some((row) => textOf(column, row) !== ''));
  const shown = rows.map((row) => columns.map((column) => textOf(column, row)));
  const titles = columns.map(({ title }) => title);
  const widths = fitColumns([titles, ...shown], stream.isTTY ? stream.columns || 80 : widthAsked());
  const line = (cells: readonly string[], paint: (text: string, at: number) => string): string => {
    const fitted = cells.map((text, at) => {
      const cut = cutTo(text, widths[at] ?? 0);
      const padding = at === cells.length - 1 ? '' : ' '.repeat((widths[at] ?? 0) - [...cut].length);
      return paint(cut, at) + padding;
    });
    return `${fitted.join('  ').trimEnd()}\n`;
  };
  const body = shown.map((cells, index) =>
    line(cells, (text, at) => {
      const format = columns[at]?.paint?.(rows[index] as Row);
      return format ? style(format, text, stream) : text;
    }),
  );
  return line(titles, (text) => style('bold', text, stream)) + body.join('');
}

/** Where nothing is a terminal, COLUMNS may say how wide to write. */
const widthAsked = (): number => Number(process.env.COLUMNS) || Number.POSITIVE_INFINITY;

const cutTo = (text: string, width: number): string => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
};

/** Numbers by size, texts with the numbers in them by size; what is not there comes last, whichever way. */
function compare(a: CsvValue, b: CsvValue, sign: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : order.compare(String(a), String(b)));
}

const order = new Intl.Collator('en', { numeric: true });

function condition(text: string, before: readonly Condition[] = []): readonly Condition[] {
  const [, column, not, pattern] = /^([A-Za-z]+)(!?)=(.*)$/s.exec(text) ?? [];
  if (column === undefined || pattern === undefined) {
    throw new InvalidArgumentError('It must be like hostname=web-* or health!=HEALTHY.');
  }
  return [...before, { column, negated: not === '!', pattern }];
}
