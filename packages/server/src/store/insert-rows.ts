import { CompiledQuery, sql } from 'kysely';
import type { Handle } from './dialect.ts';
import type { Database } from './schema.ts';

/** An insert of many rows that is prepared once for each of a few sizes, its text written once. */
export interface Insert {
  readonly table: keyof Database;
  readonly columns: readonly string[];
  /** What follows the rows: a conflict clause, what to return. */
  readonly end: string;
}

/** Rows of one statement: far below SQLite's 32,766 parameters and PostgreSQL's 65,535 for a few dozen columns. */
const SIZES = [256, 32, 4, 1] as const;
const texts = new Map<string, string>();

/** Inserts rows, each with a value for every column; what the statement returns of each comes back. */
export async function insertRows<Returned = never>(
  { write, dialect }: Pick<Handle, 'write' | 'dialect'>,
  insert: Insert,
  rows: readonly (readonly unknown[])[],
): Promise<Returned[]> {
  const returned: Returned[] = [];
  for (let from = 0; from < rows.length; ) {
    const size = SIZES.find((one) => one <= rows.length - from) ?? 1;
    const batch = rows.slice(from, from + size);
    const query = CompiledQuery.raw(textOf({ write, dialect }, insert, batch), batch.flat());
    for (const row of (await write.executeQuery<Returned>(query)).rows) returned.push(row);
    from += size;
  }
  return returned;
}

function textOf(
  { write, dialect }: Pick<Handle, 'write' | 'dialect'>,
  { table, columns, end }: Insert,
  rows: readonly (readonly unknown[])[],
): string {
  const key = `${dialect.name} ${table} ${columns} ${rows.length} ${end}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const values = sql.join(rows.map((row) => sql`(${sql.join([...row])})`));
  const text = sql`insert into ${sql.table(table)} (${names}) values ${values} ${sql.raw(end)}`.compile(write).sql;
  texts.set(key, text);
  return text;
}
