import { CompiledQuery, sql } from 'kysely';
import type { Handle } from './dialect.ts';
import type { Database } from './schema.ts';

/** An insert of many rows that is prepared once for each of a few dozen sizes, its text written once. */
export interface Insert {
  readonly table: keyof Database;
  readonly columns: readonly string[];
  /** What follows the rows: a conflict clause, what to return. */
  readonly end: string;
}

/** Rows of one statement, and whatever is left of fewer: far below SQLite's 32,766 parameters and PostgreSQL's 65,535 for a few dozen columns. */
const SIZES = [256, 32] as const;
const texts = new Map<string, string>();

/** Inserts rows, whose values follow each other, one for every column; what the statement returns of each comes back. */
export async function insertRows<Returned = never>(
  { write, dialect }: Pick<Handle, 'write' | 'dialect'>,
  insert: Insert,
  values: readonly unknown[],
): Promise<Returned[]> {
  const width = insert.columns.length;
  const rows = values.length / width;
  const returned: Returned[] = [];
  for (let from = 0; from < rows; ) {
    const size = SIZES.find((one) => one <= rows - from) ?? rows - from;
    const own = size === rows ? values : values.slice(from * width, (from + size) * width);
    const query = CompiledQuery.raw(textOf({ write, dialect }, insert, size), own as unknown[]);
    for (const row of (await write.executeQuery<Returned>(query)).rows) returned.push(row);
    from += size;
  }
  return returned;
}

function textOf(
  { write, dialect }: Pick<Handle, 'write' | 'dialect'>,
  { table, columns, end }: Insert,
  rows: number,
): string {
  const key = `${dialect.name} ${table} ${columns} ${rows} ${end}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const row = sql`(${sql.join(columns.map((name) => sql`${name}`))})`;
  const values = sql.join(Array.from({ length: rows }, () => row));
  const text = sql`insert into ${sql.table(table)} (${names}) values ${values} ${sql.raw(end)}`.compile(write).sql;
  texts.set(key, text);
  return text;
}
