import { sql } from 'kysely';
import { expect } from 'vitest';
import { openReader } from '../../packages/server/src/store/database/open-database.ts';
import type { StoreLocation } from '../../packages/server/src/store/database/store-location.ts';
import {
  rowReader,
  rowsOf,
  type Source,
  sourcesOf,
  type Value,
} from '../../packages/server/src/store/segments/compact-segments.ts';
import { maskOf } from '../../packages/server/src/store/segments/dictionary-column.ts';
import { KINDS, type Layout } from '../../packages/server/src/store/segments/layout.ts';
import { rangeOf } from '../../packages/server/src/store/segments/number-column.ts';
import { maskOfTerms } from '../../packages/server/src/store/segments/postings-column.ts';

/**
 * Holds a list's segments against its table: every row is in one segment as it is now, or among the changes; segments are in
 * order, none reaches into another, and what leaves out whole segments tells the truth. Returns how many rows are in
 * segments and trusted.
 */
export async function checkSegments(store: StoreLocation, layout: Layout, scope: number): Promise<number> {
  const { db } = await openReader(store);
  try {
    const sources = sourcesOf(layout);
    const names = sql.join(sources.map(({ name }) => sql.ref(name)));
    const table = await sql<Record<string, string | number | Uint8Array | null>>`
      select ${names} from ${sql.table(layout.table)} where scope = ${scope}`.execute(db);
    const stored = new Map(table.rows.map((row) => [row.id, rowReader(sources)(row)]));
    const { rows: changes } = await sql<{ id: string }>`
      select id from list_changes where list = ${layout.list} and scope = ${scope}`.execute(db);
    const changed = new Set(changes.map(({ id }) => id));
    const { rows: segments } = await sql<{ id: number; at: number; last: string; count: number }>`
      select id, last_at as at, last_id as last, count from list_blocks
      where list = ${layout.list} and scope = ${scope} order by last_at desc, last_id desc`.execute(db);

    const seen = new Set<string>();
    const places: string[] = [];
    for (const segment of segments) {
      const rows = await rowsOf(db, sources, segment.id);
      expect(rows).toHaveLength(segment.count);
      expect([rows.at(-1)?.[0], rows.at(-1)?.[1]]).toEqual([segment.at, segment.last]);
      for (const row of rows) {
        const id = String(row[1]);
        places.push(place(Number(row[0]), id));
        if (changed.has(id)) continue;
        seen.add(id);
        const now = stored.get(id);
        const kept = (values: readonly Value[] = []) => values.map((value, at) => asKept(sources[at], value));
        expect(kept(row), id).toEqual(kept(now));
      }
      const { rows: zoneMaps } = await sql<{
        kind: number;
        min: number | null;
        max: number | null;
        mask: number | null;
      }>`
        select id - ${segment.id * KINDS} as kind, min_value as min, max_value as max, mask from list_block_columns
        where id / ${sql.lit(KINDS)} = ${segment.id}`.execute(db);
      const columns = sources.flatMap(({ kinds }) => kinds);
      expect(zoneMaps).toHaveLength(columns.length + (layout.bloomFilters ?? []).length);
      for (const [at, source] of sources.entries()) {
        const values = rows.map((row) => row[at] ?? null);
        for (const [part, kind] of source.kinds.entries()) {
          const { min, max, mask } = { ...zoneMaps.find((summary) => summary.kind === kind) };
          if (source.type === 'number') {
            expect([min, max]).toEqual(rangeOf(values as number[]) ?? [null, null]);
            expect(mask).toBe(values.includes(null) ? 1 : 0);
          }
          if (source.type === 'dictionary') expect(mask).toBe(maskOf(values as string[]));
          if (source.type === 'terms') {
            const terms = values.flatMap((value) => asKept(source, value) as number[]);
            expect(mask).toBe(maskOfTerms(terms.filter((term) => term % source.kinds.length === part)));
          }
        }
      }
    }
    expect(places).toEqual([...new Set(places)].sort().reverse());
    expect([...stored.keys()].filter((id) => !changed.has(String(id)) && !seen.has(String(id)))).toEqual([]);
    const { rows: orphans } = await sql`
      select id from list_block_columns where id / ${sql.lit(KINDS)} not in (select id from list_blocks)`.execute(db);
    expect(orphans).toEqual([]);
    return seen.size;
  } finally {
    await db.destroy();
  }
}

/** As a segment gives back what the table has: terms in order, each once. */
function asKept({ type }: Pick<Source, 'type'> = { type: 'text' }, value: Value) {
  if (type === 'terms') {
    const terms = value === null ? [] : typeof value === 'object' ? [...value] : [Number(value)];
    return [...new Set(terms)].sort((one, other) => one - other);
  }
  return type === 'dictionary' && value !== null ? String(value) : value;
}
const place = (at: number, id: string): string => `${String(at).padStart(16, '0')} ${id}`;
