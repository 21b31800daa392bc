import type { FailedItemErrorCode } from '@assay/model/api/values.ts';
import type { Static } from '@assay/model/shape.ts';

export type FailureCode = Static<typeof FailedItemErrorCode>;

export interface FailedItem {
  readonly failureCode: FailureCode;
  readonly retryable: boolean;
}

export interface Described<Row> {
  /** In the order asked for, each under the ARN that was given. */
  readonly found: readonly { readonly arn: string; readonly row: Row }[];
  /** By the ARN that was given, whatever text that is. */
  readonly failedItems: Record<string, FailedItem>;
}

interface Resources<Row, Named extends { readonly id: string }> {
  /** What an ARN names of the caller's, or why it names nothing. */
  readonly read: (arn: string) => Named | { readonly failure: FailureCode };
  readonly load: (ids: readonly string[]) => Promise<readonly Row[]>;
  readonly idOf: (row: Row) => string | undefined;
  /** Whether a row with the id is what the whole ARN names. */
  readonly isNamed?: (row: Row, named: Named) => boolean;
}

/**
 * Describes a list of ARNs in one query. What cannot be described comes in failedItems with its reason; an ARN that is
 * given twice is described once and its repetition reported.
 */
export async function describeArns<Row, Named extends { readonly id: string }>(
  arns: readonly string[],
  { read, load, idOf, isNamed = () => true }: Resources<Row, Named>,
): Promise<Described<Row>> {
  const failed = new Map<string, FailedItem>();
  const fail = (arn: string, failureCode: FailureCode): void => {
    failed.set(arn, { failureCode, retryable: false });
  };
  const wanted = new Map<string, ReturnType<typeof read>>();
  for (const text of arns) {
    if (wanted.has(text)) fail(text, 'DUPLICATE_ARN');
    else wanted.set(text, read(text));
  }
  const ids = [...wanted.values()].flatMap((named) => ('failure' in named ? [] : [named.id]));
  const rows = new Map((ids.length === 0 ? [] : await load(ids)).map((row) => [idOf(row), row]));
  const found: { arn: string; row: Row }[] = [];
  for (const [arn, named] of wanted) {
    if ('failure' in named) {
      fail(arn, named.failure);
      continue;
    }
    const row = rows.get(named.id);
    if (row !== undefined && isNamed(row, named)) found.push({ arn, row });
    else fail(arn, 'ITEM_DOES_NOT_EXIST');
  }
  // Not an object that grows: assigning to a member named __proto__ would lose it.
  return { found, failedItems: Object.fromEntries(failed) };
}
