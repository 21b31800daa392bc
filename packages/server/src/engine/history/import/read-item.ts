import { type JsonBounds, JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { check } from '@assay/model/check.ts';
import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import { timestamp } from '@assay/model/shape.ts';
import { type ImportKind, milliseconds, type PlacedItem } from './import-kind.ts';
import { type KindName, kinds } from './kinds.ts';
import { Refusal } from './refusal.ts';
import { wireForm } from './wire-form.ts';

/** One line, checked: an item of the API in its place. */
export interface ImportItem extends PlacedItem {
  readonly kindName: KindName;
  readonly kind: ImportKind;
  /** Where the line had members that the API does not have: those are left out. */
  readonly unknown: readonly string[];
}

/**
 * Reads `{"kind": …, "item": …}`, for some kinds with `"createdAt": …` beside the item, as an export writes it. Throws
 * {@link Refusal}.
 */
export function readItem(text: string): ImportItem {
  const { kind: kindName, item: given, ...others } = envelope(text);
  if (!isKindName(kindName)) throw new Refusal(`has no "kind", or none of ${Object.keys(kinds).join(', ')}`);
  const kind: ImportKind = kinds[kindName];
  const unknown = Object.keys(others).filter((name) => name !== 'createdAt' || !kind.listed);
  const item = checked(kind, wireForm(kind.shape, given, ['item'], unknown));
  const listedAt = kind.listed ? listedTime(others.createdAt) : undefined;
  return { kindName, kind, place: kind.placeOf(item), item, listedAt, unknown };
}

/** A line is at most 1 MiB; the largest items are runs with all their notifications and findings with all attributes. */
const BOUNDS: JsonBounds = { depth: 16, values: 100_000 };

function envelope(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseBoundedJson(text, BOUNDS);
  } catch (error) {
    if (error instanceof JsonBoundsFault) throw new Refusal(error.message);
    throw new Refusal(`is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('is not a JSON object');
  return value as Record<string, unknown>;
}

const isKindName = (name: unknown): name is KindName => typeof name === 'string' && Object.hasOwn(kinds, name);

function checked(kind: ImportKind, value: unknown): unknown {
  try {
    const item: unknown = parse(kind.shape, value, ['item']);
    const [fault] = check(kind.shape, item);
    if (fault) throw new Refusal(`${formatPath(['item', ...fault.path])} ${fault.expected}`);
    return item;
  } catch (error) {
    if (error instanceof SerializationFault) throw new Refusal(error.message);
    throw error;
  }
}

function listedTime(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    return milliseconds(parse(timestamp, wireForm(timestamp, value, ['createdAt'], []), ['createdAt']));
  } catch (error) {
    if (error instanceof SerializationFault) throw new Refusal(error.message);
    throw error;
  }
}
