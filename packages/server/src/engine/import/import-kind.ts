import { isDeepStrictEqual } from 'node:util';
import type { Arn, ArnKind } from '@assay/model/arn.ts';
import type { Static, StructureShape } from '@assay/model/shape.ts';
import type { Tables } from '../../store/store.ts';
import { Refusal } from './refusal.ts';

/** What became of an item: it is new, it was there as it is, or it is refused and why. */
export type ImportOutcome = 'added' | 'unchanged' | { readonly refused: string };

/** One kind of thing that can be imported. */
export interface ImportKind {
  readonly arnKind: ArnKind;
  readonly shape: StructureShape;
  /** Writes items of one scope, at most 1,000, and tells of each in turn. Call it in a transaction. */
  readonly write: (
    tables: Tables,
    scope: number,
    items: readonly { readonly arn: Arn; readonly item: unknown }[],
  ) => Promise<ImportOutcome[]>;
}

export interface ImportKindDefinition<S extends StructureShape, Row extends { readonly id: string }> {
  readonly arnKind: ArnKind;
  readonly shape: S;
  /** The item as the store has it. `setOf` gives the id of a list of rules packages. Throws {@link Refusal}. */
  readonly toRow: (
    item: Static<S>,
    arn: Arn,
    setOf: (arns: readonly string[]) => Promise<number>,
  ) => Row | Promise<Row>;
  /** Adds those rows whose id, and whose name where it must be unique, is free. Returns their ids. */
  readonly insert: (tables: Tables, scope: number, rows: readonly Row[]) => Promise<ReadonlySet<string>>;
  readonly find: (tables: Tables, scope: number, ids: readonly string[]) => Promise<readonly Row[]>;
  /** What of a row the API shows, by member name: rows that agree in it are the same. */
  readonly content: (row: Row, arn: Arn) => Readonly<Record<string, unknown>>;
}

export function importKind<const S extends StructureShape, Row extends { readonly id: string }>({
  arnKind,
  shape,
  toRow,
  insert,
  find,
  content,
}: ImportKindDefinition<S, Row>): ImportKind {
  return {
    arnKind,
    shape,
    write: async (tables, scope, items) => {
      const setOf = remembered(tables.rulesPackageSets.idOf);
      const rows: (Row | Refusal)[] = [];
      for (const { item, arn } of items) rows.push(await rowOrRefusal(() => toRow(item as Static<S>, arn, setOf)));
      const first = new Map<string, Row>();
      for (const row of rows) if (!(row instanceof Refusal) && !first.has(row.id)) first.set(row.id, row);
      const added = first.size === 0 ? new Set<string>() : await insert(tables, scope, [...first.values()]);
      const isNew = (row: Row): boolean => added.has(row.id) && first.get(row.id) === row;
      const others = rows.flatMap((row) => (row instanceof Refusal || isNew(row) ? [] : [row.id]));
      const found = others.length === 0 ? [] : await find(tables, scope, [...new Set(others)]);
      const stored = new Map(found.map((row) => [row.id, row]));

      return rows.map((row, index): ImportOutcome => {
        if (row instanceof Refusal) return { refused: row.message };
        if (isNew(row)) return 'added';
        const before = stored.get(row.id);
        const arn = items[index]?.arn;
        if (!before || !arn) return { refused: 'has a name that another one has already' };
        const differing = difference(content(before, arn), content(row, arn));
        if (differing.length === 0) return 'unchanged';
        return { refused: `is in the store already, with another ${differing.join(', ')}` };
      });
    },
  };
}

/** Throws {@link Refusal} where an item names another parent than its own ARN does. */
export function requireSame(member: string, given: string | undefined, expected: string): void {
  if (given !== undefined && given !== expected) {
    throw new Refusal(`item.${member} contradicts item.arn, by which it is ${expected}`);
  }
}

/** Seconds of the wire as the milliseconds of the store. Adding 0 makes a zero of a negative one. */
export const milliseconds = (seconds: number): number => Math.round(seconds * 1000) + 0;

async function rowOrRefusal<Row>(make: () => Row | Promise<Row>): Promise<Row | Refusal> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Both as JSON has them: what is in memory may hold a negative zero or an absent member that is undefined. */
function difference(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  const [one, other] = [before, after].map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...names].filter((name) => !isDeepStrictEqual(one?.[name], other?.[name]));
}

function remembered(idOf: (arns: readonly string[]) => Promise<number>): (arns: readonly string[]) => Promise<number> {
  const known = new Map<string, number>();
  return async (arns) => {
    const text = JSON.stringify(arns);
    const id = known.get(text) ?? (await idOf(arns));
    known.set(text, id);
    return id;
  };
}
