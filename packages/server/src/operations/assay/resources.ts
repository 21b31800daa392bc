import type { FailedItemErrorCode } from '@assay/model/api/values.ts';
import { partitionOf } from '@assay/model/arn.ts';
import { type AssayArnKind, parseAssayArn } from '@assay/model/assay/arn.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Caller } from '../operation.ts';
import { accessDenied, invalidInput, noSuchEntity } from './errors.ts';

type Standing = { readonly failure: Static<typeof FailedItemErrorCode> } | { readonly id: string };

const missing = {
  host: ['HOST_DOES_NOT_EXIST', 'host'],
  token: ['ENROLLMENT_TOKEN_DOES_NOT_EXIST', 'enrolment token'],
  key: ['ACCESS_KEY_DOES_NOT_EXIST', 'access key'],
  schedule: ['SCHEDULE_DOES_NOT_EXIST', 'schedule'],
} as const;

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

/** The error for a resource that is not there. */
export const doesNotExist = (kind: AssayArnKind, text: string) =>
  noSuchEntity(missing[kind][0], `There is no ${missing[kind][1]} ${text}`);

/** The id of a resource that an ARN names. Throws where it names none of the caller's. */
export function requireId(caller: Caller, kind: AssayArnKind, text: string): string {
  const standing = standingOf(caller, kind, text);
  if ('id' in standing) return standing.id;
  if (standing.failure === 'INVALID_ARN') {
    throw invalidInput(
      'INVALID_RESOURCE_ARN',
      `"${text}" is not the ARN of ${kind === 'host' || kind === 'schedule' ? 'a' : 'an'} ${missing[kind][1]}`,
    );
  }
  if (standing.failure === 'ACCESS_DENIED') {
    throw accessDenied('ACCESS_DENIED_TO_RESOURCE', `${text} belongs to another account`);
  }
  throw doesNotExist(kind, text);
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
