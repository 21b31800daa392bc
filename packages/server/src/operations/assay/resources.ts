import { partitionOf } from '@assay/model/arn.ts';
import { type AssayArnKind, parseAssayArn } from '@assay/model/assay/arn.ts';
import { type Described, describeArns, type FailureCode } from '../describe-arns.ts';
import type { Caller } from '../operation.ts';
import { accessDenied, invalidInput, noSuchEntity } from './errors.ts';

const missing = {
  host: ['HOST_DOES_NOT_EXIST', 'host'],
  token: ['ENROLLMENT_TOKEN_DOES_NOT_EXIST', 'enrolment token'],
  key: ['ACCESS_KEY_DOES_NOT_EXIST', 'access key'],
  schedule: ['SCHEDULE_DOES_NOT_EXIST', 'schedule'],
} as const;

/** What an ARN is to a caller: the id of a resource of their own, or why it is none. */
function readArn(
  caller: Caller,
  kind: AssayArnKind,
  text: string,
): { readonly failure: FailureCode } | { readonly id: string } {
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
  const named = readArn(caller, kind, text);
  if ('id' in named) return named.id;
  if (named.failure === 'INVALID_ARN') {
    throw invalidInput(
      'INVALID_RESOURCE_ARN',
      `"${text}" is not the ARN of ${kind === 'host' || kind === 'schedule' ? 'a' : 'an'} ${missing[kind][1]}`,
    );
  }
  if (named.failure === 'ACCESS_DENIED') {
    throw accessDenied('ACCESS_DENIED_TO_RESOURCE', `${text} belongs to another account`);
  }
  throw doesNotExist(kind, text);
}

/** Describes the caller's resources of one kind that ARNs name. */
export const describeResources = <Row extends { readonly id: string }>(
  caller: Caller,
  kind: AssayArnKind,
  arns: readonly string[],
  load: (ids: readonly string[]) => Promise<readonly Row[]>,
): Promise<Described<Row>> =>
  describeArns(arns, { read: (text) => readArn(caller, kind, text), load, idOf: ({ id }) => id });
