import { type CsvValue, csvLine } from '@assay/model/csv.ts';
import type { Page } from './pages.ts';

/** A column of a CSV file: its title, and what a row has there. */
export type CsvColumn<T> = readonly [title: string, value: (row: T) => CsvValue];

/** Every row of a list as lines of CSV, a page at a time; `progress` is told how many there were. */
export async function* csvOfPages<T>(
  columns: readonly CsvColumn<T>[],
  readPage: (nextToken: string | undefined) => Promise<Page<T>>,
  progress: (count: number) => void,
): AsyncGenerator<string, undefined> {
  yield csvLine(columns.map(([title]) => title));
  let token: string | undefined;
  let count = 0;
  do {
    const { items, nextToken } = await readPage(token);
    yield items.map((item) => csvLine(columns.map(([, value]) => value(item)))).join('');
    count += items.length;
    progress(count);
    token = nextToken;
  } while (token !== undefined);
  return undefined;
}
