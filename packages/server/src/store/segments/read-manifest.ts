import { type RawBuilder, sql } from 'kysely';
import type { Db, Handle } from '../database/dialect.ts';
import { CREATED_AT, ID, KINDS, type Layout } from './layout.ts';
import type { Manifest, Segment, Version, ZoneMap } from './manifest.ts';
import type { SegmentCache } from './segment-cache.ts';

/** A 48-bit mask in halves that JavaScript computes with. */
export const halves = (mask: number): readonly [low: number, high: number] => [mask % HALF, Math.floor(mask / HALF)];

const HALF = 2 ** 24;

/** {@link Version} in SQL: one row, `newest` and `segments`. */
export const versionOf = (list: number, scope: number): RawBuilder<unknown> =>
  sql`select max(id) as newest, count(*) as segments from list_blocks where list = ${list} and scope = ${scope}`;

const keyOf = (list: number, scope: number): number => scope * 16 + list;

export function knownManifest(
  { manifests }: SegmentCache,
  { list }: Pick<Layout, 'list'>,
  scope: number,
  version: Version,
): Manifest | undefined {
  if (version.count === 0) return { version, segments: [] };
  const known = manifests.get(keyOf(list, scope));
  return known && known.version.newest === version.newest && known.version.count === version.count ? known : undefined;
}

/** Reads the manifest of the snapshot's version, in two statements: what is known of a segment already is not read again. */
export async function readManifest(
  { read, dialect, segments: { manifests } }: Pick<Handle, 'read' | 'dialect' | 'segments'>,
  { list, columns, bloomFilters = [] }: Pick<Layout, 'list' | 'columns' | 'bloomFilters'>,
  scope: number,
  version: Version,
): Promise<Manifest> {
  const before = manifests.get(keyOf(list, scope));
  const known = new Map(before?.segments.map((segment) => [segment.id, segment]));
  const { rows } = await sql<{ id: number; count: number; at: number; last: string }>`
    select id, count, last_at as at, last_id as last from list_blocks
    where list = ${list} and scope = ${scope} order by last_at desc, last_id desc`.execute(read);
  const kinds = [CREATED_AT, ID, ...[...columns, ...bloomFilters].map(({ kind }) => kind)];
  const unknown = rows.filter(({ id }) => !known.has(id));
  const zoneMaps = await summariesOf(
    read,
    dialect,
    unknown.flatMap(({ id }) => kinds.map((kind) => id * KINDS + kind)),
  );
  const segments = rows.map(
    ({ id, count, at, last }): Segment =>
      known.get(id) ?? { id, count, last: { at, id: last }, zoneMaps: zoneMaps.get(id) ?? [] },
  );
  const manifest = { version, segments };
  // What a snapshot that began long ago sees is of use to nobody else.
  if ((before?.version.newest ?? 0) <= (version.newest ?? 0)) {
    manifests.keep(keyOf(list, scope), manifest, 1000 + segments.length * 2000);
  }
  return manifest;
}

async function summariesOf(db: Db, { among, listOf }: Handle['dialect'], ids: readonly number[]) {
  const zoneMaps = new Map<number, (ZoneMap | undefined)[]>();
  if (ids.length === 0) return zoneMaps;
  const { rows } = await sql<{ id: number; min: number | null; max: number | null; mask: number | null }>`
    select id, min_value as min, max_value as max, mask from list_block_columns
    where ${among(sql.ref('id'), listOf(ids), 'integers')}`.execute(db);
  for (const { id, min, max, mask } of rows) {
    const segment = Math.floor(id / KINDS);
    const own = zoneMaps.get(segment) ?? [];
    const [low, high] = halves(mask ?? 0);
    own[id % KINDS] = { min, max, nulls: mask !== 0, low, high };
    zoneMaps.set(segment, own);
  }
  return zoneMaps;
}
