import type { ArnKind } from '@assay/model/arn.ts';
import { type Reference, reference, sameParents } from '../arns.ts';
import { type Described, describeArns, type FailureCode } from '../describe-arns.ts';
import type { Caller } from '../operation.ts';

const failures = {
  INVALID: 'INVALID_ARN',
  FOREIGN: 'ACCESS_DENIED',
  ELSEWHERE: 'ITEM_DOES_NOT_EXIST',
} as const satisfies Readonly<Record<string, FailureCode>>;

type Own = Extract<Reference, { readonly standing: 'OWN' }>;

/** Describes the resources of one kind that ARNs name. `idsOf`: the ids of a row's ARN, its own as the last. */
export const describe = <Row>(
  caller: Caller,
  kind: ArnKind,
  arns: readonly string[],
  load: (ids: readonly string[]) => Promise<readonly Row[]>,
  idsOf: (row: Row) => readonly string[],
): Promise<Described<Row>> =>
  describeArns<Row, Own>(arns, {
    read: (text) => {
      const named = reference(caller, kind, text);
      return named.standing === 'OWN' ? named : { failure: failures[named.standing] };
    },
    load,
    idOf: (row) => idsOf(row).at(-1),
    isNamed: (row, { arn }) => sameParents(arn, ...idsOf(row)),
  });
