import type { Client } from 'pg';
import { copyOut } from './copy-rows.ts';
import { type ColumnShape, quoted, type TableShape } from './table-shape.ts';

/** Gives the rows as COPY writes them, in the order of the primary key, a row a chunk; returns how many there are. */
export function readRows(
  client: Client,
  { name, columns, key }: TableShape,
  onChunk: (chunk: Uint8Array) => void,
): Promise<number> {
  const texts = new Set(columns.filter(({ type }) => type === 'text').map((column) => column.name));
  const order = key.map((part) => `${quoted(part)}${texts.has(part) ? ' collate "C"' : ''}`).join(', ');
  const rows = `select ${list(columns)} from ${quoted(name)} order by ${order}`;
  return copyOut(client, `copy (${rows}) to stdout (format binary)`, onChunk);
}

/** The value that a counted column would be given next. */
export async function nextCounted(client: Client, { name }: TableShape, column: string): Promise<number> {
  const next = 'select case when is_called then last_value + 1 else last_value end as next';
  const { rows } = await client.query<{ next: number }>(`${next} from ${await counterOf(client, name, column)}`);
  return Number(rows[0]?.next);
}

/** The name of the counter that gives a column its values. */
export async function counterOf(client: Client, table: string, column: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select pg_get_serial_sequence($1, $2) as name', [
    quoted(table),
    column,
  ]);
  return String(rows[0]?.name);
}

export const list = (columns: readonly ColumnShape[]): string => columns.map(({ name }) => quoted(name)).join(', ');
