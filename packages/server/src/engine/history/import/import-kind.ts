import { isDeepStrictEqual } from 'node:util';
import { type ArnKind, parseArn, partitionOf, type Scope } from '@assay/model/arn.ts';
import type { Static, StructureShape } from '@assay/model/shape.ts';
import type { Tables } from '../../../store/store.ts';
import { Refusal } from './refusal.ts';

/** What became of an item: it is new, it was there as it is, or it is refused and why. */
export type ImportOutcome = 'added' | 'unchanged' | { readonly refused: string };

/** Whose an item is, and the ids of the ARN that it stands under on the way down. */
export interface Place extends Scope {
  readonly ids: readonly string[];
}

/** One kind of thing that can be imported. */
export interface ImportKind {
  readonly shape: StructureShape;
  /** Whether a line may say beside its item when that entered its list: `createdAt`, where the item itself does not. */
  readonly listed: boolean;
  /** Of an item of the shape. Throws {@link Refusal}. */
  readonly placeOf: (item: unknown) => Place;
  /** Writes items of one scope, at most 1,000, and tells of each in turn. Call it in a transaction. */
  readonly write: (tables: Tables, scope: number, items: readonly PlacedItem[]) => Promise<ImportOutcome[]>;
}

export interface PlacedItem {
  readonly place: Place;
  readonly item: unknown;
  /** Milliseconds since the epoch, where the line says so. */
  readonly listedAt: number | undefined;
}

export interface ImportKindDefinition<S extends StructureShape, Row extends { readonly id: string }> {
  readonly shape: S;
  readonly listed?: boolean;
  readonly placeOf: (item: Static<S>) => Place;
  /** The item as the store has it. `setOf` gives the id of a list of rules packages. Throws {@link Refusal}. */
  readonly toRow: (
    item: Static<S>,
    place: Place,
    setOf: (arns: readonly string[]) => Promise<number>,
    listedAt: number | undefined,
  ) => Row | Promise<Row>;
  /** Adds those rows whose id, and whose name where it must be unique, is free. Returns their ids. */
  readonly insert: (tables: Tables, scope: number, rows: readonly Row[]) => Promise<ReadonlySet<string>>;
  readonly find: (tables: Tables, scope: number, ids: readonly string[]) => Promise<readonly Row[]>;
  /** What of a row the API shows, by member name: rows that agree in it are the same. */
  readonly content: (row: Row, place: Place) => Readonly<Record<string, unknown>>;
  /** Why a row is neither new nor found. */
  readonly notFound?: string;
}

export function importKind<const S extends StructureShape, Row extends { readonly id: string }>({
  shape,
  listed = false,
  placeOf,
  toRow,
  insert,
  find,
  content,
  notFound = 'has a name that another one has already',
}: ImportKindDefinition<S, Row>): ImportKind {
  return {
    shape,
    listed,
    placeOf: (item) => placeOf(item as Static<S>),
    write: async (tables, scope, items) => {
      const setOf = remembered(tables.rulesPackageSets.idOf);
      const rows: (Row | Refusal)[] = [];
      for (const { item, place, listedAt } of items) {
        rows.push(await rowOrRefusal(() => toRow(item as Static<S>, place, setOf, listedAt)));
      }
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
        const place = items[index]?.place;
        if (!before || !place) return { refused: notFound };
        const differing = difference(content(before, place), content(row, place));
        if (differing.length === 0) return 'unchanged';
        return { refused: `is in the store already, with another ${differing.join(', ')}` };
      });
    },
  };
}

/** The place of an item that says by an ARN of a kind where it stands. Throws {@link Refusal}. */
export function placeOfArn(kind: ArnKind, member: string, text: string): Place {
  const arn = parseArn(text);
  if (arn?.kind !== kind) {
    const shown = JSON.stringify(text.length <= 100 ? text : `${text.slice(0, 99)}…`);
    throw new Refusal(`item.${member} is not the ARN of a ${kindNames[kind]}: ${shown}`);
  }
  if (arn.partition !== partitionOf(arn.region)) {
    throw new Refusal(`item.${member} has the partition ${arn.partition}, which ${arn.region} is not in`);
  }
  return { account: arn.account, region: arn.region, ids: arn.ids };
}

const kindNames: Readonly<Record<ArnKind, string>> = {
  resourcegroup: 'resourceGroup',
  target: 'assessmentTarget',
  template: 'assessmentTemplate',
  run: 'assessmentRun',
  finding: 'finding',
  exclusion: 'exclusion',
  rulespackage: 'rulesPackage',
};

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
