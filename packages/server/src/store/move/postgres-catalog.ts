import type { Client } from 'pg';
import { type CatalogRow, type TableShape, tableShapes } from './table-shape.ts';

const types = { bigint: 'integer', text: 'text', bytea: 'bytes', 'double precision': 'double' } as const;

/** The tables of the schema that a session works in. */
export async function catalog(client: Client): Promise<TableShape[]> {
  const { rows } = await client.query<CatalogRow>(`
    select c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type,
      coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) as place, a.attidentity <> '' as counted
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
    order by c.relname, a.attnum`);
  return tableShapes(rows, types);
}
