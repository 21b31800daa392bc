import type { FailedItemErrorCode } from '@assay/model/api/values.ts';
import { partitionOf } from '@assay/model/arn.ts';
import { type AssayArnKind, parseAssayArn } from '@assay/model/assay/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Caller } from '../operation.ts';

type Standing = { readonly failure: Static<typeof FailedItemErrorCode> } | { readonly id: string };

/** What an ARN is to a caller: the id of a resource of their own, or why it is none. */
function standingOf(caller: Caller, kind: AssayArnKind, text: string): Standing {
  const arn = parseAssayArn(text);
  if (arn?.kind !== kind) return { failure: 'INVALID_ARN' };
  if (arn.account !== caller.account) return { failure: 'ACCESS_DENIED' };
  if (arn.region !== caller.region || arn.partition !== partitionOf(caller.region)) {
    return { failure: 'ITEM_DOES_NOT_EXIST' };
  }
  return { id: arn.id };
}

/** Describes a list of ARNs: what cannot be described comes in failedItems, with its reason. */
export async function describeResources<Row extends { readonly id: string }>(
  caller: Caller,
  kind: AssayArnKind,
  arns: readonly string[],
  load: (ids: readonly string[]) => Promise<readonly Row[]>,
) {
  const failed = new Map<string, { failureCode: Static<typeof FailedItemErrorCode>; retryable: boolean }>();
  const wanted = new Map<string, Standing>();
  for (const text of arns) {
    if (wanted.has(text)) failed.set(text, { failureCode: 'DUPLICATE_ARN', retryable: false });
    else wanted.set(text, standingOf(caller, kind, text));
  }
  const ids = [...wanted.values()].flatMap((standing) => ('id' in standing ? [standing.id] : []));
  const rows = new Map((ids.length === 0 ? [] : await load(ids)).map((row) => [row.id, row]));
  const found: Row[] = [];
  for (const [text, standing] of wanted) {
    const row = 'id' in standing ? rows.get(standing.id) : undefined;
    if (row) found.push(row);
    else {
      const failureCode = 'failure' in standing ? standing.failure : 'ITEM_DOES_NOT_EXIST';
      failed.set(text, { failureCode, retryable: false });
    }
  }
  // Not an object that grows: assigning to a member named __proto__ would lose it.
  return { found, failedItems: Object.fromEntries(failed) };
}
