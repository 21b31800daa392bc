import type { FailedItemErrorCode } from '@assay/model/api/values.ts';
import type { ArnKind } from '@assay/model/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import { reference, sameParents } from '../arns.ts';
import type { Caller } from '../operation.ts';

export interface FailedItem {
  readonly failureCode: Static<typeof FailedItemErrorCode>;
  readonly retryable: boolean;
}

export interface Described<Row> {
  /** In the order asked for, each under the ARN that was given. */
  readonly found: readonly { readonly arn: string; readonly row: Row }[];
  /** By the ARN that was given, whatever text that is. */
  readonly failedItems: Record<string, FailedItem>;
}

/**
 * Describes a list of ARNs in one query. What cannot be described comes in failedItems with its reason; an ARN that is
 * given twice is described once and its repetition reported.
 */
export async function describe<Row>(
  caller: Caller,
  kind: ArnKind,
  arns: readonly string[],
  load: (ids: readonly string[]) => Promise<readonly Row[]>,
  idsOf: (row: Row) => readonly string[],
): Promise<Described<Row>> {
  const failedItems = new Map<string, FailedItem>();
  const fail = (arn: string, failureCode: FailedItem['failureCode']): void => {
    failedItems.set(arn, { failureCode, retryable: false });
  };
  const wanted = new Map<string, ReturnType<typeof reference>>();
  for (const text of arns) {
    if (wanted.has(text)) fail(text, 'DUPLICATE_ARN');
    else wanted.set(text, reference(caller, kind, text));
  }
  const ids = [...wanted.values()].flatMap((entry) => (entry.standing === 'OWN' ? [entry.id] : []));
  const rows = ids.length === 0 ? [] : await load(ids);
  const byId = new Map(rows.map((row) => [idsOf(row).at(-1), row]));
  const found: { arn: string; row: Row }[] = [];
  for (const [arn, entry] of wanted) {
    if (entry.standing === 'INVALID') fail(arn, 'INVALID_ARN');
    else if (entry.standing === 'FOREIGN') fail(arn, 'ACCESS_DENIED');
    else {
      const row = entry.standing === 'OWN' ? byId.get(entry.id) : undefined;
      if (row !== undefined && entry.standing === 'OWN' && sameParents(entry.arn, ...idsOf(row)))
        found.push({ arn, row });
      else fail(arn, 'ITEM_DOES_NOT_EXIST');
    }
  }
  // Not an object that grows: assigning to a member named __proto__ would lose it.
  return { found, failedItems: Object.fromEntries(failedItems) };
}
