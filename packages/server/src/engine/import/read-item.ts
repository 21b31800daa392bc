import { type Arn, parseArn, partitionOf } from '@assay/model/arn.ts';
import { check } from '@assay/model/check.ts';
import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import type { ImportKind } from './import-kind.ts';
import { type KindName, kinds } from './kinds.ts';
import { Refusal } from './refusal.ts';
import { wireForm } from './wire-form.ts';

/** One line, checked: an item of the API under its ARN. */
export interface ImportItem {
  readonly kindName: KindName;
  readonly kind: ImportKind;
  readonly arn: Arn;
  /** Of the kind's shape. */
  readonly item: unknown;
  /** Where the line had members that the API does not have: those are left out. */
  readonly unknown: readonly string[];
}

/** Reads `{"kind": …, "item": …}`. Throws {@link Refusal}. */
export function readItem(text: string): ImportItem {
  const { kind: kindName, item: given, ...others } = envelope(text);
  if (!isKindName(kindName)) throw new Refusal(`has no "kind", or none of ${Object.keys(kinds).join(', ')}`);
  const kind: ImportKind = kinds[kindName];
  const unknown = Object.keys(others);
  const item = checked(kind, wireForm(kind.shape, given, ['item'], unknown));
  const arn = parseArn(item.arn);
  if (arn?.kind !== kind.arnKind) throw new Refusal(`item.arn is not the ARN of a ${kindName}: ${quote(item.arn)}`);
  if (arn.partition !== partitionOf(arn.region)) {
    throw new Refusal(`item.arn has the partition ${arn.partition}, which ${arn.region} is not in`);
  }
  return { kindName, kind, arn, item, unknown };
}

function envelope(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('is not a JSON object');
  return value as Record<string, unknown>;
}

const isKindName = (name: unknown): name is KindName => typeof name === 'string' && Object.hasOwn(kinds, name);

function checked(kind: ImportKind, value: unknown): { arn: string } {
  try {
    const item = parse(kind.shape, value, ['item']) as { arn: string };
    const [fault] = check(kind.shape, item);
    if (fault) throw new Refusal(`${formatPath(['item', ...fault.path])} ${fault.expected}`);
    return item;
  } catch (error) {
    if (error instanceof SerializationFault) throw new Refusal(error.message);
    throw error;
  }
}

const quote = (text: string): string => JSON.stringify(text.length <= 100 ? text : `${text.slice(0, 99)}…`);
